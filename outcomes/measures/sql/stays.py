"""Stays in SQL: placements chained into what R09 and R31 call one stay.

Three chains, each of placements with gaps of at most 28 days: a stay is in one place, whatever the
contract (D07); a span is the same place under one contract; a spell is one contract, wherever.
Each costs two passes over the placements, so only those are made that a plan reads.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Date, FromClause, Select, bindparam, case, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from outcomes.measures.registry import Record, Registry
from outcomes.measures.sql.dialect import FAR, Dialect, Expression

STAY_GAP_DAYS = 28
CONTRACTS = "contracts"
PEOPLE = "people"
CHAINS = {
    "stay": ("person_id", "place"),
    "span": ("person_id", "place", "contract_id"),
    "spell": ("person_id", "contract_id"),
}


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a plan that changes the statement: not the periods, only how many."""

    periods: CTE
    dialect: Dialect
    registry: Registry
    by_each_place: bool = False
    only_people: bool = False


def place_of(placement: Any) -> Expression:
    """The home, or the household with a minus sign; every placement has exactly one (D02)."""
    return func.coalesce(placement.c.home_id, -placement.c.carer_household_id)


def standing(record: Record, table: FromClause) -> list[Expression]:
    """Withdrawn rows count for nothing."""
    return [table.c.withdrawn_at.is_(None)] if record.withdrawable else []


def fenced(cte: CTE) -> CTE:
    """Worked out once. Without the fence both databases copy an expression to each place that reads it."""
    return cte.prefix_with("MATERIALIZED")


def stays(request: Request, *chains: str, last_of: str = "", of: Select[Any] | None = None) -> CTE:
    """Placements of everybody ever placed under the contracts, with the bounds of the named chains.

    A chain has `<chain>_from` and `<chain>_until`; `last_of` names the chain of which `<chain>_left`
    counts down to its last placement. `of` narrows to these persons.
    """
    placed = _placements(request, of)
    if not chains:
        return fenced(placed)
    numbered = _numbered(placed, request.dialect, chains)
    bounds: list[ColumnElement[Any]] = []
    for chain in chains:
        within = [*(numbered.c[name] for name in CHAINS[chain]), numbered.c[chain]]
        bounds += [
            func.min(numbered.c.started_on).over(partition_by=within).label(f"{chain}_from"),
            func.max(numbered.c.until).over(partition_by=within).label(f"{chain}_until"),
        ]
        if chain == last_of:
            later = [numbered.c.started_on.desc(), numbered.c.id.desc()]
            left = func.row_number().over(partition_by=within, order_by=later)
            bounds.append(left.label(f"{chain}_left"))
    columns = [one for one in numbered.c if one.name not in CHAINS]
    return fenced(select(*columns, *bounds).cte("stays"))


def people(request: Request) -> Select[Any]:
    """The persons ever placed under the contracts."""
    record = request.registry["placement"]
    mine = record.alias("mine")
    under = [mine.c.contract_id.in_(bindparam(CONTRACTS, expanding=True)), *standing(record, mine)]
    if request.only_people:
        under.append(mine.c.person_id.in_(bindparam(PEOPLE, expanding=True)))
    return select(mine.c.person_id).where(*under)


def _placements(request: Request, of: Select[Any] | None) -> CTE:
    record = request.registry["placement"]
    table = record.alias("placed")
    placed: Select[Any] = select(
        table.c.id,
        table.c.person_id,
        table.c.contract_id,
        table.c.started_on,
        func.coalesce(table.c.ended_on, literal(FAR, Date)).label("until"),
        place_of(table).label("place"),
    ).where(table.c.person_id.in_(people(request)), *standing(record, table))
    if of is not None:
        placed = placed.where(table.c.person_id.in_(of))
    return placed.cte("placements")


def _numbered(placed: CTE, dialect: Dialect, chains: tuple[str, ...]) -> CTE:
    """Numbers the chains of each child: a new one begins after a gap of more than 28 days."""

    def over(table: CTE, chain: str) -> dict[str, Any]:
        return {
            "partition_by": [table.c[name] for name in CHAINS[chain]],
            "order_by": [table.c.started_on, table.c.id],
        }

    def begins(chain: str) -> ColumnElement[Any]:
        left = func.lag(placed.c.until).over(**over(placed, chain))
        return case((dialect.days_between(placed.c.started_on, left) <= STAY_GAP_DAYS, 0), else_=1)

    gaps = select(*placed.c, *(begins(chain).label(f"{chain}_begins") for chain in chains)).cte("gaps")
    numbers = (func.sum(gaps.c[f"{chain}_begins"]).over(**over(gaps, chain)).label(chain) for chain in chains)
    return select(*(one for one in gaps.c if not one.name.endswith("_begins")), *numbers).cte("numbered")
