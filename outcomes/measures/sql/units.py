"""The units of a card in SQL: who or what is counted in each period, and where.

A child is counted by their stays under the contract (D14): of several, the one that lasts
longest into the period, then the later start (R08, R31). A record belongs to its placement.

`place` is one number: the home's id, or the household's id with a minus sign.
"""

from collections.abc import Callable
from functools import singledispatch
from typing import Any

from sqlalchemy import CTE, Date, Select, and_, bindparam, func, literal, select, true, union_all

from outcomes.measures.planning.plan import (
    ChangesPlan,
    ComparePlan,
    LatestPlan,
    Plan,
    StepsPlan,
    related_rows,
)
from outcomes.measures.planning.terms import Column
from outcomes.measures.planning.units import ChildUnits, EndingUnits, OwnedUnits, RecordUnits, UnitSource
from outcomes.measures.sql.column_names import field_name
from outcomes.measures.sql.conditions import holds
from outcomes.measures.sql.dialect import FAR, Expression, InOrder
from outcomes.measures.sql.joined import Joined
from outcomes.measures.sql.stays import CONTRACTS, Request, fenced, people, place_of, standing, stays
from outcomes.measures.sql.terms import Context

STAY_BUILT_INS = frozenset({"stay_started_on", "days_since_start"})


def chains_of(plan: Plan) -> tuple[str, ...]:
    """The chains of placements that a plan reads: each costs, so no more than these are made."""
    if isinstance(plan.source, OwnedUnits):
        return ("span", "spell")
    workings = [one for level in plan.levels for _name, one in level]
    workings += [one for named in plan.per.values() for one in named.values()]
    own = {column.name for column in plan.unit_columns if not column.path}
    baseline = any(
        isinstance(one, ComparePlan) or (isinstance(one, LatestPlan) and one.baseline) for one in workings
    )
    changes = any(isinstance(one, ChangesPlan) for one in workings)
    stay = bool(plan.built_ins & STAY_BUILT_INS or own & {"started_on", "ended_on"} or baseline or changes)
    afresh = any(isinstance(one, LatestPlan | StepsPlan) for one in workings)
    spell = afresh or any(rows.narrowed and rows.may_wait for one in workings for rows in related_rows(one))
    return ("span", *(["stay"] if stay else []), *(["spell"] if spell else []))


def placements_of(plan: Plan, request: Request) -> CTE:
    """The placements that a plan reads, with their chains."""
    source = plan.source
    if isinstance(source, EndingUnits):
        return stays(request, "stay", last_of="stay")
    if isinstance(source, RecordUnits):
        # Few records have no placement, so that only the placements of their children are chained.
        lost = source.record.alias("lost")
        of = select(lost.c.person_id).where(lost.c.placement_id.is_(None))
        return stays(request, "span", last_of="span", of=of)
    return stays(request, *chains_of(plan))


CHAIN_BOUNDS = ("stay_from", "span_from", "span_until", "spell_from", "spell_until")


@singledispatch
def unit_rows(source: UnitSource, plan: Plan, request: Request, placed: CTE) -> CTE:
    """One row per unit, period and contract: who, where, and the fields and settings that are read later."""
    raise AssertionError(f"Unhandled unit: {source}")


@unit_rows.register
def _(source: ChildUnits, plan: Plan, request: Request, placed: CTE) -> CTE:
    periods, dialect = request.periods, request.dialect
    record = Joined(request.registry, source.record, "record")
    born = record.at(("person_id",)).c.date_of_birth
    instead = {}
    if "stay_from" in placed.c:
        instead = {"started_on": placed.c.stay_from, "ended_on": cast_end(placed.c.stay_until)}
    fields = _fields(record, instead)
    context = _found_context(request, fields, (placed.c.span_from, placed.c.span_until))
    count_date = dialect.least(periods.c.last, placed.c.span_until)
    partition = [
        periods.c.n,
        placed.c.contract_id,
        placed.c.person_id,
        *([placed.c.place] if request.by_each_place else []),
    ]
    latest = func.row_number().over(
        partition_by=partition, order_by=[count_date.desc(), placed.c.started_on.desc(), placed.c.id.desc()]
    )
    found = (
        select(
            *periods.c,
            placed.c.contract_id,
            placed.c.person_id,
            placed.c.person_id.label("unit_id"),
            placed.c.place,
            *(one for one in placed.c if one.name in CHAIN_BOUNDS),
            count_date.label("count_date"),
            born.label("date_of_birth"),
            *_asked_fields(plan, fields),
            latest.label("pick"),
        )
        .select_from(record.source)
        .join(placed, placed.c.id == record.table.c.id)
        .join(periods, and_(placed.c.started_on <= periods.c.last, placed.c.span_until > periods.c.first))
        .where(placed.c.contract_id.in_(bindparam(CONTRACTS, expanding=True)), holds(plan.found, context))
        .cte("found")
    )
    return _keyed(found, found.c.pick == 1)


@unit_rows.register
def _(source: EndingUnits, plan: Plan, request: Request, placed: CTE) -> CTE:
    periods = request.periods
    record = Joined(request.registry, source.record, "record")
    fields = _fields(record, {"started_on": placed.c.stay_from, "ended_on": placed.c.stay_until})
    context = _found_context(request, fields)
    found = (
        select(
            *periods.c,
            placed.c.contract_id,
            placed.c.person_id,
            placed.c.id.label("unit_id"),
            placed.c.place,
            placed.c.stay_from,
            placed.c.stay_until,
            *_asked_fields(plan, fields),
        )
        .select_from(record.source)
        .join(placed, placed.c.id == record.table.c.id)
        .join(periods, and_(placed.c.stay_until >= periods.c.first, placed.c.stay_until <= periods.c.last))
        .where(
            placed.c.stay_left == 1,
            placed.c.contract_id.in_(bindparam(CONTRACTS, expanding=True)),
            holds(plan.found, context),
        )
        .cte("found")
    )
    return _keyed(found)


