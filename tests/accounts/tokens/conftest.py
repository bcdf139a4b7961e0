"""A home with a child, its manager, and programs that hold a token of theirs."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from outcomes.access.bind import system_scope
from outcomes.accounts import manage, tokens
from outcomes.accounts.tokens import ApiToken
from outcomes.core.database import db
from outcomes.core.token_scopes import TokenScope
from outcomes.core.transaction import transaction
from outcomes.kit.reading.addresses import address
from tests.builders import TESTS, World

CHECK = {"kind": "dental", "due_on": "2025-05-01"}


@dataclass
class Elm:
    """A home with a child, its manager, and a client that carries no cookie."""

    app: Flask
    email: str
    child: str

    def token(self, *scopes: str, days: int = 30, name: str = "Attendance import") -> str:
        with self.app.app_context(), transaction() as session:
            account = manage.find_account(session, self.email)
            wanted = [TokenScope(scope) for scope in scopes]
            return tokens.make(session, account, name=name, scopes=wanted, days=days, by=TESTS).text

    def get(self, where: str, token: str, client: FlaskClient | None = None) -> TestResponse:
        sent = {"Authorization": f"Bearer {token}"}
        return (client or self.app.test_client()).get(f"/api/v1{where}", headers=sent)

    def post(self, where: str, token: str, body: Any, key: str = "k1") -> TestResponse:
        sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        return self.app.test_client().post(f"/api/v1{where}", json=body, headers=sent)

    def stays(self) -> list[ApiToken]:
        with self.app.app_context():
            return list(tokens.of_account(db.session()))


@pytest.fixture
def elm(any_app: Flask) -> Elm:
    with any_app.app_context(), system_scope("a test"):
        world = World()
        home, child = world.home("Elm House"), world.child("Jay")
        world.placed(child, home, "2025-01-01")
        return Elm(any_app, world.account("registered_manager", at=home), address(child))
