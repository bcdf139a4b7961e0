"""Saving from a page or a program: one transaction, once per key, and contradictions in words."""

from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Conflict, Forbidden, Invalid
from outcomes.kit.declaring.record import Record
from outcomes.web.idempotency import Result, once, request_hash, request_key
from outcomes.web.reads import change_with_reads

TOO_LATE = (
    "This contradicts something that was saved a moment ago, for example another placement on the same "
    "days. Nothing was saved. Look at the record again, then save once more."
)


def must_write(kind: type[Record], by: Actor) -> None:
    """To withdraw a record is to write it: who may withdraw at all still needs its kind's own permission.

    Raises Forbidden.
    """
    if not by.may(kind.declaration.write):
        raise Forbidden


MayChange = Callable[[Session, Record], bool]

_MAY_CHANGE = "outcomes_may_change"


def set_may_change(app: Flask, asked: MayChange) -> None:
    """Connect who may change a record that they may read (`access/` knows)."""
    app.extensions[_MAY_CHANGE] = asked


def may_change(record: Record, by: Actor) -> bool:
    """May the actor change this record? Asked before a page offers to."""
    return record.stands and by.may(record.declaration.write) and _reached(record)


def must_be_changeable(record: Record) -> None:
    """Refuse before anybody types into a form that could not be saved. Raises Conflict or Forbidden."""
    if not record.stands:
        raise Conflict("This record has been withdrawn, so it can no longer be changed.")
    if not _reached(record):
        raise Forbidden("You may read this record but not change it: ask whoever keeps it now.")


def _reached(record: Record) -> bool:
    asked: MayChange = current_app.extensions[_MAY_CHANGE]
    return asked(db.session(), record)


def save(act: Callable[[], Result], *, by: Actor) -> Result:
    """Do `act` in one transaction, and only once for the request's idempotency key.

    What the request opened is audited in the same transaction.

    Raises what `act` raises; a constraint that the database alone could see becomes Invalid.
    """
    assert by.account_id is not None, "only somebody signed in saves from a page"
    key, content = request_key(), request_hash()
    try:
        with change_with_reads() as session:
            return once(session, by.account_id, key, content, act)
    except IntegrityError:
        # The statement and its parameters name children; neither reaches a log or a page.
        raise Invalid.of("", TOO_LATE) from None
