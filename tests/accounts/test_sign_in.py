"""Signing in: one answer for every refusal, a throttle that counts before it checks."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import argon2
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from outcomes.accounts.passwords import Passwords
from outcomes.accounts.sessions import SignInSession
from outcomes.accounts.throttle import ADDRESS_FACTOR, SignInAttempt
from outcomes.audit.entry import AuditEntry
from outcomes.core.clock import now
from outcomes.core.database import db
from outcomes.core.settings import Settings
from tests.accounts.conftest import ADA, sign_in_with
from tests.audit.breaking import audit_broken
from tests.builders import PASSWORD

pytestmark = pytest.mark.usefixtures("ada")


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Which passwords were really tried: argon2's own check, counted."""
    tried: list[str] = []
    really = argon2.PasswordHasher.verify

    def counted(self: argon2.PasswordHasher, kept: str, password: str) -> bool:
        tried.append(password)
        return really(self, kept, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    yield tried


def entries(app: Flask) -> list[tuple[str, str, int | None]]:
    with app.app_context():
        wanted = select(AuditEntry.action, AuditEntry.outcome, AuditEntry.account_id)
        found = db.session.execute(wanted.where(AuditEntry.action == "account:sign-in")).all()
        return [(row.action, row.outcome, row.account_id) for row in found]


@pytest.mark.parametrize("email", [ADA, "ADA@Elm.Example", " ada@elm.example "])
def test_the_right_password_opens_a_session(app: Flask, email: str) -> None:
    client = app.test_client()
    response = client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert (response.status_code, response.location) == (303, "/")
    assert client.get("/my-day").status_code == 200
    assert entries(app)[0][1] == "ok"


@pytest.mark.parametrize(
    ("back", "goes_to"),
    [
        ("/my-day?x=1", "/my-day?x=1"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_goes_on_within_the_service_only(app: Flask, back: str, goes_to: str) -> None:
    client = app.test_client()
    data = {"email": ADA, "password": PASSWORD}
    response = client.post("/sign-in", query_string={"next": back}, data=data)
    assert response.location == goes_to


REFUSED = [
    ("nobody@elm.example", PASSWORD),
    (ADA, "not the password"),
    ("", ""),
    ("x" * 5000, "y" * 5000),
    ("ada@elm.example'--", "' OR 1=1"),
]


def test_every_refusal_is_alike_in_text_status_headers_and_work(app: Flask, hashes: list[str]) -> None:
    answers = set()
    for number, (email, password) in enumerate(REFUSED):
        client = app.test_client()
        before = len(hashes)
        response = client.post(
            "/sign-in",
            data={"email": email, "password": password},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        )
        assert len(hashes) - before == 1, "one hash whatever the cause"
        summary = response.text.split('class="govuk-error-summary"')[1].split("</ul>")[0]
        answers.add((response.status_code, tuple(response.headers.keys()), summary))
        assert "y" * 5000 not in response.text
    assert len(answers) == 1
    assert [outcome for _, outcome, _ in entries(app)] == ["refused"] * len(REFUSED)


def test_refused_and_known_names_differ_in_the_audit_only(app: Flask) -> None:
    sign_in_with(app.test_client(), ADA, "not the password")
    sign_in_with(app.test_client(), "nobody@elm.example", "not the password")
    assert [account is None for _, _, account in entries(app)] == [False, True]


def test_no_password_and_no_typed_name_is_kept_anywhere(app: Flask) -> None:
    """People type their password in the name's place: what they typed is only kept as a digest."""
    sign_in_with(app.test_client(), "my-secret-passphrase", "not the password")
    with app.app_context():
        for table in ("audit_entry", "sign_in_attempt", "account", "sign_in_session"):
            for row in db.session.execute(text(f"SELECT * FROM {table}")):  # noqa: S608
                assert "my-secret-passphrase" not in repr(row)
                assert PASSWORD not in repr(row)


def test_of_forty_guesses_at_once_at_most_five_are_tried(
    app: Flask, hashes: list[str], settings: Settings
) -> None:
    statuses: list[int] = []
    gate = threading.Barrier(40)

    def guess(number: int) -> None:
        gate.wait()
        response = app.test_client().post(
            "/sign-in",
            data={"email": ADA, "password": f"guess number {number}"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
        )
        statuses.append(response.status_code)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hashes) == settings.sign_in_attempts == 5
    assert sorted(statuses) == [422] * 5 + [429] * 35
    # The right password does not help while the name is throttled; afterwards it does.
    data = {"email": ADA, "password": PASSWORD}
    throttled = app.test_client().post("/sign-in", data=data)
    assert (throttled.status_code, throttled.headers["Retry-After"]) == (429, "300")
    assert "Wait 5 minutes" in throttled.text
    with time_machine.travel(now() + timedelta(minutes=settings.sign_in_window_minutes, seconds=1)):
        assert sign_in_with(app.test_client()) == 303


def test_a_spray_over_many_names_from_one_address_is_stopped(
    app: Flask, hashes: list[str], settings: Settings
) -> None:
    statuses = [sign_in_with(app.test_client(), f"name{n}@elm.example", "Summer!") for n in range(30)]
    assert len(hashes) == settings.sign_in_attempts * ADDRESS_FACTOR
    assert statuses[-1] == 429
    # The twin: from another address the same people sign in.
    response = app.test_client().post(
        "/sign-in",
        data={"email": ADA, "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )
    assert response.status_code == 303


def test_signing_in_rightly_does_not_use_the_throttle_up(app: Flask) -> None:
    assert [sign_in_with(app.test_client()) for _ in range(15)] == [303] * 15


def test_an_account_of_ones_own_does_not_clear_the_address_between_guesses(
    app: Flask, hashes: list[str], settings: Settings
) -> None:
    for number in range(30):
        sign_in_with(app.test_client(), f"name{number}@elm.example", "guess")
        sign_in_with(app.test_client())
    guesses = [password for password in hashes if password == "guess"]
    assert len(guesses) <= settings.sign_in_attempts * ADDRESS_FACTOR


DEVICE = "outcomes-device"


def used_before(app: Flask) -> FlaskClient:
    """A browser with which Ada has signed in and out again."""
    client = app.test_client()
    assert sign_in_with(client) == 303
    assert client.post("/sign-out").status_code == 303
    return client


def test_a_stranger_cannot_lock_somebody_out_of_their_own_browser(app: Flask) -> None:
    own, stranger = used_before(app), app.test_client()
    assert [sign_in_with(stranger, ADA, "guess") for _ in range(12)][-1] == 429
    assert sign_in_with(app.test_client()) == 429
    assert sign_in_with(own) == 303
    # Signing in does not open the name again to whoever was guessing.
    assert sign_in_with(stranger, ADA, "guess") == 429


def test_a_known_browser_guesses_no_more_than_another(
    app: Flask, hashes: list[str], settings: Settings
) -> None:
    own = used_before(app)
    before = len(hashes)
    assert [sign_in_with(own, ADA, "guess") for _ in range(12)][-1] == 429
    assert len(hashes) - before == settings.sign_in_attempts


def test_a_browser_is_known_for_its_own_account_only(app: Flask, hashes: list[str]) -> None:
    own = used_before(app)
    stranger = app.test_client()
    assert [sign_in_with(stranger, "bob@elm.example", "guess") for _ in range(6)][-1] == 429
    assert sign_in_with(own, "bob@elm.example", "guess") == 429
    forged = app.test_client()
    forged.set_cookie(DEVICE, own.get_cookie(DEVICE).value[:-3] + "AAA")  # type: ignore[union-attr]
    assert [sign_in_with(stranger, ADA, "guess") for _ in range(6)][-1] == 429
    assert sign_in_with(forged) == 429
    assert sign_in_with(own) == 303


def test_the_cookie_of_a_browser_names_nobody_and_ends(app: Flask) -> None:
    cookie = used_before(app).get_cookie(DEVICE)
    assert cookie is not None and cookie.http_only and cookie.same_site == "Lax"
    assert "ada" not in cookie.value.lower()
    for _ in range(6):
        sign_in_with(app.test_client(), ADA, "guess")
    old = app.test_client()
    old.set_cookie(DEVICE, cookie.value)
    with time_machine.travel(now() + timedelta(days=91)):
        for _ in range(6):
            sign_in_with(app.test_client(), ADA, "guess")
        assert sign_in_with(old) == 429


def rename(app: Flask, table: str, becomes: str) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {becomes}"))


def test_a_throttle_that_cannot_count_lets_nobody_in(app: Flask, hashes: list[str]) -> None:
    rename(app, "sign_in_attempt", "sign_in_attempt_away")
    try:
        assert sign_in_with(app.test_client()) == 503
        assert hashes == []
    finally:
        rename(app, "sign_in_attempt_away", "sign_in_attempt")


def test_without_the_audit_nobody_is_let_in(app: Flask) -> None:
    client = app.test_client()
    with audit_broken(app):
        assert sign_in_with(client) == 503
        assert client.get("/my-day").status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 0


def test_counts_of_long_ago_are_forgotten(app: Flask) -> None:
    sign_in_with(app.test_client(), "old@elm.example", "x")
    with time_machine.travel(now() + timedelta(days=1)):
        sign_in_with(app.test_client(), "new@elm.example", "x")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInAttempt)) == 2


def test_a_hash_made_with_weaker_parameters_is_renewed_at_sign_in(app: Flask) -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=16, parallelism=2).hash(PASSWORD)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE account SET password_hash = :weak"), {"weak": weak})
    assert sign_in_with(app.test_client()) == 303
    with app.app_context():
        kept = db.session.execute(text("SELECT password_hash FROM account")).scalar_one()
        assert kept != weak
        assert Passwords(cheap=True).fits(kept, PASSWORD)
    assert sign_in_with(app.test_client()) == 303


def test_forms_without_their_token_are_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert sign_in_with(app.test_client()) == 400
