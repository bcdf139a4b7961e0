"""The units of a card in SQL: stays made of placements, and who or what is counted in each period.

A stay is the child's consecutive placements in the same home or household with gaps of at most
28 days (R09, R31, decision 7). A child is counted by their stays under the contract (decision 14):
of several, the one that lasts longest into the period, then the later start (R08, R31).

`place` is one number: the home's id, or the household's id with a minus sign.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from sqlalchemy import (
    CTE,
    Date,
    FromClause,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.sql.elements import ColumnElement

from outcomes.measures.conditions_sql import Context, holds
from outcomes.measures.dialects import FAR, Dialect, Expression
from outcomes.measures.plan import ChildUnits, Column, EndingUnits, Plan, RecordUnits, UnitSource
from outcomes.measures.registry import Record, Registry

STAY_GAP_DAYS = 28
CONTRACTS = "contracts"
PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a plan that changes the statement: not the periods, only how many."""

    periods: CTE
    dialect: Dialect
    registry: Registry
    by_each_place: bool = False
    only_people: bool = False


def place_of(placement: Any) -> Expression:
    """The home, or the household with a minus sign; every placement has exactly one (decision 2)."""
    return func.coalesce(placement.c.home_id, -placement.c.carer_household_id)


def standing(record: Record, table: FromClause) -> list[Expression]:
    """Withdrawn rows count for nothing."""
    return [table.c.withdrawn_at.is_(None)] if record.withdrawable else []


def stays(request: Request) -> CTE:
    """Placements of everybody ever placed under the contracts, each with its stay, span and spell.

    All three are chains with gaps of at most 28 days. stay: in the same place, whatever the contract;
    span: in the same place under one contract; spell: under one contract, wherever.
    """
    record = request.registry["placement"]
    mine, table = record.table.alias("mine"), record.table.alias("placed")
    people = select(mine.c.person_id).where(
        mine.c.contract_id.in_(bindparam(CONTRACTS, expanding=True)), *standing(record, mine)
    )
    base: Select[Any] = select(
        table.c.id,
        table.c.person_id,
        table.c.contract_id,
        table.c.started_on,
        func.coalesce(table.c.ended_on, literal(FAR, Date)).label("until"),
        place_of(table).label("place"),
    ).where(table.c.person_id.in_(people), *standing(record, table))
    if request.only_people:
        base = base.where(table.c.person_id.in_(bindparam(PEOPLE, expanding=True)))
    placed = base.cte("placements")
    marked = _numbered(placed, request.dialect)
    stay = [marked.c.person_id, marked.c.place, marked.c.stay]
    span = [marked.c.person_id, marked.c.place, marked.c.contract_id, marked.c.span]
    spell = [marked.c.person_id, marked.c.contract_id, marked.c.spell]
    columns = [one for one in marked.c if one.name not in ("stay", "span", "spell")]
    return fenced(
        select(
            *columns,
            func.min(marked.c.started_on).over(partition_by=stay).label("stay_from"),
            func.max(marked.c.until).over(partition_by=stay).label("stay_until"),
            func.row_number()
            .over(partition_by=stay, order_by=[marked.c.started_on.desc(), marked.c.id.desc()])
            .label("stay_rank"),
            func.min(marked.c.started_on).over(partition_by=span).label("span_from"),
            func.max(marked.c.until).over(partition_by=span).label("span_until"),
            func.row_number()
            .over(partition_by=span, order_by=[marked.c.started_on, marked.c.id])
            .label("span_rank"),
            func.min(marked.c.started_on).over(partition_by=spell).label("spell_from"),
            func.max(marked.c.until).over(partition_by=spell).label("spell_until"),
        ).cte("stays")
    )


def _numbered(placed: CTE, dialect: Dialect) -> CTE:
    """Numbers the chains of each child: a new one begins after a gap of more than 28 days."""
    chains = {
        "stay": ("person_id", "place"),
        "span": ("person_id", "place", "contract_id"),
        "spell": ("person_id", "contract_id"),
    }

    def over(table: CTE, names: tuple[str, ...]) -> dict[str, Any]:
        return {
            "partition_by": [table.c[name] for name in names],
            "order_by": [table.c.started_on, table.c.id],
        }

    def begins(names: tuple[str, ...]) -> ColumnElement[Any]:
        left = func.lag(placed.c.until).over(**over(placed, names))
        return case((dialect.days_between(placed.c.started_on, left) <= STAY_GAP_DAYS, 0), else_=1)

    marks = select(
        *placed.c, *(begins(names).label(f"{chain}_begins") for chain, names in chains.items())
    ).cte("gaps")
    numbers = (
        func.sum(marks.c[f"{chain}_begins"]).over(**over(marks, names)).label(chain)
        for chain, names in chains.items()
    )
    return select(*(one for one in marks.c if not one.name.endswith("_begins")), *numbers).cte("numbered")


