"""A town with one record of every kind, and somebody signed in who may open each door. All invented."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from outcomes.access.bind import system_scope
from outcomes.access.policy import POLICIES
from outcomes.accounts.roles import Role
from outcomes.core.database import db
from outcomes.kit.declaring.record import Record
from outcomes.web.routes import RouteAsJson, declarations
from tests.builders import signed_in, token_of
from tests.town import one_of_each

ROLES = (Role.REGISTERED_MANAGER, Role.COMMISSIONER, Role.SYSTEM_ADMINISTRATOR)
"""Between them they may do everything that is done on a page."""

AUDIT = "audit"
KEPT = ("fact_set", "unit_fact")
"""Tables that a refusal may write to: who tried what is kept."""

TELLING = (
    "Traceback",
    "sqlalchemy",
    "psycopg",
    "sqlite3",
    "marshmallow",
    'File "/',
)
"""What no answer may hold: the inside of the service."""


RAW = (
    "<script>alert",
    ' onfocus="',
    "<img src=x",
    "<svg/onload",
    "<iframe srcdoc",
    "' onmouseover='",
    "<base href",
    "<style>*",
)


@dataclass
class Town:
    """The records of each kind by public id, with their owners, and a client per role."""

    app: Flask
    records: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    clients: dict[Role, FlaskClient] = field(default_factory=dict)
    tokens: dict[Role, str] = field(default_factory=dict)
    sent: int = 0
    whole: bool = False
    """The whole bank at every door, which takes minutes."""

    def doors(self, *methods: str) -> list[RouteAsJson]:
        """The addresses that take one of these methods, but those of one's own account."""
        return [
            row
            for row in declarations(self.app)
            if set(methods) & set(row["methods"])
            and not row["endpoint"].startswith(("accounts.", "tokens.", "static", "health."))
        ]

    def role_for(self, permission: str) -> Role:
        """Somebody who may open a door with this permission."""
        return next(role for role in ROLES if permission in POLICIES[role].permissions)

    def kind_of(self, row: RouteAsJson) -> str:
        """The kind that an address is about, by its word in the audit."""
        name = row["audit"].partition(":")[0].replace("-", "_")
        return {"child": "person", "scorecard": "contract", "figure": "contract"}.get(name, name)

    def address(self, row: RouteAsJson) -> str:
        """The address, with the identifiers of what there is."""
        kind = self.kind_of(row)
        values = {
            "<public_id:owner>": self.owners.get(kind, ""),
            "<public_id:child>": self.records["person"],
            "<measure_id:measure>": "hackney_homes.3.1-M1",
        }
        where = row["rule"]
        for parameter, value in values.items():
            where = where.replace(parameter, value)
        for name in ("record", "session", "reading"):
            where = where.replace(f"<public_id:{name}>", self.records.get(kind, ""))
        return where

    def send(self, row: RouteAsJson, method: str, where: str = "", **what: Any) -> TestResponse:
        """A request by somebody who may make it, with all that a true one carries."""
        role = self.role_for(row["permission"])
        self.sent += 1
        headers = {"X-CSRF-Token": self.tokens[role], "Idempotency-Key": f"key-{self.sent}"}
        return self.clients[role].open(
            where or self.address(row), method=method, headers=headers | what.pop("headers", {}), **what
        )

    def counts(self) -> dict[str, int]:
        """How many rows each table holds, but the audit's, and what is kept of figures that were looked at."""
        leave_out = (AUDIT, *KEPT)
        tables = [table for name, table in db.metadata.tables.items() if not name.startswith(leave_out)]
        each = [select(func.count()).select_from(table).scalar_subquery() for table in tables]
        with self.app.app_context(), system_scope("a test"):
            counted = db.session.execute(select(*each)).one()
        return dict(zip([table.name for table in tables], counted, strict=True))

    @property
    def on_sqlite(self) -> bool:
        with self.app.app_context():
            return db.engine.dialect.name == "sqlite"

    def in_turn(self, bank: Mapping[str, Any], number: int, every: int) -> list[tuple[str, Any]]:
        """One part of a bank for the door with this number: each value meets many doors, none meets all.

        PostgreSQL gets fewer; what the database itself may refuse is tried there in full elsewhere.
        """
        if self.whole:
            return list(bank.items())
        step = every if self.on_sqlite else every * 3
        return list(bank.items())[number % step :: step]

    def revision(self, kind: type[Record]) -> int:
        """The revision at which the town's record of a kind stands."""
        mine = kind.public_id == self.records[kind.kind_name()]
        with self.app.app_context(), system_scope("a test"):
            return db.session.scalars(select(kind.revision).where(mine)).one()


def faults_of(answer: TestResponse, what: str) -> Iterator[str]:
    """What is wrong with an answer to bad input, in words."""
    if answer.status_code >= 500:
        yield f"{what}: {answer.status_code}"
    page = answer.data.decode(errors="replace")
    # A file is handed over as one, and no browser draws it.
    drawn = answer.mimetype == "text/html" or "attachment" not in answer.headers.get(
        "Content-Disposition", ""
    )
    if not answer.is_json and drawn and any(word in page for word in RAW):
        yield f"{what}: {answer.status_code} shows markup that was sent"
    yield from (f"{what}: {answer.status_code} tells {word!r}" for word in TELLING if word in page)
    if "stolen" in str(answer.headers.get_all("Set-Cookie")):
        yield f"{what}: a header was broken"
    if answer.status_code < 400:
        return
    if answer.is_json:
        error = answer.get_json()["error"]
        told = [error["message"], *(message for each in error["fields"].values() for message in each)]
        if not error["code"] or not all(len(one) > 8 for one in told):
            yield f"{what}: {answer.status_code} does not say what was expected: {told}"
    elif "govuk-error-summary" not in page and "govuk-body" not in page:
        yield f"{what}: {answer.status_code} says nothing"


@pytest.fixture
def town(any_app: Flask) -> Town:
    any_app.test_client_class = FlaskClient
    built = one_of_each(any_app)
    made = Town(any_app, dict(built.records), dict(built.owners))
    for role in ROLES:
        made.clients[role] = signed_in(any_app, built.emails[role.value])
        made.tokens[role] = token_of(made.clients[role].get("/organisations").text)
    return made
