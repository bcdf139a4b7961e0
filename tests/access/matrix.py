"""The walk of the matrix: every address, by every role, about the record of every relationship.

What must happen stands in `policy_table.md`. Nothing is changed on the way: whatever would be saved is
undone by the last step of its own transaction, after every check of the product has been passed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from outcomes.audit import log as the_audit
from outcomes.audit.entry import AuditEntry
from outcomes.core import transaction as the_commit
from outcomes.core.database import db
from outcomes.core.errors import OutcomesError
from outcomes.core.token_scopes import TokenScope
from outcomes.kit.declaring.fields import Day, Instant, Many, Pairs, Text, YesNo
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.reading.view import raw_of
from outcomes.kit.writing.states import parts_of
from outcomes.web.routes import NO_AUDIT, RouteAsJson, declarations
from tests.access import policy_table
from tests.access.attacked import Town, canaries_in, day, mark, texts_of
from tests.access.policy_table import ANYTHING, NOT_ALLOWED, NOT_THERE, YES, Group, group_of
from tests.builders import PASSWORD, token_of

SAVED = 418
"""The answer to what would have been saved, had the test not undone it."""

SHOWN_OR_DONE = (200, 303, 304, SAVED, 422)
"""422 is an answer to somebody who may: their words were judged."""

CHANGES = ("add", "correct", "withdraw")

READING, WRITING = ("GET",), ("POST", "PUT", "PATCH", "DELETE")

NAMES: Mapping[str, tuple[str, str]] = {
    "own home": ("organisation elm", "home elm"),
    "other home of ours": ("organisation elm", "home oak"),
    "other provider's home": ("organisation birch", "home birch"),
    "our household": ("organisation elm", "carer_household marlow"),
    "other provider's household": ("organisation birch", "carer_household thames"),
    "colleague": ("organisation elm", "staff eve"),
    "own child's social worker": ("organisation north", "staff sam"),
    "other council's social worker": ("organisation south", "staff una"),
    "key child's social worker": ("organisation north", "staff nell"),
    "other child's social worker": ("organisation north", "staff noor"),
    "other provider's worker": ("organisation birch", "staff bob"),
    "our provider": ("", "organisation elm"),
    "another provider": ("", "organisation birch"),
    "own contract": ("organisation elm", "contract elm"),
    "other contract": ("organisation birch", "contract birch"),
}
"""Owner and record behind a row of the table; children: CHILD_OF."""

FIRST = {"person": "person own", "organisation": "organisation elm", "instrument": "instrument wheel"}
"""What is sent where the table leaves nothing to choose."""

ALSO: Mapping[str, Sequence[str]] = {"staff eve": ("staff ada",), "staff sam": ("staff iris",)}
"""Others of whom the same row speaks."""

CHILD_OF: Mapping[str, tuple[str, str]] = {
    "own": ("own", ""),
    "other council": ("south", ""),
    "key child elsewhere": ("key", ""),
    "other home": ("oak", ""),
    "former, then": ("gone", ""),
    "former, since": ("gone", " now"),
    "other provider": ("birch", ""),
}
"""The child behind a row, and which of their records."""

CROSSED = "other provider's, under one's own child"
"""A record that is not one's own, asked for below the address of a child who is."""


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


@dataclass(frozen=True, slots=True)
class Cell:
    """One question of the table: an address with a method, about somebody's record."""

    row: RouteAsJson
    method: str
    group: Group
    to_do: str
    whose: str

    def expected(self, role: str) -> str:
        """What the table says."""
        if self.group.title == policy_table.EVERYBODY:
            return YES
        if self.whose == CROSSED:
            own = self.group.cells[self.to_do, "own"][role]
            return NOT_ALLOWED if own == NOT_ALLOWED else NOT_THERE
        said = self.group.cells[self.to_do, self.whose][role]
        listed = self.group.cells.get(("list", self.whose.replace("since", "then")))
        writes = "yes" in (cells[role] for (done, _), cells in self.group.cells.items() if done == "add")
        if self.to_do == "add" and self.method == "GET" and (writes or said != NOT_ALLOWED) and listed:
            # The form is there for whoever may list; which days and places may be saved is asked when saving.
            return listed[role]
        return said

    @property
    def kind(self) -> str:
        return kind_of(self.row)

    @property
    def verb(self) -> str:
        return f"{self.kind}:{self.to_do}"

    @property
    def says(self) -> str:
        return f"{self.method} {self.row['rule']}, {self.to_do} ({self.whose})"


