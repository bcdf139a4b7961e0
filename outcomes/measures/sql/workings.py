"""Workings in SQL: one registered function per kind of working, each adding columns to its level.

A level is the units with what is worked out so far; the next level may read it. How a look-up is
made (a subquery per unit, or one grouped pass) is the dialect's choice.
"""

from collections.abc import Mapping
from functools import singledispatch

from sqlalchemy import CTE, Boolean, and_, case, cast, func, literal, null, or_, select

from outcomes.measures.planning.plan import (
    AgainstPlan,
    ChangesPlan,
    ComparePlan,
    CountPlan,
    DaysPlan,
    DividePlan,
    EarliestPlan,
    LatestPlan,
    Plan,
    Rows,
    StepsPlan,
    SumPlan,
    WorkingPlan,
)
from outcomes.measures.planning.terms import Chosen
from outcomes.measures.sql.against import against, at_name
from outcomes.measures.sql.built_ins import nights
from outcomes.measures.sql.changes import changes
from outcomes.measures.sql.column_names import part_name, setting_name
from outcomes.measures.sql.compare import compared
from outcomes.measures.sql.dialect import Expression
from outcomes.measures.sql.joined import Joined
from outcomes.measures.sql.level import Level
from outcomes.measures.sql.related import related, under_contract
from outcomes.measures.sql.stays import Request, fenced, standing
from outcomes.measures.sql.steps import steps
from outcomes.measures.sql.terms import THOUSAND, exact, shifted
from outcomes.measures.sql.together import Number, counted_together, number_over, sharing


def worked_out(plan: Plan, request: Request, units: CTE, placed: CTE) -> Level:
    """The units with everything that the card works out. `placed` are the placements with their chains."""
    level = Level(plan, request, units, placed)
    level.each = {record: _each(record, named, level) for record, named in plan.per.items()}
    for number, workings in enumerate(plan.levels):
        shared = sharing(workings, level)
        for named in shared:
            for name, number_of, value in counted_together(named, level):
                _add_number(number_of, name, level, value)
        counted = {name for named in shared for name, _working in named}
        for name, working in workings:
            if name not in counted:
                _add(working, name, level)
        level = level.closed(f"worked_{number}")
        for name, working in workings:
            if isinstance(working, LatestPlan):
                _fetch(working, name, level)
        level = level.closed(f"fetched_{number}")
    return level


def _each(record: str, named: Mapping[str, LatestPlan], level: Level) -> CTE:
    """Each such record of each unit, with what is worked out for it; `outer_key` tells the unit."""
    kind, own = level.request.registry[record], level.units.c
    table = kind.alias(f"each_{record}")
    made = (
        select(
            *(one for one in own if one.name not in ("key", "unit_id")),
            own.key.label("outer_key"),
            table.c.id.label("unit_id"),
            func.row_number().over().label("key"),
        )
        .select_from(level.units)
        .join(table, and_(table.c.person_id == own.person_id, *standing(kind, table)))
        .cte(f"each_{record}")
    )
    inner = Level(level.plan, level.request, fenced(made), level.placed)
    for name, working in named.items():
        _add(working, name, inner)
    inner = inner.closed(f"each_{record}_worked")
    for name, working in named.items():
        _fetch(working, name, inner)
    return inner.closed(f"each_{record}_fetched").units


@singledispatch
def _add(working: WorkingPlan, name: str, level: Level) -> None:
    raise AssertionError(f"Unhandled working: {working}")


@_add.register
def _(working: CountPlan | SumPlan, name: str, level: Level) -> None:
    joined, matches = related(level, working.rows, name)
    what = number_over(working, joined)
    value = level.found(level.dialect.count(level.units, joined.source, matches, what))
    _add_number(working, name, level, value)


def _add_number(working: Number, name: str, level: Level, value: Expression) -> None:
    """A count, of nothing nought; or a sum, of nothing blank."""
    if isinstance(working, CountPlan):
        level.add_number(part_name(name, ""), func.coalesce(value, 0))
    else:
        level.add_number(part_name(name, ""), value, 1 if working.whole else THOUSAND)


@_add.register
def _(working: ChangesPlan, name: str, level: Level) -> None:
    joined, matches = related(level, working.rows, name)
    cover = None if working.cover is None else level.length(working.cover)
    found = level.beside(
        changes(level.units, level.placed, level.request, working, name, joined, matches, cover)
    )
    level.add_number(part_name(name, ""), func.coalesce(found("changes"), 0))


@_add.register
def _(working: AgainstPlan, name: str, level: Level) -> None:
    levels, matches = related(level, working.levels, name)
    own = level.units.c
    tool = own[setting_name(working.tool.name)] if isinstance(working.tool, Chosen) else literal(working.tool)
    found = level.beside(against(level.units, level.request, working, name, levels, matches, tool))
    level.add_number(part_name(name, "expected"), func.coalesce(found("expected"), 0))
    for part in ("below", "individual"):
        level.add_number(part_name(name, part), found(part))
    level.add(part_name(name, "all_at"), found("below") == 0)
    for area in working.one_by_one:
        level.add(part_name(name, area), found(at_name(area)) == 1)