def fenced(cte: CTE) -> CTE:
    """Worked out once. Without the fence both databases copy an expression to each place that reads it."""
    return cte.prefix_with("MATERIALIZED")


class Joined:
    """A record's table with the records its fields are looked up on, joined as they are asked for."""

    def __init__(self, registry: Registry, record: Record, name: str) -> None:
        self.registry, self.record = registry, record
        self.table: Any = record.table.alias(name)
        self.source: FromClause = self.table
        self._joined: dict[tuple[str, ...], Any] = {(): self.table}

    def column(self, column: Column) -> Expression:
        return self.at(column.path).c[column.name]

    def at(self, path: tuple[str, ...]) -> Any:
        """The table at the end of the links. Withdrawn records pointed to still say what they say."""
        if path not in self._joined:
            before, owner = self.at(path[:-1]), self._owner(path[:-1])
            target: Table = self.registry[str(owner.fields[path[-1]].leads_to)].table
            other = target.alias(f"{self.table.name}_{'_'.join(path)}")
            self.source = self.source.outerjoin(other, other.c.id == before.c[path[-1]])
            self._joined[path] = other
        return self._joined[path]

    def _owner(self, path: tuple[str, ...]) -> Record:
        owner = self.record
        for link in path:
            owner = self.registry[str(owner.fields[link].leads_to)]
        return owner

    def dated(self, dialect: Dialect) -> Expression:
        """The London day that the record is about: its usual date, else the day it falls due."""
        days = []
        for name in self.record.dated:
            column = self.table.c[name]
            is_day = isinstance(column.type, Date)
            days.append(column if is_day else dialect.london_day(column))
        return func.coalesce(*days) if len(days) > 1 else days[0]


def field_name(column: Column) -> str:
    return "__".join(("f", *column.path, column.name))


@singledispatch
def unit_rows(source: UnitSource, plan: Plan, request: Request, placed: CTE) -> CTE:
    """One row per unit, period and contract: who, where, and the fields and settings that are read later."""
    raise AssertionError(f"Unhandled unit: {source}")


@unit_rows.register
def _(source: ChildUnits, plan: Plan, request: Request, placed: CTE) -> CTE:
    periods, dialect = request.periods, request.dialect
    record = Joined(request.registry, source.record, "record")
    born = record.at(("person_id",)).c.date_of_birth
    leaving = cast_end(placed.c.stay_until)
    fields = _fields(record, {"started_on": placed.c.stay_from, "ended_on": leaving})
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
            placed.c.stay_from.label("stay_started_on"),
            placed.c.spell_from,
            placed.c.spell_until,
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
            placed.c.stay_from.label("stay_started_on"),
            *_asked_fields(plan, fields),
        )
        .select_from(record.source)
        .join(placed, placed.c.id == record.table.c.id)
        .join(periods, and_(placed.c.stay_until >= periods.c.first, placed.c.stay_until <= periods.c.last))
        .where(
            placed.c.stay_rank == 1,
            placed.c.contract_id.in_(bindparam(CONTRACTS, expanding=True)),
            holds(plan.found, context),
        )
        .cte("found")
    )
    return _keyed(found)


@unit_rows.register
def _(source: RecordUnits, plan: Plan, request: Request, placed: CTE) -> CTE:
    periods, dialect = request.periods, request.dialect
    record = Joined(request.registry, source.record, "record")
    fields = record.column
    context = _found_context(request, fields)
    day, table = record.dated(dialect), record.table
    # A record without a placement belongs to the stay in whose gap its day falls, once.
    in_gap = and_(
        table.c.placement_id.is_(None),
        placed.c.span_rank == 1,
        placed.c.span_from <= day,
        placed.c.span_until > day,
    )
    asked = _asked_fields(plan, fields)
    found = (
        select(
            *periods.c,
            placed.c.contract_id,
            placed.c.person_id,
            table.c.id.label("unit_id"),
            placed.c.place,
            *asked,
        )
        .select_from(record.source)
        .join(
            placed,
            and_(placed.c.person_id == table.c.person_id, or_(placed.c.id == table.c.placement_id, in_gap)),
        )
        .join(periods, literal(1, Integer) == 1)
        .where(
            placed.c.contract_id.in_(bindparam(CONTRACTS, expanding=True)),
            *standing(source.record, table),
            holds(plan.found, context),
        )
        .cte("found")
    )
    return _keyed(found)


def present(request: Request, placed: CTE) -> Select[Any]:
    """The periods, contracts and places in which anybody was placed: there a count of nought is real (R10)."""
    periods = request.periods
    return (
        select(periods.c.n, placed.c.contract_id, placed.c.place)
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
