"""Saving from a page or a program: one transaction, once per key, and contradictions in words."""

from collections.abc import Callable

from sqlalchemy.exc import IntegrityError

from outcomes.core.actor import Actor
from outcomes.core.errors import Forbidden, Invalid
from outcomes.core.transaction import transaction
from outcomes.kit.record import Record
from outcomes.web.idempotency import Result, once, request_hash, request_key

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


def save(act: Callable[[], Result], *, by: Actor) -> Result:
    """Do `act` in one transaction, and only once for the request's idempotency key.

    Raises what `act` raises; a constraint that the database alone could see becomes Invalid.
    """
    assert by.account_id is not None, "only somebody signed in saves from a page"
    key, content = request_key(), request_hash()
    try:
        with transaction() as session:
            return once(session, by.account_id, key, content, act)
    except IntegrityError:
        # The statement and its parameters name children; neither reaches a log or a page.
        raise Invalid.of("", TOO_LATE) from None
