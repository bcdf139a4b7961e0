"""Which placement a child's record belongs to: the one open on the day it is about.

Set when the record is written, and set again (as a version) when that day or a placement of the
child is corrected, so that every figure knows its home and its contract. The day of a move
belongs to the new stay; on a day without a placement it is blank, and the data-quality list says so.

This is the one step of a write that reaches beyond the writer's scope: a manager who corrects a
stay at her home moves records that she may not see, and they must land in the stay that is right,
whoever's it is. It reads and changes nothing but which placement a record belongs to, and tells
the writer nothing of what it saw.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from outcomes.core import clock
from outcomes.core.actor import Actor
from outcomes.kit.declaring.record import KINDS, ChildRecord, Record
from outcomes.kit.writing.beyond import beyond
from outcomes.kit.writing.changes import changed
from outcomes.kit.writing.versions import PLACED, RecordVersion, content_of, declaration_mark

WHY = "A placement of the child was changed"


def _table(kind: Any) -> Any:
    return kind.__table__


class Placer:
    """Answers for the placements of one child at a time, reading each child's once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stays: dict[int, list[tuple[date, date | None, int]]] = {}

    def placement_on(self, person_id: int, day: date | None) -> int | None:
        """The key of the placement open on `day`: started on or before it, and not ended on or before it."""
        if day is None:
            return None
        if person_id not in self._stays:
            self._stays[person_id] = self._read(person_id)
        for started, ended, key in self._stays[person_id]:
            if started <= day and (ended is None or ended > day):
                return key
        return None

    def forget(self, person_id: int) -> None:
        """The child's placements were changed."""
        self._stays.pop(person_id, None)

    def _read(self, person_id: int) -> list[tuple[date, date | None, int]]:
        # What was just added must be there before the connection is asked past the session.
        self._session.flush()
        stays = _table(KINDS["placement"]).c
        found = beyond(
            self._session,
            select(stays.started_on, stays.ended_on, stays.id)
            .where(stays.person_id == person_id, stays.withdrawn_at.is_(None))
            .order_by(stays.started_on),
        )
        return [(row[0], row[1], row[2]) for row in found]


def place_again(session: Session, children: Iterable[int], by: Actor) -> None:
    """Placements of these children were written: their other records may belong to another one now."""
    placer = Placer(session)
    moved = False
    for person_id in children:
        for kind in KINDS:
            if issubclass(kind, ChildRecord):
                for row in _standing(session, kind, person_id):
                    right = placer.placement_on(person_id, kind.about_in(row))
                    if right != row["placement_id"]:
                        _move(session, kind, row, right, by)
                        moved = True
    if moved:
        # Records in hand are read again when they are next looked at.
        session.expire_all()


def _standing(session: Session, kind: type[Record], person_id: int) -> list[Mapping[str, Any]]:
    table = _table(kind)
    wanted = select(table).where(table.c.person_id == person_id, table.c.withdrawn_at.is_(None))
    return list(beyond(session, wanted).mappings())


def _move(session: Session, kind: type[Record], row: Mapping[str, Any], right: int | None, by: Actor) -> None:
    table = _table(kind)
    revision = row["revision"] + 1
    beyond(
        session, update(table).where(table.c.id == row["id"]).values(placement_id=right, revision=revision)
    )
    version = {
        "kind": kind.kind_name(),
        "record_id": row["id"],
        "revision": revision,
        "act": PLACED,
        "person_id": row["person_id"],
        "placement_id": right,
        "content": content_of(row, _parts(session, kind, row["id"]), kind),
        "author_id": by.account_id,
        "author_name": by.name,
        "recorded_at": clock.now(),
        "reason": WHY,
        "declaration": declaration_mark(kind),
    }
    beyond(session, insert(_table(RecordVersion)).values(version))
    changed(session, kind.kind_name(), [row["person_id"]])


def _parts(session: Session, kind: type[Record], owner: int) -> list[Mapping[str, Any]]:
    part = kind.declaration.part
    if part is None:
        return []
    table = _table(part)
    return list(
        beyond(session, select(table).where(table.c[part.part_of] == owner).order_by(table.c.id)).mappings()
    )
