"""Which placement a child's record belongs to: the one open on the day it is about.

Set when the record is written, and set again (as a version) when that day or a placement of the
child is corrected, so that every figure knows its home and its contract. The day of a move
belongs to the new stay; on a day without a placement it is blank, and the data-quality list says so.
"""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from outcomes.kit.record import KINDS, ChildRecord


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
        stay = KINDS["placement"]
        found = self._session.execute(
            select(stay.started_on, stay.ended_on, stay.id)  # type: ignore[attr-defined]
            .where(stay.person_id == person_id, stay.standing())  # type: ignore[attr-defined]
            .order_by(stay.started_on)  # type: ignore[attr-defined]
        )
        return [(row[0], row[1], row[2]) for row in found]


def misplaced(session: Session, person_id: int, placer: Placer) -> Iterator[tuple[ChildRecord, int | None]]:
    """The child's standing records whose placement is no longer right, each with the right one."""
    for kind in KINDS:
        if not issubclass(kind, ChildRecord):
            continue
        for record in session.scalars(select(kind).where(kind.person_id == person_id, kind.standing())):
            right = placer.placement_on(person_id, record.about_on)
            if right != record.placement_id:
                yield record, right
