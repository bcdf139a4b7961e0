"""When what is recorded of each child last changed, by kind, numbered in the order of the commits.

Whatever is kept of figures is judged by this: what was made at number N still stands unless a
record of a kind that it reads, of a child whom it counts, has a higher number. No dates are looked
at: a card may look past the end of its period (a return interview within 72 hours, a review that
was due), so a record of any day may move a figure of an earlier one.

The number is taken as one of the last steps of a writing transaction, from the one row of
`change_clock`, which stays locked until the commit: who sees a number sees everything up to it. A
sequence would not do, as PostgreSQL hands out its numbers before what they number can be seen.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Index, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from outcomes.core.database import Base, insert_or
from outcomes.core.transaction import before_commit, pending

OF_NO_CHILD = 0
"""Stands for the child of a record that belongs to none: a contract, a home, an instrument."""

_CHANGED = "record_changes"


class ChangeClock(Base):
    """One row: the number of the last transaction that changed a record."""

    __tablename__ = "change_clock"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(Integer)


class RecordChange(Base):
    """The last change of any record of a kind that belongs to a child (`about`: the child's key, or 0)."""

    __tablename__ = "record_change"

    kind: Mapped[str] = mapped_column(String(60), primary_key=True)
    about: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index(None, "number"),)


def changed(session: Session, kind: str, people: Iterable[int | None]) -> None:
    """Note that records of a kind were written, for these children (None: for no child)."""
    noted: set[tuple[str, int]] = pending(session, _CHANGED, set)
    noted.update((kind, OF_NO_CHILD if person is None else person) for person in people)


@before_commit
def number_changes(session: Session) -> None:
    """Give what this transaction changed the next number."""
    noted: set[tuple[str, int]] = pending(session, _CHANGED, set)
    if not noted:
        return
    dialect = session.get_bind().dialect.name
    number = session.execute(_next_number(dialect)).scalar_one()
    session.execute(
        _marks(dialect), [{"kind": kind, "about": about, "number": number} for kind, about in sorted(noted)]
    )
    noted.clear()


@cache
def _next_number(dialect: str) -> Any:
    clock = insert_or(dialect, ChangeClock).values(id=1, number=1)
    up = {"number": ChangeClock.number + 1}
    return clock.on_conflict_do_update(index_elements=["id"], set_=up).returning(ChangeClock.number)


@cache
def _marks(dialect: str) -> Any:
    mark = insert_or(dialect, RecordChange)
    to_this = {"number": mark.excluded.number}
    return mark.on_conflict_do_update(index_elements=["kind", "about"], set_=to_this)


def last_number(session: Session) -> int:
    """The number up to which this session sees everything; 0 where nothing was written yet."""
    return session.scalar(select(ChangeClock.number)) or 0


def changes_after(session: Session, number: int) -> dict[str, dict[int, int]]:
    """What changed after a number: by kind and child (or `OF_NO_CHILD`) the number of its last change."""
    found: dict[str, dict[int, int]] = {}
    after = select(RecordChange.kind, RecordChange.about, RecordChange.number)
    for kind, about, at in session.execute(after.where(RecordChange.number > number)):
        found.setdefault(kind, {})[about] = at
    return found
