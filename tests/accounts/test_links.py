"""One-time links: the first administrator, and a new account's password. Once, in time, or not at all."""

import threading
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from outcomes.accounts import links, manage
from outcomes.accounts.account import Account
from outcomes.accounts.roles import Role
from outcomes.accounts.sessions import SignInSession
from outcomes.audit.entry import AuditEntry
from outcomes.core.clock import now
from outcomes.core.database import db
from outcomes.core.errors import Conflict
from outcomes.core.transaction import transaction
from tests.accounts.conftest import ADA, sign_in_with
from tests.builders import PASSWORD, TESTS

NEW = "tangerine-zither-lagoon"
ADMINISTRATOR = {"name": "Root Lee", "email": "root@council.example", "password": NEW, "again": NEW}


def path_of(link: str) -> str:
    return "/set-up/" + link.rsplit("/", 1)[1]


@pytest.fixture
def set_up(app: Flask) -> str:
    with app.app_context():
        return path_of(links.set_up_link(by=TESTS))


def test_the_first_administrator_is_set_up_once(app: Flask, set_up: str) -> None:
    client = app.test_client()
    page = client.get(set_up)
    assert page.status_code == 200
    assert "Set up the first administrator" in page.text
    assert client.post(set_up, data=ADMINISTRATOR).location == "/sign-in"
    assert sign_in_with(client, ADMINISTRATOR["email"], NEW) == 303
    assert client.get(set_up).status_code == 404
    assert client.post(set_up, data=ADMINISTRATOR).status_code == 404
    with app.app_context():
        assert db.session.scalars(select(Account)).one().grants[0].role == Role.SYSTEM_ADMINISTRATOR
        actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)).all()
        assert actions[:2] == ["account:set-up-link", "account:set-up"]
        with pytest.raises(Conflict, match="accounts already"):
            links.set_up_link(by=TESTS)


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 404)])
def test_the_set_up_link_lasts_thirty_minutes(app: Flask, set_up: str, minutes: int, status: int) -> None:
    with time_machine.travel(now() + timedelta(minutes=minutes)):
        assert app.test_client().get(set_up).status_code == status


def test_a_second_link_puts_the_first_out_of_use(app: Flask, set_up: str) -> None:
    with app.app_context():
        second = path_of(links.set_up_link(by=TESTS))
    assert app.test_client().get(set_up).status_code == 404
    assert app.test_client().get(second).status_code == 200


def test_a_link_that_nobody_gave_looks_like_one_that_was_used(app: Flask, set_up: str) -> None:
    client = app.test_client()
    client.post(set_up, data=ADMINISTRATOR)
    used, guessed = client.get(set_up), client.get("/set-up/" + "x" * 43)
    assert used.status_code == guessed.status_code == 404
    shown = [page.text.split("<main")[1].split("</main>")[0] for page in (used, guessed)]
    assert shown[0] == shown[1]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"again": "something else entirely"}, "not the same"),
        ({"password": "short", "again": "short"}, "12 characters"),
        ({"password": "Password1234", "again": "Password1234"}, "too easy"),
        ({"email": "nonsense"}, "name@example.org"),
        ({"name": " "}, "name"),
    ],
)
def test_a_refused_set_up_says_why_and_uses_nothing_up(
    app: Flask, set_up: str, typed: dict[str, str], says: str
) -> None:
    client = app.test_client()
    refused = client.post(set_up, data=ADMINISTRATOR | typed)
    assert refused.status_code == 422
    assert says in refused.text
    assert NEW not in refused.text
    assert client.post(set_up, data=ADMINISTRATOR).status_code == 303


def test_of_two_set_ups_at_once_one_wins(app: Flask, set_up: str) -> None:
    gate, statuses = threading.Barrier(2), []

    def try_it(number: int) -> None:
        gate.wait()
        data = ADMINISTRATOR | {"email": f"root{number}@council.example"}
        statuses.append(app.test_client().post(set_up, data=data).status_code)

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 404]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Account)) == 1


def test_a_new_password_ends_what_was_signed_in(app: Flask, ada: str) -> None:
    client = app.test_client()
    assert sign_in_with(client) == 303
    with app.app_context():
        link = path_of(links.password_link(ADA, by=TESTS))
    assert app.test_client().post(link, data={"password": NEW, "again": NEW}).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(SignInSession.why)).one() == "password_changed"
    assert sign_in_with(client, ADA, PASSWORD) == 422
    assert sign_in_with(client, ADA, NEW) == 303


def test_a_disabled_accounts_link_does_not_work(app: Flask, ada: str) -> None:
    with app.app_context():
        link = path_of(links.password_link(ADA, by=TESTS))
        with transaction() as session:
            manage.disable(session, email=ADA, by=TESTS)
    assert app.test_client().get(link).status_code == 404