@_add.register
def _(working: LatestPlan, name: str, level: Level) -> None:
    """The latest by date; ties go to the latest recorded. A new stay after a gap starts afresh (R09)."""
    chosen = _first(level, working, working.rows, name, latest=True)
    if working.baseline is None:
        level.add(part_name(name, ""), chosen)
        return
    baseline = _first(level, working, working.baseline, f"{name}_baseline", latest=False)
    level.add(part_name(name, ""), func.coalesce(chosen, baseline))
    level.add(part_name(name, "from_baseline"), chosen.is_(None))


def _first(level: Level, working: LatestPlan, rows: Rows, name: str, *, latest: bool) -> Expression:
    joined, matches = related(level, rows, name)
    table, own = joined.table, level.units.c
    by = joined.column(working.by)
    if rows.narrowed and "spell_from" in own:
        # Readings of an earlier provider, or from before a long absence, are not used (R09, D21).
        matches.append(by >= (own.spell_from if latest else own.stay_from))
    if not latest:
        matches.append(by <= own.count_date)
    matches += [table.c[field] == own[part_name(now, field)] for field, now in working.same_as]
    recorded = (table.c.recorded_at, table.c.id)
    # The baseline is the first; of two on one day the one that stands latest is the reading of that day.
    order = [by.desc() if latest else by, *(one.desc() for one in recorded)]
    return level.found(level.dialect.first(level.units, joined.source, matches, table.c.id, order))


def _fetch(working: LatestPlan, name: str, level: Level) -> None:
    """The fields of a latest record that are read later."""
    record = Joined(level.request.registry, working.rows.record, f"{name}_fetched")
    for field in working.fields:
        level.add(part_name(name, field), record.table.c[field])
    level.join_record(record.table, record.table.c.id == level.units.c[part_name(name, "")])


@_add.register
def _(working: ComparePlan, name: str, level: Level) -> None:
    own = level.units.c
    plan_of_now = _latest(level.plan, working.now)
    by = plan_of_now.by.name
    now, before = own[part_name(working.now, by)], own[part_name(working.before, by)]
    apart = level.dialect.days_between(now, before) >= level.length(working.apart)
    rule = own[setting_name(working.rule.name)] if isinstance(working.rule, Chosen) else literal(working.rule)
    pairs = level.beside(compared(level.units, level.request, working, name, apart, rule))
    for part in ("up", "down", "same", "net", "compared"):
        level.add_number(part_name(name, part), pairs(part))
    level.add_number(part_name(name, "mean_change"), pairs("change"), pairs("change_of"))
    for part in ("all_at_top_and_held", "progress"):
        level.add(part_name(name, part), pairs(part))
    level.add(part_name(name, ""), pairs("compared"))
    late = level.dialect.days_between(before, own.stay_from) > BASELINE_DAYS
    baseline = (
        own[part_name(working.before, "from_baseline")]
        if _latest(level.plan, working.before).baseline
        else None
    )
    flagged = (
        cast(null(), Boolean)
        if baseline is None
        else case((pairs("compared").is_not(None), and_(baseline, late)))
    )
    level.add(part_name(name, "late_baseline"), flagged)


BASELINE_DAYS = 28
"""A baseline taken later than this after the start of the stay is used, and flagged (R04)."""


@_add.register
def _(working: StepsPlan, name: str, level: Level) -> None:
    goals, of_unit = related(level, working.goals, f"{name}_goal")
    reviews = Joined(level.request.registry, working.reviews, f"{name}_review")
    own = level.units.c
    opens = shifted(own.count_date, level.length(working.window), "month", level.dialect)
    matches = [
        *of_unit,
        reviews.table.c.goal_id == goals.table.c.id,
        *standing(working.reviews, reviews.table),
        under_contract(level, reviews),
    ]
    found = level.beside(steps(level.units, name, goals, reviews, matches, opens))
    level.add_number(part_name(name, "points"), func.coalesce(found("points"), 0))
    for part in ("last", "highest"):
        level.add_number(part_name(name, part), found(part), found("scale"))


@_add.register
def _(working: DividePlan, name: str, level: Level) -> None:
    context = level.context()
    top, bottom = exact(working.top, context), exact(working.bottom, context)
    under = bottom.top * top.bottom
    level.add_number(
        part_name(name, ""), top.top * bottom.bottom * working.times, case((under > 0, under), else_=null())
    )


@_add.register
def _(working: DaysPlan, name: str, level: Level) -> None:
    level.add_number(part_name(name, ""), nights(level, working.which))


@_add.register
def _(working: EarliestPlan, name: str, level: Level) -> None:
    joined, matches = related(level, working.rows, name)
    record, own = working.rows.record, level.units.c
    opens, closes = joined.table.c[record.opens], joined.table.c[record.closes]
    matches += [opens <= own.count_date, or_(closes.is_(None), closes > own.count_date)]
    earliest = func.min(joined.column(working.field))
    level.add(
        part_name(name, ""), level.found(level.dialect.count(level.units, joined.source, matches, earliest))
    )


def _latest(plan: Plan, name: str) -> LatestPlan:
    working = next(one for workings in plan.levels for other, one in workings if other == name)
    assert isinstance(working, LatestPlan)
    return working
