"""An application with sign-in, on both databases, and the people of these tests. All invented."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient

from outcomes import audit
from outcomes.accounts import manage
from outcomes.accounts.account import Account
from outcomes.accounts.login import init_accounts, shared, signed_in
from outcomes.accounts.pages import accounts_pages
from outcomes.accounts.roles import Role
from outcomes.accounts.sessions import SignedIn
from outcomes.care.organisations import Home, Organisation
from outcomes.core.actor import Actor, system_actor
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.permissions import Permission
from outcomes.core.settings import Settings
from outcomes.core.transaction import transaction
from outcomes.web.guard import set_actor_loader
from outcomes.web.install import check_web, init_web
from outcomes.web.reads import set_read_writer
from outcomes.web.routes import route
from outcomes.web.templates import install_templates
from tests.audit.databases import bare_app, database_url, postgres_url, settings

__all__ = ["database_url", "postgres_url", "settings"]

PASSWORD = "marmalade-tuba-glacier"
ADA = "ada@elm.example"
TESTS = system_actor("tests")


def actor_of(who: SignedIn) -> Actor:
    """As `access/` does it, without permissions: these tests are about who, not about what."""
    return Actor(who.name, who.role, who.account_id, who.public_id, who.session_id, who.staff_id)


def actor_or_none() -> Actor | None:
    who = signed_in()
    return actor_of(who) if who else None


def make_app(settings: Settings) -> Flask:
    app = bare_app(settings)
    install_templates(app)
    app.static_folder = str(Path.cwd() / "outcomes/static")
    init_web(app, settings)
    init_accounts(app, settings, find_record=lambda kind, given: int(given), actor_of=actor_of)
    set_actor_loader(app, actor_or_none)
    set_read_writer(
        app,
        lambda actor, reads: audit.record_reads([audit.Read(read.action) for read in reads], by=actor),
    )
    private = Blueprint("private", __name__)

    @route(private, "/private", permission=Permission.SIGNED_IN, audit="page:read")
    def page() -> str:
        return "private page"

    app.register_blueprint(private)
    app.register_blueprint(accounts_pages)
    check_web(app)
    return app


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = make_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@dataclass(frozen=True)
class Place:
    provider_id: int
    home_id: int


@pytest.fixture
def elm(app: Flask) -> Place:
    """A provider with one home."""
    with app.app_context(), transaction() as session:
        provider = Organisation(name="Elm Care", kind="provider")
        session.add(provider)
        session.flush()
        home = Home(name="Elm House", provider_id=provider.id)
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
