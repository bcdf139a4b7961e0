"""The only writers: `record`, `record_many`, `correct`, `withdraw`.

Each writes, inside the open transaction, the row that stands, a full copy in `record_version` and a
note for the audit: all or nothing. They take Checked values only, so nothing unjudged gets in.
They never commit (doors do, `core/transaction.py`) and never ask who is signed in (`by=`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from itertools import groupby, islice
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from outcomes import audit
from outcomes.core import clock
from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Conflict, Invalid, NotFound, Stale
from outcomes.core.transaction import in_transaction
from outcomes.kit.declaring.guards import Proposal
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.writing.changes import changed
from outcomes.kit.writing.placing import Placer, place_again
from outcomes.kit.writing.proposing import DatabaseLookup, StagedKey, propose
from outcomes.kit.writing.schema import Checked
from outcomes.kit.writing.states import (
    Origin,
    delete_parts,
    keep,
    new_row,
    next_keys,
    part_values,
    parts_of,
    place,
    placed_children,
    version_values,
    write_parts,
)
from outcomes.kit.writing.versions import (
    CORRECTED,
    RECORDED,
    WITHDRAWN,
    RecordVersion,
    content_of,
)

__all__ = ["Origin", "correct", "parts_of", "record", "record_many", "withdraw"]

REASON_MOST = 500

BATCH = 500
"""Rows that go to the database together in the batch form."""

Batch = list[tuple[Proposal, Origin | None]]


def record(checked: Checked, *, origin: Origin | None = None, by: Actor) -> Record:
    """Write a new record. Raises Invalid when a link or a guard refuses it."""
    session = _session()
    placer = Placer(session)
    proposal = propose(checked, DatabaseLookup(session, placer))
    made = _insert(session, proposal, origin, placer, by)
    person = _person_of(made)
    _after(session, [made], by)
    _note("record:create", made, person, by)
    return made


def correct(target: Record, checked: Checked, *, revision: int, reason: str, by: Actor) -> Record:
    """Write a new state of a standing record. Nothing is written where nothing changed.

    `revision` is the one that the change was made from: Stale when another stands now.
    """
    session = _session()
    standing = _locked(session, target, revision)
    # Asked before the change: it may put the child out of the author's own reach.
    person = _person_of(standing)
    placer = Placer(session)
    proposal = propose(checked, DatabaseLookup(session, placer), key=standing.id)
    _update(session, standing, proposal, _reason(reason), placer, by)
    _after(session, [standing], by)
    _note("record:correct", standing, person, by, reason)
    return standing


def withdraw(target: Record, *, revision: int, reason: str, by: Actor) -> Record:
    """Withdraw a record that was entered in error. It stays, and counts for nothing."""
    session = _session()
    standing = _locked(session, target, revision)
    person = _person_of(standing)
    standing.withdrawn_why = _reason(reason)
    if not standing.withdrawn_why:
        raise Invalid.of("reason", "Reason: say why the record is withdrawn.")
    standing.withdrawn_at, standing.withdrawn_by_id = clock.now(), by.account_id
    standing.revision += 1
    session.flush()
    keep(session, standing, WITHDRAWN, standing.withdrawn_why, by)
    _after(session, [standing], by)
    _note("record:withdraw", standing, person, by, reason)
    return standing


def record_many(
    proposals: Iterable[tuple[Proposal, Origin | None]], *, reason: str, by: Actor
) -> dict[str, int]:
    """The batch form: write proposals that have been judged already, in the order given.

    The order is that of KINDS, so that links and placements come before what needs them. A proposal
    whose key is a StagedKey (or None) is new, and its StagedKey learns the key that it got; any other
    is a correction, for `reason`, and changes something. The door writes the audit rows. Gives the number written by kind;
    no record is held on to, so that a bundle of any size fits.
    """
    session = _session()
    placer = Placer(session)
    count: Counter[str] = Counter()
    born: set[int] = set()
    moved: set[int] = set()
    for (kind, new), run in groupby(proposals, key=lambda one: (one[0].kind, _key_of(one[0].key) is None)):
        while batch := list(islice(run, BATCH)):
            written = (
                _insert_batch(session, batch, placer, by)
                if new
                else _update_batch(session, batch, reason, placer, by)
            )
            count[kind.kind_name()] += len(written)
            if kind.kind_name() == "person" and new:
                born.update(row.id for row in written)
            moved |= placed_children(written)
    # Everything about a child whom this batch brought was placed after the child's placements.
    place_again(session, moved - born, by)
    return dict(count)


def _insert_batch(session: Session, batch: Batch, placer: Placer, by: Actor) -> list[Record]:
    rows = [new_row(replace(one, values=_keys_of(one.values)), origin, by) for one, origin in batch]
    for row, key in zip(rows, next_keys(session, batch[0][0].kind, len(rows)), strict=False):
        row.id = key
    for row in rows:
        place(row, placer)
    session.add_all(rows)
    # The keys are needed for the parts, the versions and whatever links to these rows.
    session.flush()
    for (proposal, _), row in zip(batch, rows, strict=True):
        if isinstance(proposal.key, StagedKey):
            proposal.key.written_key = row.id
    _write_down(session, rows, batch, RECORDED, None, by)
    for person_id in placed_children(rows):
        placer.forget(person_id)
    return rows


def _update_batch(
    session: Session, batch: Batch, reason: str | None, placer: Placer, by: Actor
) -> list[Record]:
    kind = batch[0][0].kind
    keys = [proposal.key for proposal, _ in batch]
    found = {row.id: row for row in session.scalars(select(kind).where(kind.id.in_(keys)))}
    rows = [found[key] for key in keys]
    for (proposal, _), row in zip(batch, rows, strict=True):
        if kind.kind_name() == "placement":
            # The database judges stays after every row: one by one, in the order that fits.
            _update(session, row, replace(proposal, values=_keys_of(proposal.values)), reason, placer, by)
            continue
        _was_of(session, row, proposal)
        for name, value in _keys_of(proposal.values).items():
            setattr(row, name, value)
        row.revision += 1
        place(row, placer)
    if kind.kind_name() != "placement":
        session.flush()
        delete_parts(session, rows)
        _write_down(session, rows, batch, CORRECTED, reason, by)
    return rows


def _write_down(
    session: Session, rows: list[Record], batch: Batch, act: str, reason: str | None, by: Actor
) -> None:
    """The parts and versions of a batch. Nobody needs their keys, so many go in one statement."""
    written = [(row, proposal.parts) for row, (proposal, _) in zip(rows, batch, strict=True)]
    parts = [values for row, given in written for values in part_values(row, given)]
    if parts:
        session.execute(insert(rows[0].declaration.part), parts)  # type: ignore[arg-type]
    versions = [version_values(row, act, reason, by, given) for row, given in written]
    session.execute(insert(RecordVersion), versions)
    changed(session, versions[0]["kind"], {one["person_id"] for one in versions})


def _keys_of(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _key_of(value) for name, value in values.items()}


def _key_of(value: Any) -> Any:
    """A key of a record staged in a bundle becomes the key that the database gave it."""
    if isinstance(value, list):
        return [_key_of(one) for one in value]
    return getattr(value, "written_key", value)


def _session() -> Session:
    if not in_transaction():
        raise RuntimeError("Writers work inside core.transaction.transaction(); the door opens it.")
    return db.session()


def _insert(session: Session, proposal: Proposal, origin: Origin | None, placer: Placer, by: Actor) -> Record:
    made = new_row(proposal, origin, by)
    place(made, placer)
    session.add(made)
    session.flush()
    write_parts(session, made, proposal.parts)
    keep(session, made, RECORDED, None, by, proposal.parts)
    if made.kind_name() == "placement":
        placer.forget(made.person_id)  # type: ignore[attr-defined]
    return made


def _update(
    session: Session, standing: Record, proposal: Proposal, reason: str | None, placer: Placer, by: Actor
) -> None:
    before = content_of(standing.asked_values(), parts_of(session, standing), proposal.kind)
    if before == content_of(proposal.values, proposal.parts, proposal.kind):
        return
    _was_of(session, standing, proposal)
    for name, value in proposal.values.items():
        setattr(standing, name, value)
    standing.revision += 1
    if standing.kind_name() == "placement":
        placer.forget(standing.person_id)  # type: ignore[attr-defined]
    place(standing, placer)
    session.flush()
    write_parts(session, standing, proposal.parts)
    keep(session, standing, CORRECTED, reason, by, proposal.parts)


def _was_of(session: Session, row: Record, proposal: Proposal) -> None:
    """A correction may say that a record is another child's: the one who had it changes as well."""
    if "person_id" in proposal.values:
        changed(session, row.kind_name(), [row.person_id])  # type: ignore[attr-defined]


