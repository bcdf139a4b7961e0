"""What stands before every address of the whole application: who is asking, from where, and how.

The parts are tested beside their modules; here the question is whether any address slipped past.
"""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from outcomes.core.permissions import Permission
from outcomes.web.routes import declarations
from tests.access.attacked.canaries import marks_in
from tests.access.attacked.town import Town, day
from tests.builders import token_of

MANAGER = "registered_manager"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# One that reached a view would be told apart from one that did not.
REFUSED_FIRST = 400


def filled(town: Town, rule: str) -> str:
    """The address with an own child, and with what is not there for the rest."""
    rule = re.sub(r"/children/<public_id:\w+>", f"/children/{town['person own']}", rule)
    rule = rule.replace("<measure_id:measure>", "hackney_homes.3.1-M1")
    return re.sub(r"<[a-z_]+:\w+>", "A" * 22, rule)


def test_no_unsafe_address_takes_a_forged_request(town: Town) -> None:
    client, tried = town.client(MANAGER), 0
    for row in declarations(town.app):
        for method in sorted(set(row["methods"]) & UNSAFE):
            where, body = filled(town, row["rule"]), {"json": {}} if "/api/" in row["rule"] else {"data": {}}
            permitted = row["permission"]
            forged = client.open(where, method=method, **body)
            assert forged.status_code in (REFUSED_FIRST, 403), (method, row["rule"], forged.status_code)
            if permitted == Permission.CHILD_CREATE:
                assert forged.status_code == REFUSED_FIRST
            tried += 1
    assert tried > 50


def test_no_unsafe_address_takes_another_sites_request(town: Town) -> None:
    client = town.client(MANAGER)
    headers = {"X-CSRF-Token": token_of(client.get("/organisations").text), "Sec-Fetch-Site": "cross-site"}
    for row in declarations(town.app):
        for method in sorted(set(row["methods"]) & UNSAFE):
            answer = client.open(filled(town, row["rule"]), method=method, headers=headers, json={})
            assert answer.status_code in (REFUSED_FIRST, 403), (method, row["rule"], answer.status_code)


def test_nobody_reads_nothing_but_what_is_public(town: Town) -> None:
    client = town.client("nobody")
    for row in declarations(town.app):
        if row["permission"] == Permission.PUBLIC:
            continue
        for method in row["methods"]:
            answer = client.open(filled(town, row["rule"]), method=method)
            # Forms without a token are refused even before the question who it is.
            assert answer.status_code in (303, 400, 401), (method, row["rule"], answer.status_code)
            assert not marks_in(answer)
            assert answer.headers.get("Location", "/sign-in").startswith("/sign-in")


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PATCH", "DELETE", "MOVE"])
def test_methods_that_no_address_declares(town: Town, method: str) -> None:
    client = town.client(MANAGER)
    for row in declarations(town.app):
        if row["endpoint"] == "static" and method == "OPTIONS":
            continue
        answer = client.open(filled(town, row["rule"]), method=method)
        assert answer.status_code in (400, 405), (row["rule"], answer.status_code)


def test_a_method_is_what_the_request_line_says(town: Town) -> None:
    where = f"/api/v1/children/{town['person own']}"
    client = town.client(MANAGER)
    for header in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        answer = client.get(where, headers={header: "PUT"}, query_string={"_method": "PUT"})
        assert (answer.status_code, answer.get_json()["revision"]) == (200, 1)


def test_another_host_is_no_place_to_be_sent_to(town: Town) -> None:
    client = town.app.test_client()
    for path in ("/my-day", f"/children/{town['person own']}", "/sign-in?next=//evil.example/"):
        answer = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert not re.search(r"//evil\.example", answer.headers.get("Location", "") + answer.text)


LINKS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "plan": ("goal", "plan_id", {"area": "education", "set_on": day(3), "status": "open"}),
    "staff": ("keyworker-session", "staff_id", {"status": "held", "held_on": day(3)}),
    "home": ("missing-episode", "home_id", {"kind": "missing", "started_at": f"{day(3)}T10:00"}),
    "session": ("goal-review", "session_id", {"reviewed_on": day(3), "judgement": "improved"}),
}
"""Kinds that link to something, each with a link's name and what else the record needs."""
HIDDEN = {
    "plan": "plan birch",
    "staff": "staff bob",
    "home": "home birch",
    "session": "keyworker_session birch",
}
OWN = {"plan": "plan own", "staff": "staff ada", "home": "home elm", "session": "keyworker_session own"}


@pytest.mark.parametrize("link", LINKS)
def test_a_link_to_what_is_hidden_answers_like_one_to_nothing(town: Town, link: str) -> None:
    kind, name, values = LINKS[link]
    values = values | ({"goal_id": town["goal own"]} if kind == "goal-review" else {})

    def posted(public_id: str) -> TestResponse:
        path = f"/children/{town['person own']}/{kind}"
        return town.send(MANAGER, path, values | {name: public_id})

    hidden, wrong_kind, nothing = posted(town[HIDDEN[link]]), posted(town["contact own"]), posted("A" * 22)
    for answer, public_id in ((hidden, town[HIDDEN[link]]), (wrong_kind, town["contact own"])):
        assert answer.status_code == nothing.status_code == 422
        assert answer.text.replace(public_id, "A" * 22) == nothing.text
    assert posted(town[OWN[link]]).status_code == 201


@pytest.mark.parametrize(
    "name",
    ["id", "public_id", "person_id", "placement_id", "author_id", "revision", "withdrawn_at", "sender"],
)
def test_a_body_sets_no_column_of_ours(town: Town, name: str) -> None:
    path = f"/children/{town['person own']}/health-check"
    body = {"kind": "dental", "due_on": day(3)}
    assert town.send(MANAGER, path, body | {name: 1}).status_code == 422
    assert town.send(MANAGER, path, body).status_code == 201


def test_a_key_of_somebody_else_is_a_key_like_any_other(town: Town) -> None:
    path, body = f"/children/{town['person gone']}/health-check", {"kind": "dental", "due_on": day(200)}
    first = town.send(MANAGER, path, body, Idempotency_Key="the-same")
    assert first.status_code == 201
    other = town.send("birch_manager", path, body, Idempotency_Key="the-same")
    assert other.status_code == 201
    assert other.get_json()["id"] != first.get_json()["id"]
    stranger = town.send("keyworker", path, body, Idempotency_Key="the-same")
    assert stranger.status_code == 404
    assert first.get_json()["id"] not in stranger.text + str(stranger.headers)
