"""Walking the chain: is every entry still what was written, where it was written, and is none gone?"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from outcomes.audit.anchor import Anchor
from outcomes.audit.chain import COVERED, link, read_key
from outcomes.audit.entry import START, AuditEntry, AuditHead
from outcomes.audit.log import key_file
from outcomes.core.database import db

BATCH = 5_000
"""Entries in memory at a time."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk found: `fault` is None when all fits; otherwise it says what, at entry `seq`."""

    checked: int
    seq: int | None = None
    fault: str | None = None

    @property
    def ok(self) -> bool:
        return self.fault is None


def verify(anchors: dict[int, Anchor] | None = None, *, connection: Connection | None = None) -> Verdict:
    """Walk the whole chain in bounded memory; stop at the first entry that does not fit.

    Reads on the session's connection, or on one that is given. Raises Misconfigured when the key cannot
    be read: then nothing can be said.
    """
    connection = connection or db.session.connection()
    head = connection.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    if head is None:
        return Verdict(0, None, "The head is missing: the row that says where the chain ends was deleted.")
    anchors = anchors or {}
    key = read_key(key_file()) if head.seq else b""
    previous, seq = START, 0
    for *covered, told, kept in _entries(connection, head.seq):
        fault = _fault(covered, told, kept, seq + 1, previous, key) or _against_anchor(seq + 1, kept, anchors)
        if fault:
            return Verdict(seq, seq + 1, fault)
        seq, previous = seq + 1, kept
    return _end(connection, seq, previous, head, anchors)


def _entries(connection: Connection, last: int) -> Iterator[Any]:
    """The covered values of each entry, then the hash it says it follows, then its own."""
    table = AuditEntry.__table__.c
    wanted: Select[Any] = select(
        *(table[name] for name in COVERED), table.previous_hash, table.hash
    ).order_by(table.seq)
    seen: int | None = None
    while True:
        after = wanted.where(table.seq > seen) if seen is not None else wanted
        batch = connection.execute(after.where(table.seq <= last).limit(BATCH)).all()
        if not batch:
            return
        yield from batch
        seen = batch[-1][0]


def _fault(covered: list[Any], told: str, kept: str, expected: int, previous: str, key: bytes) -> str | None:
    if covered[0] != expected:
        return f"Entry {expected} is missing: entry {covered[0]} stands in its place."
    if told != previous:
        return f"Entry {expected} does not follow the entry before it: one of the two was replaced."
    if not hmac.compare_digest(kept, link(key, previous, covered)):
        return f"Entry {expected} is not what was written: a value or its hash was changed."
    return None


def _against_anchor(seq: int, kept: str, anchors: dict[int, Anchor]) -> str | None:
    anchor = anchors.get(seq)
    if anchor and anchor.hash != kept:
        return f"Entry {seq} differs from the anchor of {anchor.at}: the chain was written anew."
    return None


def _end(connection: Connection, seq: int, last_hash: str, head: Any, anchors: dict[int, Anchor]) -> Verdict:
    if seq != head.seq:
        return Verdict(seq, seq + 1, f"Entries {seq + 1} to {head.seq} are missing: the tail was cut off.")
    if last_hash != head.hash:
        return Verdict(seq, seq, "The head does not fit the last entry: one of the two was changed.")
    furthest = max(anchors, default=0)
    if furthest > seq:
        told = f"An anchor knows entry {furthest}; the log ends at {seq}: the tail was cut off."
        return Verdict(seq, seq + 1, told)
    # Asked in one statement, as others may be writing while we walk.
    beyond = select(func.count()).where(AuditEntry.seq > select(AuditHead.seq).scalar_subquery())
    if connection.execute(beyond).scalar_one():
        return Verdict(seq, head.seq + 1, "There are entries beyond the head: they were not written by us.")
    return Verdict(seq)
