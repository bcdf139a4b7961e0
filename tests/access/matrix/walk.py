"""One role on its way through the matrix: what it asks, and what is wrong with the answers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from outcomes.audit.entry import AuditEntry
from outcomes.core.database import db
from outcomes.web.routes import NO_AUDIT
from tests.access import policy_table
from tests.access.attacked.canaries import canaries_in, canaries_of, mark, texts_of
from tests.access.attacked.town import Town
from tests.access.matrix.cells import SINCE, Cell
from tests.access.matrix.names import ALSO, CHILD_OF, owner_name, record_name
from tests.access.matrix.requests import address_of, body_of
from tests.access.matrix.undoing import SAVED
from tests.access.policy_table import YES
from tests.builders import token_of

SHOWN_OR_DONE = (200, 303, 304, SAVED, 422)
"""422 is an answer to somebody who may: their words were judged."""


@dataclass
class Walk:
    """One role on its way through the matrix."""

    town: Town
    role: str
    faults: list[str] = field(default_factory=list)
    asked: int = 0
    done: set[str] = field(default_factory=set)
    """Kinds and verbs that were carried out to the last step, so that nobody is served by a wall."""

    def __post_init__(self) -> None:
        self.client = self.town.client(self.role)
        self.token = (
            token_of(self.client.get("/organisations").text) if self.role in policy_table.ROLES else ""
        )
        self.visible = marks_seen_by(self.role)
        self.known = {public_id: name for name, public_id in self.town.ids.items()}
        self.last = last_entry(self.town)

    def ask(self, cell: Cell) -> None:
        """One request; what is wrong with its answer goes into `faults`."""
        answer = self.send(cell)
        told = f"{self.role}: {cell.says}"
        expected = cell.expected(self.role)
        # What a record since would link to is hidden: a link to it answers like a link to nothing.
        no_link = (cell.whose, cell.to_do) == (SINCE, "add") and answer.status_code in (200, 422)
        if not is_as(answer, expected) and not no_link:
            self.faults.append(f"{told}: the table says {expected}, the answer was {answer.status_code}")
        if answer.status_code == SAVED:
            self.done.add(cell.verb)
        self.faults += [f"{told}: {fault}" for fault in self.leaks(cell, answer)]
        self.faults += [f"{told}: {fault}" for fault in self.unwritten(cell, answer)]

    def send(self, cell: Cell) -> TestResponse:
        self.asked += 1
        where = address_of(self.town, cell)
        if cell.method == "GET":
            return self.client.get(where)
        headers = {"X-CSRF-Token": self.token, "Idempotency-Key": f"{self.role}-{self.asked}"}
        body = body_of(self.town, cell)
        if "/api/" in where:
            name = record_name(cell.kind, cell.whose) if cell.group.kinds else ""
            headers["If-Match"] = f'"{self.town.revisions.get(name, 1)}"'
            return self.client.open(where, method=cell.method, json=body, headers=headers)
        return self.client.open(where, method=cell.method, data=body, headers=headers)

    def leaks(self, cell: Cell, answer: TestResponse) -> Iterator[str]:
        """Canaries and identifiers that this reader may not see. What was sent may be said again."""
        body = str(body_of(self.town, cell)) if cell.method != "GET" else ""
        sent = f"{answer.request.path}?{answer.request.query_string.decode()} {body}"
        own_words = canaries_of(body)
        for found, name in sorted(canaries_in(answer)):
            if found not in self.visible and (found, name) not in own_words:
                yield f"shows {found}-{name}"
        said = "\n".join([str(answer.headers), *texts_of(answer)])
        for public_id in set(_PUBLIC_ID.findall(said)) & self.known.keys():
            if mark(self.known[public_id]) not in self.visible and public_id not in sent:
                yield f"shows the identifier of {self.known[public_id]}"

    def unwritten(self, cell: Cell, answer: TestResponse) -> Iterator[str]:
        """What the audit lacks about this answer (reads that were shown, and everything refused)."""
        action = cell.row["audit"]
        entries = entries_after(self.town, self.last)
        self.last = entries[-1].seq if entries else self.last
        if action == NO_AUDIT or self.role not in policy_table.ROLES:
            return
        mine = [one for one in entries if one.role == self.role and one.action == action]
        if answer.status_code in (403, 404):
            if not any(one.outcome == "refused" for one in mine):
                yield f"answers {answer.status_code}, and the audit has no entry of it"
        elif answer.status_code == 200 and cell.method == "GET":
            if not any(one.outcome == "ok" for one in mine):
                yield "is shown, and the audit has no entry of it"
            child = owner_name(cell.kind, cell.whose) if cell.whose in CHILD_OF else ""
            if child and not any(one.person == self.town.ids[child] for one in mine):
                yield "is shown, and the audit does not say whose record it was"


_PUBLIC_ID = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])")


def is_as(answer: TestResponse, expected: str) -> bool:
    if expected == YES and "A" * 22 in answer.request.path:
        # A link that nobody was sent, a token that nobody made.
        return answer.status_code in (404, 422)
    if expected == YES:
        return answer.status_code in SHOWN_OR_DONE and not _sent_to_sign_in(answer)
    return answer.status_code == int(expected)


def _sent_to_sign_in(answer: TestResponse) -> bool:
    return answer.headers.get("Location", "").startswith("/sign-in")


def marks_seen_by(role: str) -> set[str]:
    """The marks of every record that the table lets a role read."""
    seen = {mark(f"organisation {name}") for name in ("elm", "birch", "north", "south")}
    for group in policy_table.table().values():
        for (to_do, whose), cells in group.cells.items():
            if to_do == "read" and cells.get(role) == YES and group.kinds:
                names = {record_name(kind, whose) for kind in group.kinds}
                seen |= {mark(name) for name in names.union(*(ALSO.get(one, ()) for one in names))}
                seen |= {mark(f"author {' '.join(CHILD_OF[whose]).strip()}")} if whose in CHILD_OF else set()
    return seen | {mark("instrument wheel")}


def last_entry(town: Town) -> int:
    with town.app.app_context():
        return db.session.scalar(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1)) or 0


def entries_after(town: Town, seq: int) -> Sequence[Any]:
    with town.app.app_context():
        columns = (AuditEntry.seq, AuditEntry.role, AuditEntry.action, AuditEntry.outcome, AuditEntry.person)
        return db.session.execute(select(*columns).where(AuditEntry.seq > seq).order_by(AuditEntry.seq)).all()
