"""Writing the audit: entries are collected while a transaction runs and written as its last step.

The head's lock is taken last, so that writers wait for each other only while the rows go in. When
the audit cannot be written, everything is undone and the answer is Unavailable: no act without
its entry, no page without its entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from flask import Flask, current_app, has_request_context, request
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from outcomes.audit import ddl  # noqa: F401 - attaches the triggers to the tables
from outcomes.audit.chain import COVERED, link, make_key, read_key
from outcomes.audit.entry import AuditEntry, AuditHead
from outcomes.core.actor import Actor
from outcomes.core.clock import now
from outcomes.core.database import db
from outcomes.core.errors import Misconfigured, Unavailable
from outcomes.core.settings import Settings
from outcomes.core.transaction import before_commit, in_transaction, pending, transaction

Outcome = Literal["ok", "refused", "throttled"]

_PENDING, _WRITTEN = "audit_pending", "audit_written"
_CANNOT = "The audit cannot be written, so nothing was done and nothing is shown. Try again shortly."


@dataclass(frozen=True, slots=True)
class _Note:
    """One entry before it has its place in the chain."""

    account_id: int | None
    role: str
    session: str
    action: str
    kind: str
    record: str
    revision: int | None
    person: str
    outcome: Outcome
    reason: str
    route: str
    count: int
    at: datetime = field(default_factory=now)


_NOTED = tuple(one.name for one in fields(_Note))


@dataclass(frozen=True, slots=True)
class Read:
    """Something that was shown, or refused: which record of which kind, about whom, or how many."""

    action: str
    kind: str = ""
    record: str = ""
    person: str = ""
    count: int = 1
    outcome: Outcome = "ok"


def init_audit(app: Flask, settings: Settings) -> None:
    """Tell the audit where its key is. The key itself is read when the first entry is written."""
    app.extensions["outcomes_audit"] = settings.audit_key_file


def note(
    action: str,
    *,
    by: Actor | None,
    kind: str = "",
    record: str = "",
    revision: int | None = None,
    person: str = "",
    outcome: Outcome = "ok",
    reason: str = "",
    count: int = 1,
) -> None:
    """Note an act; the entry is written when the open `transaction()` commits.

    `action` is a `resource:verb` word; `record` and `person` are public identifiers; `reason` is
    why, in the actor's words, never what a record says. `by=None` is somebody not signed in.
    """
    if not in_transaction():
        raise RuntimeError("audit.note() belongs inside core.transaction.transaction().")
    entry = _Note(
        account_id=by.account_id if by else None,
        role=by.role if by else "",
        session=by.session_id if by else "",
        action=action,
        kind=kind,
        record=record,
        revision=revision,
        person=person,
        outcome=outcome,
        reason=reason or (by.reason if by else ""),
        route=_route(),
        count=count,
    )
    _pending(db.session()).append(entry)


def record_reads(reads: Iterable[Read], *, by: Actor | None) -> None:
    """Write what is about to be shown, in one short transaction, before the response leaves.

    Raises Unavailable when the audit cannot be written; then nothing may be shown.
    """
    try:
        with transaction():
            note_reads(reads, by=by)
    except SQLAlchemyError as error:
        raise Unavailable(_CANNOT) from error


def note_reads(reads: Iterable[Read], *, by: Actor | None) -> None:
    """Note what is about to be shown together with a change: written when the open `transaction()` commits."""
    for read in reads:
        note(
            read.action,
            by=by,
            kind=read.kind,
            record=read.record,
            person=read.person,
            count=read.count,
            outcome=read.outcome,
        )


@before_commit
def write_pending(session: Session) -> None:
    """The last step of a transaction: give every noted entry its place in the chain."""
    entries = _pending(session)
    if not entries:
        return
    try:
        _append(session, entries)
    except (SQLAlchemyError, Misconfigured, OSError) as error:
        raise Unavailable(_CANNOT) from error
    # A note that comes after this would be lost; `_pending` refuses it.
    session.info[_WRITTEN] = entries


# Built once: every page that shows something of a child appends.
_HEAD = select(AuditHead.seq, AuditHead.hash).with_for_update()
_APPEND = insert(AuditEntry)
_MOVE_HEAD = update(AuditHead).values(seq=bindparam("seq"), hash=bindparam("hash"))


def _append(session: Session, entries: list[_Note]) -> None:
    connection = session.connection()
    # SQLite has one writer by nature and leaves FOR UPDATE out.
    head = connection.execute(_HEAD).one()
    key = _key(log_is_empty=head.seq == 0)
    rows: list[dict[str, Any]] = []
    previous = head.hash
    for seq, entry in enumerate(entries, start=head.seq + 1):
        row = {"seq": seq, **{name: getattr(entry, name) for name in _NOTED}, "previous_hash": previous}
        previous = row["hash"] = link(key, previous, [row[name] for name in COVERED])
        rows.append(row)
    connection.execute(_APPEND, rows)
    connection.execute(_MOVE_HEAD, {"seq": rows[-1]["seq"], "hash": previous})


def key_file() -> Path:
    """Where this application's audit key is kept."""
    path: Path = current_app.extensions["outcomes_audit"]
    return path


def _key(*, log_is_empty: bool) -> bytes:
    path = key_file()
    # A lost key is never replaced in silence: the chain would break at that entry without anybody
    # having decided it.
    if log_is_empty and not path.exists():
        make_key(path)
    return read_key(path)


def _pending(session: Session) -> list[_Note]:
    """The notes of the running transaction."""
    entries: list[_Note] = pending(session, _PENDING, list)
    if session.info.get(_WRITTEN) is entries:
        raise RuntimeError("The audit of this transaction is written: steps that note come before it.")
    return entries


def _route() -> str:
    """The address's pattern (never the address itself: patterns hold no identifiers)."""
    if not has_request_context():
        return ""
    rule = request.url_rule.rule if request.url_rule else "?"
    return f"{request.method} {rule}"
