"""Two readings in SQL, area by area (R01, R32, R33): one grouped pass over their scores.

Scores are compared in whole thousandths, by the tool's smallest step, each area in its own direction.
An area that either reading leaves out, or that is not for the child's age, is not compared; nor is an
answer to an item, which is no area.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from outcomes.measures.planning.plan import ComparePlan
from outcomes.measures.sql.column_names import part_name
from outcomes.measures.sql.dialect import Expression
from outcomes.measures.sql.stays import Request
from outcomes.measures.sql.terms import THOUSAND, thousandths
from outcomes.measures.sql.tool_areas import HIGHER, areas_of_tools, meant

EXPECTED = "expected_levels"
"""The parameter with the levels expected at each age: a JSON object, see `instruments.py`."""


def compared(
    units: CTE, request: Request, working: ComparePlan, name: str, apart: Expression, rule: Expression
) -> CTE:
    """Per unit with two comparable readings: up, down, same, net, change, and whether all is at the top."""
    registry = request.registry
    taken = registry["reading"].alias("now_reading")
    tool = registry["instrument"].alias("tool")
    area = areas_of_tools(request, name)
    both = _side_by_side(units, request, working, name, apart)
    change = (both.c.now - both.c.before) * case((area.c.higher == HIGHER, 1), else_=-1)
    step = thousandths(tool.c.smallest_step)
    same_tool = and_(area.c.code == taken.c.instrument_code, area.c.version == taken.c.version)
    counts = (
        select(
            units.c.key,
            func.max(rule).label("rule"),
            _number_of(change >= step).label("up"),
            _number_of(change <= -step).label("down"),
            _number_of(change.is_not(None)).label("compared"),
            func.sum(func.coalesce(change, 0)).label("change"),
            _number_of(_below(request, units, tool, area, taken, both)).label("below"),
        )
        .select_from(both)
        .join(units, units.c.key == both.c.key)
        .join(taken, taken.c.id == units.c[part_name(working.now, "")])
        .join(
            tool, and_(tool.c.instrument_code == taken.c.instrument_code, tool.c.version == taken.c.version)
        )
        .join(area, and_(same_tool, area.c.area == both.c.area, *meant(area, working.areas)))
        .group_by(units.c.key)
        .cte(f"{name}_areas")
    )
    return _judged(counts, name)


def _side_by_side(units: CTE, request: Request, working: ComparePlan, name: str, apart: Expression) -> CTE:
    """Per unit and area what either reading says: its score, and whether the area is not for the age."""

    def taken(which: str) -> Select[Any]:
        reading = units.c[part_name(which, "")].label("reading_id")
        return select(units.c.key, reading, literal(which).label("which")).where(apart)

    pair = union_all(taken(working.before), taken(working.now)).cte(f"{name}_pair")
    score = request.registry["reading_score"].alias("score")
    not_for_age = func.coalesce(score.c.not_age_appropriate, literal(False))
    level = thousandths(score.c.score)

    def side(label: str, which: str) -> tuple[Expression, Expression]:
        mine = pair.c.which == which
        return (
            func.max(case((and_(mine, ~not_for_age), level))).label(label),
            func.max(case((and_(mine, not_for_age), 1), else_=0)).label(f"{label}_not_for_age"),
        )

    return (
        select(pair.c.key, score.c.area, *side("before", working.before), *side("now", working.now))
        .select_from(pair)
        .join(score, score.c.reading_id == pair.c.reading_id)
        .group_by(pair.c.key, score.c.area)
        .cte(f"{name}_scores")
    )


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


def _below(request: Request, units: CTE, tool: Any, area: CTE, taken: Any, both: CTE) -> Expression:
    """The area was not at the top, or at the level expected at the age, in both readings (R32).

    What only one of them looked at was not held there: not known never counts in the provider's favour
    (R21). An area that is not for the child's age does not count; one that was not before begins now.
    """
    level = _expected(request, units, taken, both)
    before = or_(both.c.before_not_for_age == 1, _at_top(tool, area, both.c.before, level))
    held = and_(_at_top(tool, area, both.c.now, level), before)
    looked_at = or_(both.c.now.is_not(None), both.c.before.is_not(None))
    return and_(both.c.now_not_for_age == 0, looked_at, ~held)


def _at_top(tool: Any, area: CTE, score: Expression, expected: Expression) -> Expression:
    """At the end of the scale, or at the level expected where one is set. Never null."""
    higher = area.c.higher == HIGHER
    top = case((higher, score >= thousandths(tool.c.scale_max)), else_=score <= thousandths(tool.c.scale_min))
    reached = case((higher, score >= expected), else_=score <= expected)
    return or_(func.coalesce(top, literal(False)), func.coalesce(reached, literal(False)))


def _expected(request: Request, units: CTE, taken: Any, both: CTE) -> Expression:
    return level_at_age(request, taken.c.instrument_code, taken.c.version, both.c.area, units.c.age)


def level_at_age(
    request: Request, code: Expression, version: Expression, area: Expression, age: Expression
) -> Expression:
    """The level expected of the area at the child's age on the day of counting, in thousandths."""
    key = code.concat("/").concat(version).concat("/").concat(area).concat("/").concat(cast(age, String))
    return cast(request.dialect.json_text(_document(request), key), Integer)


def _document(request: Request) -> Expression:
    return request.dialect.json_document(bindparam(EXPECTED, type_=String))


def _number_of(condition: Expression) -> Expression:
    return func.sum(case((condition, 1), else_=0))
