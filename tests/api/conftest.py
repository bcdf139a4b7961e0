"""A town with one record of every kind, and a program with a token for each of three people in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from outcomes.access.bind import system_scope
from outcomes.accounts import manage, tokens
from outcomes.core.database import db
from outcomes.core.token_scopes import TokenScope
from outcomes.core.transaction import transaction
from outcomes.kit.addresses import owner_kind
from outcomes.kit.record import KINDS, Record
from tests.builders import TESTS, World
from tests.kit.test_every_kind import sample

ROLES = ("keyworker", "registered_manager", "commissioner")


@dataclass
class Programs:
    """The records of each kind and their owners by public id, and a token per role, with every scope."""

    app: Flask
    records: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def headers(self, role: str) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.tokens[role]}"}

    def get(self, role: str, where: str, **query: Any) -> Any:
        return self.app.test_client().get(where, headers=self.headers(role), query_string=query)

    @property
    def on_sqlite(self) -> bool:
        with self.app.app_context():
            return db.engine.dialect.name == "sqlite"

    @property
    def described(self) -> dict[str, Any]:
        found: dict[str, Any] = self.app.test_client().get("/api/v1/openapi.json").get_json()
        return found

    def path(self, endpoint: str) -> dict[str, str]:
        """What stands in the address of an operation, so that it leads to what there is."""
        kind = endpoint.partition("-")[2].rpartition("_")[0].removesuffix("_list")
        known = {
            "record": self.records.get(kind, ""),
            "owner": self.owners.get(kind, ""),
            "measure": "hackney_homes.3.1-M1",
        }
        return {name: value for name, value in known.items() if value}


@pytest.fixture
def programs(any_app: Flask) -> Programs:
    any_app.test_client_class = FlaskClient
    made = Programs(any_app)
    with any_app.app_context(), system_scope("a test"):
        world = World()
        home, child = world.home("Elm House"), world.child("Jay")
        kept: dict[str, Record] = {"home": home, "person": child}
        kept["placement"] = world.placed(child, home, "2025-01-01")
        for kind in KINDS:
            name = kind.kind_name()
            kept[name] = kept.get(name) or world.record(kind, **sample(kind, world))
            made.records[name] = kept[name].public_id
            owner = owner_kind(kind)
            if owner is not None:
                key = getattr(kept[name], str(kind.declaration.owner))
                made.owners[name] = db.session.get_one(owner, key).public_id
        places = {"commissioner": kept["contract"]}
        emails = {role: world.account(role, at=places.get(role, home)) for role in ROLES}
    with any_app.app_context(), transaction() as session:
        for role, email in emails.items():
            account = manage.find_account(session, email)
            wanted = tokens.make(session, account, name=role, scopes=TokenScope, days=7, by=TESTS)
            made.tokens[role] = wanted.text
    return made
