"""Tokens on pages: made once, seen, revoked, and only by whose they are."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from outcomes.access.bind import system_scope
from outcomes.accounts import tokens
from tests.accounts.tokens.conftest import Elm
from tests.builders import PASSWORD, World, hidden_of, signed_in
from tests.doors.bank import TEXTS
from tests.doors.conftest import faults_of


def form(page: str, **typed: Any) -> dict[str, Any]:
    return hidden_of(page) | {
        "name": "Attendance import",
        "scopes": ["records:read", "figures:read"],
        "days": "30",
        "password": PASSWORD,
        **typed,
    }


def test_somebody_makes_sees_and_revokes_a_token_on_a_page(elm: Elm) -> None:
    client = signed_in(elm.app, elm.email)
    sent = form(client.get("/account/tokens/new").text)
    shown = client.post("/account/tokens/new", data=sent)
    assert shown.status_code == 200
    found = re.search(r"outcomes_[A-Za-z0-9]{22}_[A-Za-z0-9_-]{43}", shown.text)
    assert found and elm.get("/children", found[0]).status_code == 200
    # The second click makes no second token, and the secret is not to be had again.
    again = client.post("/account/tokens/new", data=sent)
    assert again.status_code == 303 and len(elm.stays()) == 1
    listed = client.get("/account/tokens").text
    assert "Attendance import" in listed and "Read records" in listed
    # A secret may hold an underscore, so it is told by its length.
    assert found[0][-43:] not in listed
    where = f"/account/tokens/{elm.stays()[0].public_id}/revoke"
    assert client.post(where, data=hidden_of(client.get(where).text)).status_code == 303
    assert "Revoked" in client.get("/account/tokens").text
    assert elm.get("/children", found[0]).status_code == 401
    assert client.get(where).status_code == 409


def test_no_text_is_a_fault_at_the_tokens_form(elm: Elm) -> None:
    # What was typed is shown again, and the linting client takes a typed "javascript:" for ours.
    elm.app.test_client_class = FlaskClient
    client = signed_in(elm.app, elm.email)
    page = client.get("/account/tokens/new").text
    faults = []
    for title, text in TEXTS.items():
        for asked in ("name", "scopes", "days", "password"):
            answer = client.post("/account/tokens/new", data=form(page, days="x") | {asked: text})
            faults += faults_of(answer, f"{asked}, {title}")
            assert answer.status_code >= 400
    assert faults == [] and elm.stays() == []


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": " "}, "Enter what the token is for"),
        ({"scopes": []}, "Select what the program may do"),
        ({"scopes": ["accounts:manage"]}, "Select from what is offered"),
        ({"days": "3650"}, "Enter for how many days"),
        ({"password": "another-password"}, "The password is not right"),
    ],
)
def test_what_is_missing_or_wrong_makes_no_token(elm: Elm, typed: dict[str, Any], says: str) -> None:
    client = signed_in(elm.app, elm.email)
    answer = client.post("/account/tokens/new", data=form(client.get("/account/tokens/new").text, **typed))
    assert answer.status_code == 422 and says in answer.text
    assert elm.stays() == []


def test_the_password_is_asked_no_more_often_than_at_sign_in(elm: Elm) -> None:
    client = signed_in(elm.app, elm.email)
    page = client.get("/account/tokens/new").text
    guesses = [client.post("/account/tokens/new", data=form(page, password=f"guess-{n}")) for n in range(7)]
    assert [one.status_code for one in guesses] == [422] * 5 + [429] * 2
    assert client.post("/account/tokens/new", data=form(page)).status_code == 429


def test_nobody_sees_or_revokes_anothers_token(elm: Elm) -> None:
    elm.token("records:read", name="Private thing")
    with elm.app.app_context(), system_scope("a test"):
        other = signed_in(elm.app, World().account("system_administrator"))
    assert "Private thing" not in other.get("/account/tokens").text
    where = f"/account/tokens/{elm.stays()[0].public_id}/revoke"
    assert other.get(where).status_code == 404
    page = other.get("/account/tokens/new").text
    assert other.post(where, data=hidden_of(page)).status_code == 404
    assert elm.stays()[0].revoked_at is None


def test_only_scopes_that_leave_something_are_offered(any_app: Flask) -> None:
    with any_app.app_context(), system_scope("a test"):
        world = World()
        email = world.account("commissioner", at=world.contract())
    page = signed_in(any_app, email).get("/account/tokens/new").text
    assert 'value="figures:read"' in page and 'value="members:read"' not in page


def test_there_is_a_most_of_working_tokens(elm: Elm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "MOST", 1)
    elm.token("records:read")
    client = signed_in(elm.app, elm.email)
    answer = client.post("/account/tokens/new", data=form(client.get("/account/tokens/new").text))
    assert answer.status_code == 409 and "Revoke one" in answer.text
