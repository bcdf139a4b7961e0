"""A town with one record of every kind, and a program with a token for each of three people in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from outcomes.accounts import manage, tokens
from outcomes.core.database import db
from outcomes.core.token_scopes import TokenScope
from outcomes.core.transaction import transaction
from tests.builders import TESTS
from tests.town import one_of_each

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
    town = one_of_each(any_app)
    made = Programs(any_app, dict(town.records), dict(town.owners))
    with any_app.app_context(), transaction() as session:
        for role in ROLES:
            account = manage.find_account(session, town.emails[role])
            wanted = tokens.make(session, account, name=role, scopes=TokenScope, days=7, by=TESTS)
            made.tokens[role] = wanted.text
    return made
