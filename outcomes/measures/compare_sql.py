"""Two readings in SQL, area by area (R01, R32, R33): one grouped pass over their scores.

Scores are compared in whole thousandths, in the tool's direction, by its smallest step. An area
that either reading leaves out, or that is not for the child's age, is not compared.
"""

from typing import Any

from sqlalchemy import CTE, Integer, String, and_, bindparam, case, cast, func, literal, or_, select

from outcomes.measures.conditions_sql import THOUSAND, part_name, thousandths
from outcomes.measures.dialects import Expression
from outcomes.measures.plan import ComparePlan
from outcomes.measures.stays_sql import Request

EXPECTED = "expected_levels"
"""The parameter with the levels expected at each age: a JSON object, see `expected_levels.py`."""
EVERY_AREA = "all"


def compared(
    units: CTE, request: Request, working: ComparePlan, name: str, apart: Expression, rule: Expression
) -> CTE:
    """Per unit with two comparable readings: up, down, same, net, change, and whether all is at the top."""
    registry, dialect = request.registry, request.dialect
    scores, readings = registry["reading_score"].table, registry["reading"].table
    tool = registry["instrument"].table.alias("tool")
    now, before, taken = (
        scores.alias("now_score"),
        scores.alias("before_score"),
        readings.alias("now_reading"),
    )
    direction = case((tool.c.higher_is_better, 1), else_=-1)
    change = (thousandths(now.c.score) - thousandths(before.c.score)) * direction
    step = thousandths(tool.c.smallest_step)
    both = _assessed(before)
    up, down = and_(both, change >= step), and_(both, change <= -step)
    areas = (
        []
        if working.areas == EVERY_AREA
        else [dialect.json_text(tool.c.area_tags, now.c.area) == working.areas]
    )
    counts = (
        select(
            units.c.key,
            func.max(rule).label("rule"),
            _number_of(up).label("up"),
            _number_of(down).label("down"),
            _number_of(both).label("compared"),
            func.sum(case((both, change), else_=0)).label("change"),
            _number_of(~_at_top(request, units, tool, taken, now)).label("below"),
        )
        .select_from(units)
        .join(taken, taken.c.id == units.c[part_name(working.now, "")])
        .join(
            tool, and_(tool.c.instrument_code == taken.c.instrument_code, tool.c.version == taken.c.version)
        )
        .join(now, now.c.reading_id == taken.c.id)
        .outerjoin(
            before,
            and_(before.c.reading_id == units.c[part_name(working.before, "")], before.c.area == now.c.area),
        )
        .where(apart, _assessed(now), *areas)
        .group_by(units.c.key)
        .cte(f"{name}_areas")
    )
    return _judged(counts, name)


def _judged(counts: CTE, name: str) -> CTE:
    own, rule = counts.c, counts.c.rule
    progress = case(
        (rule == "any", own.up > 0),
        (rule == "all", own.up == own.compared),
        (rule == "mean", own.change > 0),
        else_=own.up > own.down,
    )
    return (
        select(
            own.key,
            own.up,
            own.down,
            (own.compared - own.up - own.down).label("same"),
            (own.up - own.down).label("net"),
            own.compared,
            own.change,
            (own.compared * THOUSAND).label("change_of"),
            and_(own.below == 0, own.down == 0).label("all_at_top_and_held"),
            progress.label("progress"),
        )
        .where(own.compared > 0)
        .cte(f"{name}_judged")
    )


def _assessed(score: Any) -> Expression:
    """Scored, and for the child's age."""
    return and_(
        score.c.score.is_not(None), func.coalesce(score.c.not_age_appropriate, literal(False)).is_(False)
    )


def _at_top(request: Request, units: CTE, tool: Any, taken: Any, now: Any) -> Expression:
    """At the end of the scale, or at the level expected at the child's age where one is set (R32)."""
    key = (
        taken.c.instrument_code.concat("/")
        .concat(taken.c.version)
        .concat("/")
        .concat(now.c.area)
        .concat("/")
        .concat(cast(units.c.age, String))
    )
    expected = cast(request.dialect.json_text(_document(request), key), Integer)
    score = thousandths(now.c.score)
    top = case(
        (tool.c.higher_is_better, score >= thousandths(tool.c.scale_max)),
        else_=score <= thousandths(tool.c.scale_min),
    )
    reached = case((tool.c.higher_is_better, score >= expected), else_=score <= expected)
    return or_(top, func.coalesce(reached, literal(False)))


def _document(request: Request) -> Expression:
    return request.dialect.json_document(bindparam(EXPECTED, type_=String))


def _number_of(condition: Expression) -> Expression:
    return func.sum(case((condition, 1), else_=0))
