"""A session ends when it should, at the next request, and not before. Replay never works."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from outcomes.access.bind import actor_of
from outcomes.access.targets import find_record
from outcomes.accounts import manage
from outcomes.accounts.account import Account, AccountGrant
from outcomes.accounts.login import init_accounts
from outcomes.accounts.roles import Role
from outcomes.accounts.sessions import PARALLEL, SignInSession, resume
from outcomes.core.clock import now, today
from outcomes.core.database import db
from outcomes.core.settings import Settings
from outcomes.core.transaction import transaction
from tests.accounts.conftest import ADA, Place, account_of, sign_in_with
from tests.builders import TESTS

pytestmark = pytest.mark.usefixtures("ada")


def allowed(client: FlaskClient) -> bool:
    """Is the private page shown? Else the browser is sent to sign in."""
    response = client.get("/my-day")
    assert response.status_code in (200, 303)
    return response.status_code == 200


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    client = app.test_client()
    assert not allowed(client)
    assert sign_in_with(client) == 303
    assert allowed(client)
    return client


def why(app: Flask) -> str | None:
    with app.app_context():
        return db.session.scalars(select(SignInSession.why)).one()


def test_a_cookie_kept_from_before_sign_out_is_refused(app: Flask, client: FlaskClient) -> None:
    kept = client.get_cookie("outcomes")
    assert kept is not None
    response = client.post("/sign-out")
    assert (response.status_code, response.location) == (303, "/sign-in")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get_cookie("outcomes") is None
    thief = app.test_client()
    thief.set_cookie("outcomes", kept.value)
    assert not allowed(thief)
    assert why(app) == "signed_out"
    # The twin: signing in again works, and does not revive the old session.
    assert sign_in_with(client) == 303
    assert allowed(client)
    assert not allowed(thief)


def disable(elm: Place) -> None:
    with transaction() as session:
        manage.disable(session, email=ADA, by=TESTS)


def end_grant(elm: Place) -> None:
    with transaction() as session:
        manage.end_grants(session, email=ADA, on=today(), by=TESTS)


def end_grant_by_sql(elm: Place) -> None:
    with transaction() as session:
        session.execute(update(AccountGrant).values(valid_to=today()))


def change_role(elm: Place) -> None:
    end_grant(elm)
    with transaction() as session:
        manage.add(
            session,
            email=ADA,
            name="Ada Obi",
            role=Role.REGISTERED_MANAGER,
            targets=[("home", elm.home_id)],
            by=TESTS,
        )


def two_roles_by_sql(elm: Place) -> None:
    with transaction() as session:
        session.add(
            AccountGrant(
                account_id=account_of(ADA).id,
                role=Role.RESPONSIBLE_INDIVIDUAL,
                provider_id=elm.provider_id,
                valid_from=today(),
            )
        )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (disable, "disabled"),
        (end_grant, "grant_ended"),
        (end_grant_by_sql, "grant_ended"),
        (change_role, "role_changed"),
        (two_roles_by_sql, "grant_ended"),
    ],
)
def test_what_an_account_loses_it_loses_at_the_next_request(
    app: Flask, client: FlaskClient, elm: Place, change: Callable[[Place], None], reason: str
) -> None:
    with app.app_context():
        change(elm)
    assert not allowed(client)
    assert why(app) == reason


def test_more_of_the_same_role_does_not_sign_out(app: Flask, client: FlaskClient, elm: Place) -> None:
    with app.app_context(), transaction() as session:
        manage.add(
            session,
            email=ADA,
            name="",
            role=Role.KEYWORKER,
            targets=[("provider", elm.provider_id)],
            by=TESTS,
        )
    assert allowed(client)


def test_a_grant_that_begins_tomorrow_lets_nobody_in_today(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(AccountGrant).values(valid_from=today() + timedelta(days=1)))
    assert sign_in_with(app.test_client()) == 422
    with app.app_context(), transaction() as session:
        session.execute(update(AccountGrant).values(valid_from=today()))
    assert sign_in_with(app.test_client()) == 303


def test_idle_sessions_end(app: Flask, client: FlaskClient, settings: Settings) -> None:
    idle = timedelta(minutes=settings.session_idle_minutes)
    with time_machine.travel(now() + idle - timedelta(seconds=30), tick=False):
        assert allowed(client), "used just in time, the session goes on"
    with time_machine.travel(now() + 2 * idle - timedelta(minutes=1), tick=False):
        assert allowed(client)
    with time_machine.travel(now() + 4 * idle, tick=False):
        assert not allowed(client)
    assert why(app) == "idle"
    assert not allowed(client), "turning the clock back revives nothing"


def test_busy_sessions_end_too(app: Flask, client: FlaskClient, settings: Settings) -> None:
    began = now()
    step = timedelta(minutes=settings.session_idle_minutes - 1)
    at = began
    while at + step < began + timedelta(minutes=settings.session_absolute_minutes):
        at += step
        with time_machine.travel(at, tick=False):
            assert allowed(client)
    with time_machine.travel(at + step, tick=False):
        assert not allowed(client)
    assert why(app) == "expired"


def test_a_clock_set_back_ends_sessions(app: Flask, client: FlaskClient, settings: Settings) -> None:
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with time_machine.travel(now() - timedelta(hours=1), tick=False):
        # The signature of the cookie is from the future, so it is not even read; the row ends too.
        assert not allowed(client)
        with app.app_context():
            assert resume(token, settings) is None
    assert why(app) == "clock"


def test_last_seen_is_written_at_most_once_a_minute(app: Flask, client: FlaskClient) -> None:
    def seen() -> object:
        with app.app_context():
            return db.session.scalars(select(SignInSession.last_seen_at)).one()

    first = seen()
    assert allowed(client)
    assert seen() == first
    with time_machine.travel(now() + timedelta(seconds=61), tick=False):
        assert allowed(client)
    assert seen() != first


def test_one_session_more_than_allowed_ends_the_oldest(app: Flask) -> None:
    clients = [app.test_client() for _ in range(PARALLEL + 1)]
    for number, client in enumerate(clients):
        with time_machine.travel(now() - timedelta(seconds=30 - number), tick=False):
            assert sign_in_with(client) == 303
    assert [allowed(client) for client in clients] == [False] + [True] * PARALLEL


def test_signing_in_changes_the_cookie_and_drops_what_was_in_it(app: Flask) -> None:
    client = app.test_client()
    with client.session_transaction() as planted:
        planted["planted"] = "by somebody else"
    before = client.get_cookie("outcomes")
    assert sign_in_with(client) == 303
    after = client.get_cookie("outcomes")
    assert before is not None and after is not None
    assert before.value != after.value
    with client.session_transaction() as kept:
        assert "planted" not in kept


def test_signing_in_again_ends_the_session_of_before(app: Flask, client: FlaskClient) -> None:
    kept = client.get_cookie("outcomes")
    assert kept is not None
    assert sign_in_with(client) == 303
    assert allowed(client)
    thief = app.test_client()
    thief.set_cookie("outcomes", kept.value)
    assert not allowed(thief)


def test_the_cookie_holds_a_token_and_the_table_its_digest_only(app: Flask, client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    with app.app_context():
        row = db.session.scalars(select(SignInSession)).one()
        assert token not in (row.token_hash, row.public_id)
        assert token != str(row.account_id)
        assert len(token) >= 43
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert not allowed(client)


@pytest.mark.parametrize("token", ["", "1", "\ud800", "x" * 10_000])
def test_a_token_that_nobody_gave_is_refused(app: Flask, client: FlaskClient, token: str) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert not allowed(client)


def test_production_cookies_are_bound_to_the_host_and_to_https(settings: Settings) -> None:
    app = Flask("x")
    init_accounts(
        app, replace(settings, environment="production"), find_record=find_record, actor_of=actor_of
    )
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert app.config["SESSION_COOKIE_SECURE"]
    assert app.config["SESSION_COOKIE_HTTPONLY"]
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_a_disabled_account_cannot_sign_in(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            manage.disable(session, email=ADA, by=TESTS)
        assert db.session.scalars(select(Account.disabled_at)).one() is not None
    assert sign_in_with(app.test_client()) == 422
