"""A reading against the levels expected of the child, in SQL: area by area, in one grouped pass (R32).

A level agreed for the child goes before the one for the age. An area that has an expected level and
is not known to be at it is below it: not known never counts in the provider's favour (R21).
"""

from collections.abc import Sequence

from sqlalchemy import CTE, and_, case, func, literal, or_, select

from outcomes.measures.planning.plan import AgainstPlan
from outcomes.measures.sql.column_names import part_name
from outcomes.measures.sql.compare import level_at_age
from outcomes.measures.sql.dialect import Expression
from outcomes.measures.sql.joined import Joined
from outcomes.measures.sql.stays import Request
from outcomes.measures.sql.terms import thousandths
from outcomes.measures.sql.tool_areas import HIGHER, areas_of_tools, meant


def against(
    units: CTE,
    request: Request,
    working: AgainstPlan,
    name: str,
    levels: Joined,
    matches: Sequence[Expression],
    tool: Expression,
) -> CTE:
    """Per unit: how many areas have an expected level, how many are below it, how many levels are the child's own.

    For each area that is asked for one by one, `at_name(area)` is 1 at the level, 0 not known to be at it.
    """
    judged = _areas(units, request, working, name, _own_levels(units, name, levels, matches), tool)
    at_it = case(
        (judged.c.higher == HIGHER, judged.c.score >= judged.c.level), else_=judged.c.score <= judged.c.level
    )
    below = case((judged.c.reading_id.is_(None), None), (at_it, 0), else_=1)
    return (
        select(
            judged.c.key,
            func.count().label("expected"),
            func.sum(below).label("below"),
            func.sum(case((judged.c.reading_id.is_(None), None), else_=judged.c.own)).label("individual"),
            *(
                func.max(case((judged.c.area == area, case((at_it, 1), else_=0)))).label(at_name(area))
                for area in working.one_by_one
            ),
        )
        .where(judged.c.level.is_not(None))
        .group_by(judged.c.key)
        .cte(f"{name}_against")
    )


def at_name(area: str) -> str:
    """The column that says whether one area is at the level."""
    return f"at_{area}"


def _own_levels(units: CTE, name: str, levels: Joined, matches: Sequence[Expression]) -> CTE:
    """The levels agreed for each child that hold on the day of counting: of each area the newest."""
    table = levels.table.c
    place = func.row_number().over(
        partition_by=[units.c.key, table.instrument_code, table.area],
        order_by=[table.valid_from.desc(), table.recorded_at.desc(), table.id.desc()],
    )
    ranked = (
        select(
            units.c.key,
            table.instrument_code,
            table.area,
            thousandths(table.level).label("level"),
            place.label("place"),
        )
        .select_from(units)
        .join(levels.source, and_(*matches, table.valid_from <= units.c.count_date))
        .subquery()
    )
    return select(*ranked.c).where(ranked.c.place == 1).cte(f"{name}_own_levels")


def _areas(units: CTE, request: Request, working: AgainstPlan, name: str, own: CTE, tool: Expression) -> CTE:
    """Each area of the unit's tool with the level expected, whether it is the child's own, and the score."""
    reading = request.registry["reading"].alias("against_reading")
    score = request.registry["reading_score"].alias("against_score")
    area = areas_of_tools(request, name)
    same_version = or_(
        area.c.version == reading.c.version, and_(reading.c.id.is_(None), area.c.newest == "1")
    )
    asked_for = meant(area, working.areas)
    by_age = level_at_age(request, area.c.code, area.c.version, area.c.area, units.c.age)
    not_for_age = func.coalesce(score.c.not_age_appropriate, literal(False))
    scored = and_(score.c.reading_id == reading.c.id, score.c.area == area.c.area)
    return (
        select(
            units.c.key,
            area.c.area,
            reading.c.id.label("reading_id"),
            area.c.higher,
            func.coalesce(own.c.level, by_age).label("level"),
            case((own.c.level.is_not(None), 1), else_=0).label("own"),
            case((not_for_age, None), else_=thousandths(score.c.score)).label("score"),
        )
        .select_from(units)
        .outerjoin(reading, reading.c.id == units.c[part_name(working.reading, "")])
        .join(area, and_(area.c.code == func.coalesce(reading.c.instrument_code, tool), same_version, *asked_for))
        .outerjoin(own, and_(own.c.key == units.c.key, own.c.instrument_code == area.c.code, own.c.area == area.c.area))
        .outerjoin(score, scored)
        .cte(f"{name}_areas")
    )  # fmt: skip