def cells_of(town: Town) -> list[Cell]:
    """Every address × method × relationship that there is. Raises NotInTheTable for an address of nobody's."""
    return [
        Cell(row, method, group, done, whose)
        for row in declarations(town.app)
        for group, to_do in [group_of(row)]
        for method in row["methods"]
        if method != "OPTIONS"
        for done, whose in _asked_about(town, row, group, to_do)
    ]


def allowed(cells: Sequence[Cell], role: str) -> set[str]:
    """The kinds and verbs (`Walk.done`) that a role may carry out about anybody."""
    return {
        cell.verb
        for cell in cells
        if cell.method != "GET" and cell.to_do in CHANGES and cell.expected(role) == YES
    }


def _asked_about(town: Town, row: RouteAsJson, group: Group, to_do: str) -> Iterator[tuple[str, str]]:
    if not to_do:
        # Addresses by themselves: every row of their section, or the only answer there is.
        full = [key for key in group.cells if key[0] != IN_FULL or not row["rule"].startswith("/scorecard")]
        yield from full or [("open", ANYTHING)]
        return
    names_a_record = re.search(r"<public_id:(?!owner|child>)", row["rule"]) is not None
    kind = kind_of(row)
    for whose in group.whose(to_do):
        # "Since" is told from "then" by the day of the record that is sent.
        if not (names_a_record or whose == SINCE) or record_name(kind, whose) in town.ids:
            yield to_do, whose
    if names_a_record and row["rule"].count("<") == 2 and "/children/<" in row["rule"]:
        yield to_do, CROSSED


IN_FULL, SINCE = "children and places", "former, since"


def kind_of(row: RouteAsJson) -> str:
    """The kind that an address is about, by its word in the audit."""
    resource = row["audit"].partition(":")[0].replace("-", "_")
    return {"child": "person"}.get(resource, resource)


BELOW_A_PLACE = ("measure_target", "contract_setting", "home_capacity")
"""Kinds that belong to a contract or a home, with the same name as that."""


def record_name(kind: str, whose: str) -> str:
    if whose == CROSSED:
        return f"{kind} birch"
    if whose in CHILD_OF:
        child, when = CHILD_OF[whose]
        return f"{kind} {child}" if kind == "person" else f"{kind} {child}{when}"
    if whose == ANYTHING:
        return FIRST[kind]
    name = NAMES[whose][1]
    if kind in BELOW_A_PLACE:
        return f"{kind} {name.split()[1]}"
    return name


def owner_name(kind: str, whose: str) -> str:
    if whose == CROSSED:
        return "person own"
    if whose in CHILD_OF:
        return f"person {CHILD_OF[whose][0]}"
    if whose == ANYTHING:
        return ""
    return NAMES[whose][1] if kind in BELOW_A_PLACE else NAMES[whose][0]


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


def canaries_of(text: str) -> set[tuple[str, str]]:
    return set(re.findall(r"(cnry-[a-z0-9]+)-([a-z0-9]+)", text))


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


def address_of(town: Town, cell: Cell) -> str:
    """The address of a cell, with the identifiers of what it is about."""
    rule = cell.row["rule"].replace("<measure_id:measure>", "hackney_homes.3.1-M1")
    rule = rule.replace("<link_token:token>", "A" * 43).replace("<path:filename>", "app.css")
    if not cell.group.kinds:
        return re.sub(r"<public_id:[a-z]+>", "A" * 22, rule) + query_of(town, cell)
    owner = town.ids.get(owner_name(cell.kind, cell.whose), "")
    rule = rule.replace("<public_id:owner>", owner)
    if rule.count("<") == 2 or not re.search(r"/children/<public_id:child>\Z", rule):
        rule = re.sub(r"/children/<public_id:child>(?=/)", f"/children/{owner}", rule)
    return re.sub(r"<public_id:[a-z]+>", town.ids.get(record_name(cell.kind, cell.whose), "A" * 22), rule)


def query_of(town: Town, cell: Cell) -> str:
    """Figures are asked for by contract; in full is with places and children."""
    if cell.whose not in ("own contract", "other contract"):
        return ""
    asked = f"?contract={town.ids[NAMES[cell.whose][1]]}"
    if cell.to_do != IN_FULL:
        return asked
    return asked + ("&members=1&split=place" if "/api/" in cell.row["rule"] else "&split=place")