@unit_rows.register
def _(source: RecordUnits, plan: Plan, request: Request, placed: CTE) -> CTE:
    found = union_all(_placed_records(source, plan, request), _records_in_gaps(source, plan, request, placed))
    return _keyed(found.cte("found"))


def _placed_records(source: RecordUnits, plan: Plan, request: Request) -> Select[Any]:
    """The records with a placement under the contracts: each child's of each period, by child and date."""
    periods = request.periods
    record = Joined(request.registry, source.record, "record")
    table, placement = record.table, request.registry["placement"]
    placed = placement.alias("placed_at")
    children = people(request).distinct().cte("children_under")
    of_child = InOrder(InOrder(children, periods, true()), table, table.c.person_id == children.c.person_id)
    record.source = InOrder(of_child, placed, placed.c.id == table.c.placement_id)
    return _records(source, plan, request, record, placed, place_of(placed)).where(
        *standing(placement, placed)
    )


def _records_in_gaps(source: RecordUnits, plan: Plan, request: Request, placed: CTE) -> Select[Any]:
    """A record without a placement belongs to the stay in whose gap its day falls, once."""
    record = Joined(request.registry, source.record, "record")
    table = record.table
    day = record.dated(request.dialect)
    in_gap = and_(
        table.c.person_id == placed.c.person_id, placed.c.span_from <= day, placed.c.span_until > day
    )
    record.source = record.source.join(placed, in_gap).join(request.periods, true())
    return _records(source, plan, request, record, placed, placed.c.place).where(
        table.c.placement_id.is_(None), placed.c.span_left == 1
    )


def _records(
    source: RecordUnits, plan: Plan, request: Request, record: Joined, placed: Any, place: Expression
) -> Select[Any]:
    holding = holds(plan.found, _found_context(request, record.column))
    asked = _asked_fields(plan, record.column)
    chosen = select(
        *request.periods.c,
        placed.c.contract_id,
        placed.c.person_id,
        record.table.c.id.label("unit_id"),
        place.label("place"),
        *asked,
    )
    # Read last: each field that is looked up joined its table to the source.
    return chosen.select_from(record.source).where(
        placed.c.contract_id.in_(bindparam(CONTRACTS, expanding=True)),
        *standing(source.record, record.table),
        holding,
    )


@unit_rows.register
def _(source: OwnedUnits, plan: Plan, request: Request, placed: CTE) -> CTE:
    periods, dialect = request.periods, request.dialect
    record = Joined(request.registry, source.record, "record")
    table = record.table
    context = _found_context(request, record.column)
    count_date = dialect.least(periods.c.last, placed.c.span_until)
    place = [placed.c.place] if request.by_each_place else []
    latest = func.row_number().over(
        partition_by=[periods.c.n, placed.c.contract_id, table.c.id, *place],
        order_by=[count_date.desc(), placed.c.started_on.desc(), placed.c.id.desc()],
    )
    asked = _asked_fields(plan, record.column)
    found = (
        select(
            *periods.c,
            placed.c.contract_id,
            placed.c.person_id,
            table.c.id.label("unit_id"),
            placed.c.place,
            *(one for one in placed.c if one.name in CHAIN_BOUNDS),
            *asked,
            latest.label("pick"),
        )
        .select_from(record.source)
        .join(placed, placed.c.person_id == table.c.person_id)
        .join(periods, and_(placed.c.started_on <= periods.c.last, placed.c.span_until > periods.c.first))
        .where(
            placed.c.contract_id.in_(bindparam(CONTRACTS, expanding=True)),
            *standing(source.record, table),
            holds(plan.found, context),
        )
        .cte("found")
    )
    return _keyed(found, found.c.pick == 1)


def present(request: Request, placed: CTE) -> Select[Any]:
    """The periods, contracts and places in which somebody was placed: there a count of nought is real (R10)."""
    periods = request.periods
    return (
        select(periods.c.n, placed.c.contract_id, placed.c.place, placed.c.person_id)
        .select_from(placed)
        .join(periods, and_(placed.c.started_on <= periods.c.last, placed.c.span_until > periods.c.first))
        .where(placed.c.contract_id.in_(bindparam(CONTRACTS, expanding=True)))
        .distinct()
    )


def cast_end(until: Expression) -> Expression:
    """The end of a stay; blank where it has not ended."""
    return func.nullif(until, literal(FAR, Date), type_=Date)


def _fields(record: Joined, instead: dict[str, Expression]) -> Callable[[Column], Expression]:
    """How a unit found through placements reads its fields: its start and end are the stay's."""

    def field(column: Column) -> Expression:
        return instead[column.name] if not column.path and column.name in instead else record.column(column)

    return field


def _found_context(
    request: Request,
    fields: Callable[[Column], Expression],
    ends: tuple[Expression, Expression] | None = None,
) -> Context:
    def nothing(name: str) -> Expression:
        raise AssertionError(f"{name} is not known before the units are found")

    return Context(request.dialect, lambda name: request.periods.c[name], fields, nothing, ends=ends)


def _asked_fields(plan: Plan, fields: Callable[[Column], Expression]) -> list[Expression]:
    return [fields(column).label(field_name(column)) for column in plan.unit_columns]


def _keyed(found: CTE, *where: Expression) -> CTE:
    key = func.row_number().over().label("key")
    return fenced(select(*(one for one in found.c if one.name != "pick"), key).where(*where).cte("units"))
