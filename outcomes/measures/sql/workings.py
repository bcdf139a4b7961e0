"""Workings in SQL: one registered function per kind of working, each adding columns to its level.

A level is the units with what is worked out so far; the next level may read it. How a look-up is
made (a subquery per unit, or one grouped pass) is the dialect's choice.
"""

from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import Any

from sqlalchemy import CTE, Boolean, FromClause, Integer, and_, case, cast, func, literal, null, or_, select
from sqlalchemy.sql.elements import ColumnElement

from outcomes.measures.language.phrases import Length
from outcomes.measures.planning.plan import (
    AgainstPlan,
    ChangesPlan,
    Chosen,
    Column,
    ComparePlan,
    CountPlan,
    DaysPlan,
    DividePlan,
    EarliestPlan,
    LatestPlan,
    OwnedUnits,
    Plan,
    Rows,
    StepsPlan,
    SumPlan,
    WorkingPlan,
)
from outcomes.measures.sql.against import against, at_name
from outcomes.measures.sql.changes import changes
from outcomes.measures.sql.compare import compared
from outcomes.measures.sql.conditions import (
    THOUSAND,
    Context,
    bottom_name,
    exact,
    fails,
    holds,
    part_name,
    setting_name,
    shifted,
    thousandths,
)
from outcomes.measures.sql.dialects import DIALECTS, FAR, Columns, Dialect, Expression, Found
from outcomes.measures.sql.stays import Request, fenced, place_of, standing
from outcomes.measures.sql.steps import steps
from outcomes.measures.sql.units import Joined, field_name

STAY_BOUNDS = {"stay_started_on": "stay_from", "stay_ended_on": "stay_until"}


class Level:
    """The units with what is worked out so far (`units`), and what is being added to them."""

    def __init__(self, plan: Plan, request: Request, units: CTE, placed: CTE) -> None:
        self.plan, self.request, self.units, self.placed = plan, request, units, placed
        self.each: dict[str, CTE] = {}
        self._added: list[ColumnElement[Any]] = []
        self._source: FromClause = units

    @property
    def dialect(self) -> Dialect:
        return self.request.dialect

    def add(self, name: str, value: Expression) -> None:
        self._added.append(value.label(name))

    def add_number(self, name: str, top: Expression, bottom: Expression | int = 1) -> None:
        """A number, with its denominator in the column beside it."""
        self.add(name, top)
        self.add(bottom_name(name), literal(bottom, Integer) if isinstance(bottom, int) else bottom)

    def found(self, found: Found) -> Expression:
        """The value of a look-up."""
        return self.beside(found)("value") if isinstance(found, CTE) else found

    def beside(self, table: CTE) -> Columns:
        """What a grouped pass found for each unit: its columns by their names."""
        self._source, columns = self.dialect.beside(self._source, self.units, table)
        return columns

    def join_record(self, table: Any, on: Expression) -> None:
        self._source = self._source.outerjoin(table, on)

    def closed(self, name: str) -> "Level":
        """The next level: everything that is known by now."""
        if not self._added:
            return self
        made = select(*self.units.c, *self._added).select_from(self._source).cte(name)
        level = Level(self.plan, self.request, fenced(made), self.placed)
        level.each = self.each
        return level

    def context(
        self, record: Callable[[Column], Expression] | None = None, each: CTE | None = None
    ) -> Context:
        def column(name: str) -> Expression:
            return self.units.c[STAY_BOUNDS.get(name, name)]

        of_each = None if each is None else lambda name: each.c[name]
        return Context(self.dialect, column, lambda one: column(field_name(one)), column, record, of_each)

    def length(self, length: Length | Chosen) -> Expression:
        if isinstance(length, Chosen):
            return self.units.c[setting_name(length.name)]
        return literal(length.count, Integer)


def worked_out(plan: Plan, request: Request, units: CTE, placed: CTE) -> Level:
    """The units with everything that the card works out. `placed` are the placements with their chains."""
    level = Level(plan, request, units, placed)
    level.each = {record: _each(record, named, level) for record, named in plan.per.items()}
    for number, workings in enumerate(plan.levels):
        for name, working in workings:
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
    table = kind.table.alias(f"each_{record}")
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