def body_of(town: Town, cell: Cell) -> Any:
    """What a true request of this sort carries: the record's own values, with a word changed for a correction."""
    if not cell.group.kinds or cell.to_do not in CHANGES:
        return OTHER_BODIES.get(cell.row["rule"], {})
    kind, name = KINDS[cell.kind], record_name(cell.kind, cell.whose)
    as_json = "/api/" in cell.row["rule"]
    if cell.to_do == "withdraw":
        revision = {} if as_json else {"revision": town.revisions.get(name, 1)}
        return {"correction_reason" if as_json else "reason": "wrong"} | revision
    values = dict(town.bodies.get(name) or town.bodies.get(f"{cell.kind} own") or {})
    values = changed(kind, values) if cell.to_do == "correct" else beside(cell.kind, values)
    if as_json:
        return values
    return posted(kind, values) | {"revision": town.revisions.get(name, 1), "correction_reason": "wrong"}


OTHER_BODIES: Mapping[str, Mapping[str, Any]] = {
    "/account/tokens/new": {
        "name": "Attendance import",
        "scopes": [TokenScope.RECORDS_READ.value],
        "days": "7",
        "password": PASSWORD,
    }
}
"""What the other addresses need to be sent, so that whoever may is not stopped by their own words."""

BESIDE = {
    "home_capacity": {"valid_from": "2030-04-01", "valid_to": None},
    "contract_setting": {"setting": "missing_report_hours", "value": "24"},
    "measure_target": {"effective_from": "2023-04-01", "effective_to": "2024-04-01"},
    "instrument": {"version": "2"},
    # Before those that stand since day 300, and the stay since day 400.
    "allocation": {"valid_from": day(310), "valid_to": day(300)},
    "keyworker_assignment": {"valid_from": day(310), "valid_to": day(300)},
    # Without the contract: a social worker sees none, and so may name none.
    "placement": {"started_on": day(410), "ended_on": day(400), "contract_id": None},
}
"""What a second record needs, to stand beside the first."""


def beside(kind: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a second record of a kind beside one with `values`."""
    if kind == "attendance":
        week = date.fromisoformat(values["week_starting"]) - timedelta(weeks=1)
        return {**values, "week_starting": week.isoformat()}
    return {**values, **BESIDE.get(kind, {})}


def changed(kind: type[Record], values: dict[str, Any]) -> dict[str, Any]:
    """The values with something else in one field that no rule looks at."""
    fields = kind.asked_fields()
    for sort in (Text, YesNo):
        for name, value in values.items():
            one = fields.get(name)
            if isinstance(one, sort) and value not in (None, "") and name not in kind.declaration.natural_key:
                if name in ("setting", "measure_id", "framework", "instrument_code", "version"):
                    continue
                return values | {name: f"{value}2" if sort is Text else not value}
    return values


def posted(kind: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a form posts them."""
    fields, form = kind.asked_fields(), {}
    for name, value in values.items():
        one = fields.get(name)
        if value is None or one is None:
            continue
        if isinstance(one, Day | Instant):
            day, _, time = str(value).partition("T")
            form |= dict(
                zip((f"{name}-{part}" for part in ("year", "month", "day")), day.split("-"), strict=True)
            )
            form |= {f"{name}-time": time[:5]} if time else {}
        elif isinstance(one, YesNo):
            form[name] = "yes" if value else "no"
        elif isinstance(one, Pairs) or (isinstance(one, Many) and one.typed):
            pairs = [f"{key}={word}" for key, word in value.items()] if isinstance(value, dict) else value
            form[name] = "\n".join(pairs)
        else:
            form[name] = value if isinstance(value, list) else str(value)
    return form


def prepare(town: Town) -> None:
    """Keep, for every record of the town, its values as a program sends them, and its revision."""
    with town.inside():
        for name, public_id in town.ids.items():
            model = KINDS[name.split()[0]]
            record = db.session.scalars(select(model).where(model.public_id == public_id)).one()
            town.revisions[name] = record.revision
            town.bodies[name] = raw_of(record)
            if model.declaration.part is not None:
                part = model.declaration.part
                town.bodies[name]["scores"] = [
                    {
                        key: part.asked_fields()[key].to_json(value)
                        for key, value in one.items()
                        if key != part.part_of
                    }
                    for one in parts_of(db.session(), record)
                ]


def last_entry(town: Town) -> int:
    with town.app.app_context():
        return db.session.scalar(select(AuditEntry.seq).order_by(AuditEntry.seq.desc()).limit(1)) or 0


def entries_after(town: Town, seq: int) -> Sequence[Any]:
    with town.app.app_context():
        columns = (AuditEntry.seq, AuditEntry.role, AuditEntry.action, AuditEntry.outcome, AuditEntry.person)
        return db.session.execute(select(*columns).where(AuditEntry.seq > seq).order_by(AuditEntry.seq)).all()
