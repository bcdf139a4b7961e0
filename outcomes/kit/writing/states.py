"""How one state of a record is written down: its row, its parts, its placement, its version.

Only the writer uses this; it decides what is written and why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import cast, delete, func, select
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.orm import Session

from outcomes.core import clock
from outcomes.core.actor import Actor
from outcomes.kit.declaring.guards import Proposal
from outcomes.kit.declaring.record import ChildRecord, Part, Record
from outcomes.kit.writing.changes import changed
from outcomes.kit.writing.placing import Placer
from outcomes.kit.writing.versions import RecordVersion, content_of, declaration_mark


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record of a bundle comes from: the sender and the sender's own reference."""

    sender: str
    reference: str | None


def new_row(proposal: Proposal, origin: Origin | None, by: Actor) -> Record:
    """A new record with a proposal's values, not yet in the session."""
    return proposal.kind(
        **proposal.values,
        author_id=by.account_id,
        recorded_at=clock.now(),
        revision=1,
        sender=origin.sender if origin else None,
        sender_reference=origin.reference if origin else None,
    )


def next_keys(session: Session, kind: type[Record], count: int) -> list[int]:
    """The next keys of a kind's table on PostgreSQL, taken at once; none on SQLite, which gives them itself.

    Without them PostgreSQL would have to tell the keys of each batch, in one statement of a thousand rows that its
    driver reads letter by letter: a fifth of an import.
    """
    if session.get_bind().dialect.name != "postgresql":
        return []
    sequence = func.pg_get_serial_sequence(kind.__tablename__, "id")
    numbers = func.generate_series(1, count).table_valued("n")
    return list(session.scalars(select(func.nextval(cast(sequence, REGCLASS))).select_from(numbers)))


def place(made: Record, placer: Placer) -> None:
    """Set the placement of the day that a child's record is about."""
    if isinstance(made, ChildRecord):
        made.placement_id = placer.placement_on(made.person_id, made.about_on)


def placed_children(written: Iterable[Record]) -> set[int]:
    """The children of whom a placement was written."""
    return {row.person_id for row in written if row.kind_name() == "placement"}  # type: ignore[attr-defined]


def parts_of(session: Session, owner: Record) -> list[dict[str, Any]]:
    """The parts of a record, in the order in which they were written."""
    part = owner.declaration.part
    if part is None:
        return []
    rows = session.scalars(select(part).where(_belongs(part, owner)).order_by(part.id))
    return [row.asked_values() for row in rows]


def _belongs(part: type[Part], owner: Record) -> Any:
    return getattr(part, part.part_of) == owner.id


def write_parts(session: Session, owner: Record, parts: Iterable[Mapping[str, Any]]) -> None:
    """Write a record's parts in the place of those that it had."""
    part = owner.declaration.part
    if part is None:
        return
    if owner.revision > 1:
        delete_parts(session, [owner])
    session.add_all(part(**values) for values in part_values(owner, parts))
    session.flush()


def delete_parts(session: Session, owners: Sequence[Record]) -> None:
    """Take away the parts that records of one kind had: their versions keep them."""
    part = owners[0].declaration.part
    if part is not None:
        ids = [owner.id for owner in owners]
        session.execute(delete(part).where(getattr(part, part.part_of).in_(ids)))


def part_values(owner: Record, parts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The columns of a record's parts."""
    part = owner.declaration.part
    return [{part.part_of: owner.id, **values} for values in parts] if part else []


def keep(
    session: Session,
    row: Record,
    act: str,
    reason: str | None,
    by: Actor,
    parts: Iterable[Mapping[str, Any]] | None = None,
) -> None:
    """Append the row's present state to its versions."""
    values = version_values(row, act, reason, by, parts_of(session, row) if parts is None else parts)
    session.add(RecordVersion(**values))
    session.flush()
    changed(session, values["kind"], [values["person_id"]])


def version_values(
    row: Record, act: str, reason: str | None, by: Actor, parts: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """The columns of a version that holds a row's present state."""
    is_person = row.kind_name() == "person"
    return {
        "kind": row.kind_name(),
        "record_id": row.id,
        "revision": row.revision,
        "act": act,
        "person_id": row.id if is_person else getattr(row, "person_id", None),
        "placement_id": row.id if row.kind_name() == "placement" else getattr(row, "placement_id", None),
        "content": content_of(row.asked_values(), parts, type(row)),
        "author_id": by.account_id,
        "author_name": by.name,
        "recorded_at": clock.now(),
        "reason": reason,
        "declaration": declaration_mark(type(row)),
    }
