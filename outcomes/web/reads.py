"""The audit of reads: what a view opened is written down before the answer leaves.

Views say what they opened with `note_read`; after the view has made its answer the notes go to a
hook (`set_read_writer`) that writes them in its own short transaction. When that fails, the
answer is thrown away and 503 goes out instead: nothing is shown that was not written down. Where
the view also changes something, they are written with the change (`change_with_reads`).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from outcomes.core.actor import Actor
from outcomes.core.errors import Misconfigured, Unavailable
from outcomes.core.transaction import transaction
from outcomes.web.errors import answer
from outcomes.web.guard import known_actor
from outcomes.web.logs import log_fault
from outcomes.web.routes import NO_AUDIT, current_declaration, is_public_id

Outcome = Literal["ok", "refused"]


@dataclass(frozen=True, slots=True)
class Read:
    """One line for the audit: an address used, a record or a list of records opened, or a refusal.

    `kind` and `public_id` are blank where the address itself is all there is to say. `count` is how
    many records were shown; `person` is the public id of the child they are about.
    """

    action: str
    route: str
    outcome: Outcome = "ok"
    kind: str = ""
    public_id: str = ""
    count: int = 1
    person: str = ""


ReadWriter = Callable[[Actor | None, Sequence[Read]], None]

_WRITER = "outcomes_read_writer"
_NOTES = "web_reads"


def set_read_writer(app: Flask, writer: ReadWriter) -> None:
    """Connect the audit. `writer` keeps the reads for good before it returns, or raises.

    Inside `transaction()` it keeps them with that transaction.
    """
    app.extensions[_WRITER] = writer


def check_reads(app: Flask) -> None:
    """Refuse to start without an audit to write reads to."""
    if _WRITER not in app.extensions:
        raise Misconfigured("No audit of reads is connected. Call web.reads.set_read_writer(app, …).")


def install_reads(app: Flask) -> None:
    app.after_request(_write_reads)


def note_read(kind: str, public_id: str, count: int = 1, person: str | None = None) -> None:
    """Note that this request opened a record, or `count` of them. Before the answer is made.

    An answer that is streamed must note what it will show before its first byte.
    """
    declaration = current_declaration()
    if declaration is None or declaration.audit == NO_AUDIT:
        raise RuntimeError(
            f"{request.endpoint} opens records, so its route must declare an action in audit=."
        )
    notes: list[Read] = g.setdefault(_NOTES, [])
    notes.append(
        Read(
            action=declaration.audit,
            route=_rule(),
            kind=kind,
            public_id=public_id,
            count=count,
            person=person or "",
        )
    )


@contextmanager
def change_with_reads() -> Iterator[Session]:
    """A `transaction()` that also writes what the request has opened: one commit for both.

    Where the change is undone, so is the writing: the reads are still noted, and are written by
    themselves when the answer leaves.
    """
    noted: list[Read] = g.setdefault(_NOTES, [])
    with transaction() as session:
        yield session
        written = len(noted)
        if noted:
            current_app.extensions[_WRITER](known_actor(), tuple(noted))
    del noted[:written]


def write_one(actor: Actor | None, action: str) -> None:
    """Write one line for what is done outside any view. Raises what the audit raises."""
    current_app.extensions[_WRITER](actor, [Read(action=action, route=_rule())])


def _rule() -> str:
    return request.url_rule.rule if request.url_rule else ""


def _asked_for() -> str:
    """The identifier that was tried: the last in the address, whether or not there is such a record."""
    tried = [str(value) for value in (request.view_args or {}).values() if is_public_id(str(value))]
    return tried[-1] if tried else ""


def _reads_of(response: Response) -> list[Read]:
    declaration = current_declaration()
    if declaration is None or declaration.audit == NO_AUDIT:
        return []
    noted: list[Read] = list(g.get(_NOTES, ()))
    status = response.status_code
    # 403 and 404 of somebody who is signed in are tries at what is not theirs.
    if status in (403, 404) and known_actor():
        refused = Read(action=declaration.audit, route=_rule(), outcome="refused", public_id=_asked_for())
        return [*noted, refused]
    shown = 200 <= status < 300 or status == 304
    if not noted and shown and request.method in ("GET", "HEAD"):
        return [Read(action=declaration.audit, route=_rule())]
    return noted


def _write_reads(response: Response) -> Response:
    reads = _reads_of(response)
    if not reads:
        return response
    try:
        current_app.extensions[_WRITER](known_actor(), reads)
    except Exception as error:
        # Whatever went wrong, the promise is the same: not written down, not shown.
        log_fault(error, "reads not audited")
        response.close()
        return answer(Unavailable("What you open cannot be recorded just now, so it is not shown."))
    return response
