"""The one commit. Pages, the programs' door, commands, import and the audit of reads all use it.

A write is one transaction: the record, its version and its audit row stand or fall together.
Steps that must come last (the audit chain locks its head last) register with `before_commit`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from outcomes.core.database import WRITING, db

Kept = TypeVar("Kept")

_before_commit: list[Callable[[Session], None]] = []


def before_commit(step: Callable[[Session], None]) -> Callable[[Session], None]:
    """Register a step that runs last inside every writing transaction."""
    if step not in _before_commit:
        _before_commit.append(step)
    return step


def pending(session: Session, name: str, make: Callable[[], Kept]) -> Kept:
    """What is collected under `name` for the end of the running transaction; `make` begins it.

    What one that was undone had collected is forgotten.
    """
    running = session.get_transaction()
    kept: tuple[Any, Kept] | None = session.info.get(name)
    if kept is None or kept[0] is not running:
        kept = session.info[name] = (running, make())
    return kept[1]


def in_transaction() -> bool:
    """True inside `transaction()`: the only place where anything may be written."""
    return bool(db.session.info.get("writing"))


@contextmanager
def transaction() -> Iterator[Session]:
    """A writing transaction on the current session; commits at the end, or undoes everything.

    What was read before is read again: a SQLite reader cannot become a writer, and a decision
    taken on an old reading is what loses updates.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("A transaction is already open: services never open one, doors do.")
    session.rollback()
    with _in_turn(session):
        session.info["writing"] = True
        try:
            session.connection(execution_options={WRITING: True})
            yield session
            session.flush()
            for step in _before_commit:
                step(session)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["writing"] = False


# Of this process's threads. Between processes the database's own lock decides.
_turn = Lock()
LONGEST_WAIT = 30.0
"""Seconds; then the database itself is asked, which says whether it is locked for good."""


@contextmanager
def _in_turn(session: Session) -> Iterator[None]:
    """On SQLite, which has one writer, the next one begins at once when the last has ended.

    The database would have it sleep and look again, longer each time, and who came late could go first.
    """
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    mine = _turn.acquire(timeout=LONGEST_WAIT)
    try:
        yield
    finally:
        if mine:
            _turn.release()
