"""Nothing is kept: what is about to be saved is undone by the last step of its own transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, g, has_request_context, request
from sqlalchemy.orm import Session

from outcomes.audit import log as the_audit
from outcomes.core import transaction as the_commit
from outcomes.core.errors import OutcomesError

SAVED = 418
"""The answer to what would have been saved, had the test not undone it."""

WRITING = ("POST", "PUT", "PATCH", "DELETE")


class WouldBeSaved(OutcomesError):
    """Everything about this request was found right, and it was about to be kept."""

    code, status = "would_be_saved", SAVED

    def __init__(self) -> None:
        super().__init__("This would have been saved.")


def undo(session: Session) -> None:
    """The last step of a request's own transaction. That of its reads, once the answer is made, goes through."""
    if (
        has_request_context()
        and request.method in WRITING
        and "answered" not in g
        and request.path != "/sign-in"
        # Every change of a record is noted. What notes nothing only says that somebody is still there,
        # or counts how often a password was asked for, in a transaction before the one that matters.
        and the_commit.pending(session, the_audit._PENDING, list)
    ):
        raise WouldBeSaved


def _answered(response: Response) -> Response:
    g.answered = True
    return response


@contextmanager
def nothing_kept(app: Flask) -> Iterator[None]:
    """While this lasts, no request changes a record."""
    last = app.after_request_funcs.setdefault(None, [])
    # What is added last is done first: before the audit of reads.
    last.append(_answered)
    the_commit.before_commit(undo)
    try:
        yield
    finally:
        the_commit._before_commit.remove(undo)
        last.remove(_answered)