def _after(session: Session, written: list[Record], by: Actor) -> None:
    """A placement was written: the child's other records may belong to another placement now."""
    place_again(session, placed_children(written), by)


def _locked(session: Session, target: Record, revision: int) -> Record:
    """The row as it stands, locked. Raises Stale, or Conflict for a withdrawn record."""
    kind = type(target)
    key = target.id
    standing = session.scalar(_to_lock(kind), {"key": key})
    if standing is None:
        raise NotFound()
    if standing.revision != revision:
        raise Stale(standing.revision)
    if not standing.stands:
        raise Conflict("This record has been withdrawn, so it can no longer be changed.")
    return standing


@cache
def _to_lock(kind: type[Record]) -> Any:
    locked = select(kind).where(kind.id == bindparam("key")).with_for_update()
    return locked.execution_options(populate_existing=True)


def _reason(reason: str) -> str | None:
    text = reason.strip()
    if len(text) > REASON_MOST:
        raise Invalid.of("reason", f"Reason: enter at most {REASON_MOST} characters.")
    return text or None


def _note(action: str, row: Record, person: str, by: Actor, reason: str = "") -> None:
    audit.note(
        action,
        by=by,
        kind=row.kind_name(),
        record=row.public_id,
        revision=row.revision,
        person=person,
        reason=reason,
    )


def _person_of(row: Record) -> str:
    if row.kind_name() == "person":
        return row.public_id
    person_id = getattr(row, "person_id", None)
    if person_id is None:
        return ""
    person = db.session().get(KINDS["person"], person_id)
    return person.public_id if person else ""
