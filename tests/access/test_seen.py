"""Who has seen this child: every way of being shown one is found again, by the child."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from outcomes import cli
from outcomes.access.bind import system_scope
from outcomes.access.seen import seen_by
from tests.access.attacked.town import Town
from tests.audit.breaking import audit_broken
from tests.builders import token_of

MANAGER = "registered_manager"


def seen(town: Town, child: str) -> list[dict[str, Any]]:
    with town.app.app_context(), system_scope("a test"):
        return seen_by(town[f"person {child}"])


def shown_to(town: Town, child: str) -> list[tuple[str, str, str]]:
    """Role, action and outcome of every entry about a child, but those of the town's making."""
    return [
        (one["role"], one["action"], one["outcome"])
        for one in seen(town, child)
        if one["action"] != "record:create"
    ]


def test_a_list_of_children_is_found_by_each_child_in_it(any_town: Town) -> None:
    town = any_town
    for path, action in (
        ("/children", "child:list"),
        ("/my-day", "my-day:read"),
        ("/api/v1/children", "person:list"),
    ):
        before = len(shown_to(town, "own"))
        assert town.client(MANAGER).get(path).status_code == 200
        told = shown_to(town, "own")
        assert len(told) == before + 1, path
        assert told[0] == (MANAGER, action, "ok")
    assert shown_to(town, "birch") == []
    # The former resident is in the lists of children, and in my day: how that stay ended is untold.
    assert [action for _, action, _ in shown_to(town, "gone")] == ["person:list", "my-day:read", "child:list"]


def test_a_search_is_found_by_whom_it_found(town: Town) -> None:
    client = town.client(MANAGER)
    token = token_of(client.get("/organisations").text)
    found = client.post("/children", data={"name": "nobody of that name", "csrf_token": token})
    assert found.status_code == 200
    assert shown_to(town, "own") == []
    assert client.post("/children", data={"name": "personown", "csrf_token": token}).status_code == 200
    assert shown_to(town, "own") == [(MANAGER, "child:list", "ok")]
    assert shown_to(town, "gone") == []


def test_the_page_of_a_list_names_only_its_own_children(town: Town) -> None:
    first = town.client(MANAGER).get("/api/v1/children?per_page=1").get_json()["items"]
    assert len(first) == 1
    for child in ("own", "gone"):
        assert bool(shown_to(town, child)) == (town[f"person {child}"] == first[0]["id"])


def test_a_try_is_found_too(any_town: Town) -> None:
    assert any_town.client("keyworker").get(f"/children/{any_town['person birch']}").status_code == 404
    assert shown_to(any_town, "birch") == [("keyworker", "child:read", "refused")]


@pytest.mark.parametrize("path", ["/children", "/my-day", "/api/v1/children"])
def test_a_list_that_cannot_be_written_down_is_not_shown(any_town: Town, path: str) -> None:
    client = any_town.client(MANAGER)
    with audit_broken(any_town.app):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "personown" not in answer.text
    assert "personown" in client.get(path).text


def test_the_command_tells_who_has_seen_a_child(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "the_app", lambda: town.app)
    town.client(MANAGER).get(f"/children/{town['person own']}")
    told = CliRunner().invoke(cli.main, ["audit", "seen", town["person own"], "--json"])
    assert told.exit_code == 0, told.output
    last = json.loads(told.stdout)["seen"][0]
    assert (last["role"], last["action"], last["name"]) == (
        MANAGER,
        "child:read",
        "Registered manager Example",
    )
    words = CliRunner().invoke(cli.main, ["audit", "seen", town["person own"]])
    assert "child:read" in words.output
    assert "Registered manager Example (registered_manager)" in words.output
    stranger = CliRunner().invoke(cli.main, ["audit", "seen", "nobody"])
    assert stranger.exit_code == 1
    assert "There is no" in stranger.output
