"""The application on both databases, and the people of these tests. All invented."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from outcomes.access.bind import system_scope
from outcomes.accounts import manage
from outcomes.accounts.account import Account
from outcomes.accounts.login import shared
from outcomes.accounts.roles import Role
from outcomes.care.organisations import Home, Organisation
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.settings import Settings
from outcomes.core.transaction import transaction
from tests.builders import PASSWORD, TESTS

ADA = "ada@elm.example"


@pytest.fixture
def app(any_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application, without form tokens but in the test about them."""
    monkeypatch.setitem(any_app.config, "WTF_CSRF_ENABLED", False)
    return any_app


@pytest.fixture
def settings(app: Flask) -> Settings:
    with app.app_context():
        return shared().settings


@dataclass(frozen=True)
class Place:
    provider_id: int
    home_id: int


@pytest.fixture
def elm(app: Flask) -> Place:
    """A provider with one home."""
    with app.app_context(), system_scope("make a home"), transaction() as session:
        provider = Organisation(name="Elm Care", kind="provider", sender="main", sender_reference="elm")
        session.add(provider)
        session.flush()
        home = Home(name="Elm House", provider_id=provider.id, sender="main", sender_reference="elm-house")
        session.add(home)
        session.flush()
        return Place(provider.id, home.id)


@pytest.fixture
def ada(app: Flask, elm: Place) -> str:
    """A keyworker who may sign in; the address of her account."""
    with app.app_context():
        add_account(ADA, "Ada Obi", Role.KEYWORKER, [("home", elm.home_id)])
    return ADA


def add_account(
    email: str, name: str, role: Role, targets: list[tuple[str, int]], first: date | None = None
) -> None:
    """An account with the tests' password, granted since yesterday unless stated."""
    hashed = shared().passwords.hash(PASSWORD)
    with transaction() as session:
        account = manage.add(
            session,
            email=email,
            name=name,
            role=role,
            targets=targets,
            valid_from=first or today() - timedelta(days=1),
            by=TESTS,
        )
        account.password_hash = hashed


def sign_in_with(client: FlaskClient, email: str = ADA, password: str = PASSWORD) -> int:
    """The status of a try to sign in: 303 when it succeeded."""
    return client.post("/sign-in", data={"email": email, "password": password}).status_code


def account_of(email: str) -> Account:
    return manage.find_account(db.session(), email)