def with_built_ins(plan: Plan, request: Request, units: CTE, placed: CTE) -> CTE:
    """The children with what is built in: nights in the period, days since the start, age (decision 17)."""
    level = Level(plan, request, units, placed)
    dialect, own = request.dialect, units.c
    if "days_in_period" in plan.built_ins:
        level.add("days_in_period", _nights(level, "this"))
    if "days_since_start" in plan.built_ins:
        level.add("days_since_start", dialect.days_between(own.count_date, own.stay_from))
    # Completed years: somebody born on 29 February has their birthday on 1 March in other years (R24).
    years = dialect.day_number(own.count_date) - dialect.day_number(own.date_of_birth)
    level.add("age", years // 10000)
    return level.closed("children").units


def related(level: Level, rows: Rows, name: str) -> tuple[Joined, list[Expression]]:
    """The related records, and what makes them this unit's: link, standing, contract, conditions."""
    joined = Joined(level.request.registry, rows.record, f"{name}_{rows.record.name}")
    each, own = level.each.get(rows.record.name), level.units.c
    context = level.context(joined.column, each)
    matches: list[Expression] = [
        joined.table.c[rows.via] == (own.person_id if rows.of_person else own.unit_id),
        *standing(rows.record, joined.table),
    ]
    if rows.narrowed:
        matches.append(under_contract(level, joined))
    if each is not None:
        joined.source = joined.source.join(each, each.c.unit_id == joined.table.c.id)
        matches.append(each.c.outer_key == own.key)
    matches.append(holds(rows.where, context))
    if rows.but_not is not None:
        matches.append(fails(rows.but_not, context))
    return joined, matches


def under_contract(level: Level, joined: Joined) -> Expression:
    """Dated inside a stay under the unit's contract (decision 14): that is what its placement says.

    A record without a placement is in the gap of the unit's stay: then its own day decides. One that
    may be due and not done belongs by its due day to the child's time under the contract.
    """
    if isinstance(level.plan.source, OwnedUnits):
        return _due_under_contract(level, joined)
    own, placement = level.units.c, joined.at(("placement_id",))
    there = placement.c.contract_id == own.contract_id
    if level.request.by_each_place:
        there = and_(there, place_of(placement) == own.place)
    day = joined.dated(level.dialect)
    if "span_from" not in own:
        return there
    waits = joined.record.waits
    opens, closes = (own.spell_from, own.spell_until) if waits else (own.span_from, own.span_until)
    return or_(there, and_(joined.table.c.placement_id.is_(None), day >= opens, day < closes))


def _due_under_contract(level: Level, joined: Joined) -> Expression:
    """Of what follows the child: due while the child was under the contract, whenever it was done."""
    own, record = level.units.c, joined.record
    day = joined.table.c[record.dated[-1]] if record.waits else joined.dated(level.dialect)
    by_place = level.request.by_each_place
    opens, closes = (own.span_from, own.span_until) if by_place else (own.spell_from, own.spell_until)
    return and_(day >= opens, day < closes)


@singledispatch
def _add(working: WorkingPlan, name: str, level: Level) -> None:
    raise AssertionError(f"Unhandled working: {working}")


@_add.register
def _(working: CountPlan, name: str, level: Level) -> None:
    joined, matches = related(level, working.rows, name)
    what = func.count(joined.column(working.distinct).distinct()) if working.distinct else func.count()
    value = level.found(_counting(level, working.rows).count(level.units, joined.source, matches, what))
    level.add_number(part_name(name, ""), func.coalesce(value, 0))


def _counting(level: Level, rows: Rows) -> Dialect:
    """What was worked out for each record has no index: one pass over all units is right everywhere."""
    return DIALECTS["postgresql"] if rows.record.name in level.each else level.dialect


@_add.register
def _(working: SumPlan, name: str, level: Level) -> None:
    joined, matches = related(level, working.rows, name)
    field = joined.column(working.field)
    what = func.sum(field if working.whole else thousandths(field))
    value = level.found(level.dialect.count(level.units, joined.source, matches, what))
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
        # Readings of an earlier provider, or from before a long absence, are not used (R09, decision 21).
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
    level.add_number(part_name(name, ""), _nights(level, working.which))


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


def _nights(level: Level, which: str) -> Expression:
    """Nights placed under the contract: min(end, day after) - max(start, first) of each placement (decision 16)."""
    record, own = level.request.registry["placement"], level.units.c
    table = record.table.alias(f"nights_{which}")
    first, after = (own.first, own.after) if which == "this" else (own.before_first, own.first)
    until = func.coalesce(table.c.ended_on, literal(FAR, table.c.ended_on.type))
    matches = [
        table.c.person_id == own.person_id,
        table.c.contract_id == own.contract_id,
        *standing(record, table),
        table.c.started_on < after,
        until > first,
    ]
    if level.request.by_each_place:
        matches.append(place_of(table) == own.place)
    dialect = level.dialect
    nights = func.sum(
        dialect.days_between(dialect.least(until, after), dialect.greatest(table.c.started_on, first))
    )
    return func.coalesce(level.found(dialect.count(level.units, table, matches, nights)), 0)


def _latest(plan: Plan, name: str) -> LatestPlan:
    working = next(one for workings in plan.levels for other, one in workings if other == name)
    assert isinstance(working, LatestPlan)
    return working
