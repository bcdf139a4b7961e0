"""The contracts that figures are made for: found by reference, or by framework and period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection, RowMapping

from outcomes.core.errors import Invalid
from outcomes.core.periods import Period
from outcomes.frameworks.binding import registry


@dataclass(frozen=True, slots=True)
class Scope:
    """A contract as figures name it: its id, the sender's reference, its framework and dates."""

    contract_id: int
    reference: str
    framework: str
    started_on: date
    ended_on: date | None

    def in_force(self, period: Period) -> bool:
        """In force at any time in the period (D16)."""
        return self.started_on <= period.last and (self.ended_on is None or self.ended_on > period.first)


def all_contracts(connection: Connection, ids: Sequence[int] | None = None) -> list[Scope]:
    """Every standing contract, or those with these ids, in the order of their references."""
    table = _table()
    where = [] if ids is None else [table.c.id.in_(list(ids))]
    rows = connection.execute(_chosen().where(*where).order_by(table.c.id)).mappings()
    return sorted((_scope(row) for row in rows), key=lambda scope: scope.reference)


def contract_called(connection: Connection, reference: str) -> Scope:
    """The contract with this reference (or public id). Raises Invalid where there is none, or two."""
    table = _table()
    named = or_(table.c.sender_reference == reference, table.c.public_id == reference)
    rows = connection.execute(_chosen().where(named)).mappings().all()
    if len(rows) != 1:
        found = (
            "no contract has this reference"
            if not rows
            else "two senders use this reference: give the public id"
        )
        raise Invalid.of(
            "contract", f"Contract {reference[:64]!r}: {found}. `outcomes export` lists them in contract.csv."
        )
    return _scope(rows[0])


def references(connection: Connection, kind: str, ids: Sequence[int]) -> dict[int, str]:
    """The senders' references of some records; the public id where the sender gave none."""
    table = registry()[kind].table
    name = func.coalesce(table.c.sender_reference, table.c.public_id)
    rows = connection.execute(select(table.c.id, name).where(table.c.id.in_(list(ids)))) if ids else ()
    return {row[0]: row[1] for row in rows}


def _table() -> Any:
    return registry()["contract"].table


def _chosen() -> Any:
    table = _table()
    name = func.coalesce(table.c.sender_reference, table.c.public_id).label("reference")
    columns = (table.c.id, name, table.c.framework, table.c.started_on, table.c.ended_on)
    return select(*columns).where(table.c.withdrawn_at.is_(None))


def _scope(row: RowMapping) -> Scope:
    return Scope(row["id"], row["reference"], row["framework"], row["started_on"], row["ended_on"])
