"""Bearer tokens: what they let a program do, and everything that ends or narrows that."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from outcomes.access.bind import system_scope
from outcomes.accounts import links, manage, throttle, tokens
from outcomes.accounts.roles import Role
from outcomes.accounts.tokens import ApiToken
from outcomes.audit.entry import AuditEntry
from outcomes.core.clock import now, today
from outcomes.core.database import db
from outcomes.core.token_scopes import TokenScope
from outcomes.core.transaction import transaction
from outcomes.kit.reading.addresses import address
from tests.accounts.tokens.conftest import CHECK, Elm
from tests.builders import TESTS, World, signed_in


def test_a_token_reads_and_writes_in_its_owners_name(elm: Elm) -> None:
    token = elm.token("records:write")
    made = elm.post(f"{elm.child}/health-check", token, CHECK)
    assert made.status_code == 201, made.text
    assert elm.get(f"{elm.child}/health-check", token).json["total"] == 1  # type: ignore[index]
    with elm.app.app_context():
        written = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "record:create")).all()[-1]
        owner = manage.find_account(db.session(), elm.email)
        kept = db.session.scalars(select(ApiToken)).one()
    assert (written.account_id, written.session, written.role) == (
        owner.id,
        kept.public_id,
        "registered_manager",
    )
    assert kept.last_used_at is not None


def test_only_a_digest_of_the_secret_is_kept(elm: Elm) -> None:
    secret = elm.token("records:read")[-43:]
    with elm.app.app_context():
        row = db.session.execute(select(ApiToken.__table__)).one()
    assert not any(secret[-20:] in str(value) for value in row)


def test_scopes_only_narrow(elm: Elm) -> None:
    reading, figures = elm.token("records:read"), elm.token("figures:read", "members:read")
    assert elm.get(f"{elm.child}/health-check", reading).status_code == 200
    assert elm.post(f"{elm.child}/health-check", reading, CHECK).status_code == 403
    for where in (elm.child, f"{elm.child}/health-check", "/organisations"):
        assert elm.get(where, figures).status_code == 403
    assert elm.get("/measures/hackney_homes.3.1-M1/figures", figures).status_code == 200
    assert elm.get("/measures/hackney_homes.3.1-M1/figures", reading).status_code == 403


def test_a_token_never_does_what_its_owner_may_not(any_app: Flask) -> None:
    """A commissioner's token with every scope still sees no child."""
    with any_app.app_context(), system_scope("a test"):
        world = World()
        home, child = world.home("Elm House"), world.child("Jay")
        world.placed(child, home, "2025-01-01")
        contract = world.contract()
        elm = Elm(any_app, world.account("commissioner", at=contract), address(child))
        own = address(contract)
    token = elm.token(*TokenScope)
    assert elm.get("/children", token).status_code == 403
    assert elm.get(elm.child, token).status_code == 403
    assert elm.get(own, token).status_code == 200


def refusals(elm: Elm, texts: Iterable[str]) -> set[tuple[int, str, str | None]]:
    answers = [elm.get("/children", text) for text in texts]
    assert all(answer.json["error"]["code"] == "token_refused" for answer in answers)  # type: ignore[index]
    return {(answer.status_code, answer.text, answer.headers["WWW-Authenticate"]) for answer in answers}


def test_unknown_revoked_and_expired_tokens_answer_alike(elm: Elm) -> None:
    works, revoked, short = (elm.token("records:read", days=days) for days in (30, 30, 1))
    with elm.app.app_context(), transaction() as session:
        tokens.revoke(session, revoked.split("_")[1], account_id=None, by=TESTS)
    wrong = [works[:-1] + ("A" if works[-1] != "A" else "B"), "outcomes_" + "x" * 66, "ü", "x" * 5000]
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        assert elm.get("/children", works).status_code == 200
        told = refusals(elm, [revoked, short, *wrong])
    assert len(told) == 1
    assert {(status, header) for status, _, header in told} == {(401, 'Bearer error="invalid_token"')}


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer ", "bearer\tx", "x"])
def test_a_header_of_another_sort_is_refused(elm: Elm, header: str) -> None:
    client = signed_in(elm.app, elm.email)
    assert client.get("/api/v1/children").status_code == 200
    assert client.get("/api/v1/children", headers={"Authorization": header}).status_code == 401


def test_what_ends_an_account_ends_its_tokens_at_the_next_request(elm: Elm) -> None:
    token = elm.token("records:read")
    assert elm.get("/children", token).status_code == 200
    with elm.app.app_context(), transaction() as session:
        manage.end_grants(session, email=elm.email, on=today(), by=TESTS)
    assert elm.get("/children", token).status_code == 401


def test_a_disabled_owner_and_a_new_password_end_them_too(elm: Elm) -> None:
    token = elm.token("records:read")
    with elm.app.app_context():
        link = links.password_link(elm.email, by=TESTS).rpartition("/")[2]
        links.set_password(link, password="violet-anvil-harbour")
    assert elm.get("/children", token).status_code == 401
    token = elm.token("records:read")
    assert elm.get("/children", token).status_code == 200
    with elm.app.app_context(), transaction() as session:
        manage.disable(session, email=elm.email, by=TESTS)
    assert elm.get("/children", token).status_code == 401


def test_in_another_role_a_token_does_not_work(elm: Elm) -> None:
    token = elm.token("records:read")
    with elm.app.app_context(), transaction() as session:
        manage.end_grants(session, email=elm.email, on=today(), by=TESTS)
        manage.add(session, email=elm.email, name="x", role=Role.SYSTEM_ADMINISTRATOR, by=TESTS)
    assert elm.get("/organisations", token).status_code == 401


def test_the_cookie_is_never_read_beside_a_token(elm: Elm) -> None:
    """The session would see the child; the token, and what is no token, decide alone."""
    client = signed_in(elm.app, elm.email)
    assert client.get(f"/api/v1{elm.child}").status_code == 200
    assert elm.get(elm.child, elm.token("figures:read"), client).status_code == 403
    assert elm.get(elm.child, "outcomes_unknown", client).status_code == 401


def test_without_a_token_the_cookie_needs_the_forms_token(elm: Elm) -> None:
    client = signed_in(elm.app, elm.email)
    sent = {"Idempotency-Key": "k1"}
    assert client.post(f"/api/v1{elm.child}/health-check", json=CHECK, headers=sent).status_code == 400


def test_pages_know_no_token(elm: Elm) -> None:
    token = elm.token("records:read", "records:write")
    sent = {"Authorization": f"Bearer {token}"}
    for where in ("/children", "/account/tokens", "/account/tokens/new"):
        answer = elm.app.test_client().get(where, headers=sent)
        assert (answer.status_code, answer.headers["Location"][:8]) == (303, "/sign-in")
    # Nor does it take the place of a form's token.
    assert elm.app.test_client().post("/account/tokens/new", headers=sent).status_code in (303, 400)
    assert len(elm.stays()) == 1


def test_refused_tokens_are_counted_and_written_down(elm: Elm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "REFUSED_TOKENS", 2)
    works = elm.token("records:read")
    statuses = [elm.get("/children", "outcomes_x").status_code for _ in range(3)]
    last = elm.get("/children", "outcomes_x")
    assert statuses == [401, 401, 429] and int(last.headers["Retry-After"]) > 0
    # Neither a working token nor signing in is held up by it.
    assert elm.get("/children", works).status_code == 200
    assert signed_in(elm.app, elm.email)
    with elm.app.app_context():
        told = db.session.scalars(select(AuditEntry.outcome).where(AuditEntry.action == "token:use")).all()
    assert told == ["refused", "refused", "throttled", "throttled"]
