"""What a reader's levels do not cover is absent: from pages, JSON, forms, history, timeline, replays and errors alike.

Every role with children has every level for now, so the manager's are taken away here one by one. Each
field holds a canary of its own; whether one is shown without its level is looked for in every answer
about a child that is read.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from outcomes.access import policy
from outcomes.accounts.roles import Role
from outcomes.core.actor import Level
from outcomes.kit.declaring.record import KINDS, PersonRecord
from outcomes.web.routes import RouteAsJson, declarations
from tests.access.attacked.canaries import canaries_in, canaries_of, canary, mark
from tests.access.attacked.town import Town, day
from tests.access.matrix.requests import changed, prepare

MANAGER = "registered_manager"
CONFIDENTIAL = tuple(level for level in Level if level is not Level.OPEN)

CALLED = {("person", "known_as"), ("person", "family_name")}
"""Fields that a record is called by wherever it is named: who may see the record may know its name."""


def withhold(monkeypatch: pytest.MonkeyPatch, level: Level) -> None:
    """From now on a manager reads every level but this one."""
    whole = policy.POLICIES[Role.REGISTERED_MANAGER]
    monkeypatch.setitem(
        policy.POLICIES, Role.REGISTERED_MANAGER, replace(whole, levels=whole.levels - {level})
    )


def fields_at(level: Level) -> set[tuple[str, str]]:
    """Kind and field of everything about a child that has this level."""
    return {
        (kind.kind_name(), name)
        for kind in KINDS
        if issubclass(kind, PersonRecord) or kind.kind_name() == "person"
        for name, one in kind.asked_fields().items()
        if one.level is level
    }


def canaries_at(level: Level, child: str = "own") -> set[tuple[str, str]]:
    planted = {canary(f"{kind} {child}", field) for kind, field in fields_at(level) - CALLED}
    return {tuple(one.rsplit("-", 1)) for one in planted}  # type: ignore[misc]


def about_a_child(town: Town) -> Iterator[str]:
    """Every address that is read about one's own child, and the lists and figures that have them in."""
    yield from ("/children", "/my-day", "/api/v1/children", f"/scorecard?contract={town['contract elm']}")
    yield f"/measures/hackney_homes.3.1-M1?contract={town['contract elm']}&split=place"
    yield f"/api/v1/measures/hackney_homes.3.1-M1/figures?contract={town['contract elm']}&members=1"
    for row in declarations(town.app):
        if "GET" in row["methods"] and "/children/<" in row["rule"]:
            yield filled(town, row)


def filled(town: Town, row: RouteAsJson) -> str:
    kind = row["audit"].partition(":")[0].replace("-", "_")
    rule = re.sub(r"/children/<public_id:\w+>", f"/children/{town['person own']}", row["rule"])
    return re.sub(r"<public_id:\w+>", town.ids.get(f"{kind} own", "A" * 22), rule)


def shown(town: Town) -> dict[tuple[str, str], str]:
    """Every canary that is shown about one's own child, with an address that shows it."""
    found: dict[tuple[str, str], str] = {}
    for address in about_a_child(town):
        answer = town.client(MANAGER).get(address)
        # What is done already is led to its own page.
        assert answer.status_code in (200, 303, 403), (address, answer.status_code)
        found |= dict.fromkeys(canaries_in(answer), address)
    return found


def correct_once(town: Town) -> None:
    """A text of each record is changed, so that what was there before is shown in its history alone."""
    prepare(town)
    for name, values in town.bodies.items():
        kind = KINDS[name.split()[0]]
        if name.endswith(" own") and issubclass(kind, PersonRecord):
            body = changed(kind, values)
            revision = f'"{town.revisions[name]}"'
            town.send(MANAGER, town.record(kind.kind_name(), "own"), body, "PUT", If_Match=revision)


def test_every_column_that_people_fill_has_a_level() -> None:
    for kind in KINDS:
        for part in (kind, kind.declaration.part):
            for name, one in part.asked_fields().items() if part is not None else ():
                assert isinstance(one.level, Level), f"{kind.kind_name()}.{name}"


@pytest.mark.parametrize(
    "level",
    [
        level if level is Level.HEALTH else pytest.param(level, marks=pytest.mark.matrix)
        for level in CONFIDENTIAL
    ],
)
def test_without_a_level_its_fields_are_nowhere(
    town: Town, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    correct_once(town)
    withhold(monkeypatch, level)
    told = shown(town)
    leaked = {one: told[one] for one in told.keys() & canaries_at(level)}
    assert leaked == {}
    # Of the others, everything is still there.
    for other in CONFIDENTIAL:
        planted = canaries_at(other) & canaries_of(str(town.bodies))
        if other is not level and planted:
            assert told.keys() & planted, other


@pytest.mark.parametrize("level", CONFIDENTIAL)
def test_without_a_level_its_fields_are_in_no_document_and_on_no_page(
    town: Town, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Days, codes and numbers hold no canary: their names and their questions are looked for."""
    client, tried = town.client(MANAGER), 0
    for kind in sorted({kind for kind, _ in fields_at(level)}):
        names = {name for one, name in fields_at(level) if one == kind} - {"person_id"}
        path = f"/children/{town['person own']}" if kind == "person" else town.record(kind, "own")
        asked = KINDS[kind].asked_fields()
        questions = {asked[name].question for name in names if (kind, name) not in CALLED}
        for shown_to_all in (True, False):
            with monkeypatch.context() as patched:
                if not shown_to_all:
                    withhold(patched, level)
                document = client.get(f"/api/v1{path}").get_json()
                form = unescape(client.get(f"{path}/correct").text)
            assert (names <= document.keys()) if shown_to_all else not (names & document.keys()), kind
            found = {question for question in questions if question in form}
            assert (found == questions if kind != "reading" else True) if shown_to_all else not found, kind
            tried += 1
    assert tried >= 2


@pytest.mark.matrix
def test_with_every_level_every_text_is_somewhere(town: Town) -> None:
    """The twin: nothing is absent because it was never planted, or is shown nowhere."""
    prepare(town)
    planted, told = canaries_of(str(town.bodies)), shown(town)
    for level in CONFIDENTIAL:
        assert canaries_at(level) & planted - told.keys() == set(), level
    assert len({level for level in CONFIDENTIAL if canaries_at(level) & planted}) >= 4


@pytest.mark.parametrize("level", [Level.ADDRESS, Level.HEALTH, Level.CARE])
def test_what_may_not_be_read_may_not_be_written_nor_replayed(
    any_town: Town, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, field, body = WRITTEN[level]
    path = f"/children/{any_town['person own']}/{kind}"
    key = {"Idempotency_Key": "the-same-key"}
    made = any_town.send(MANAGER, path, body, **key)
    assert made.status_code == 201
    assert made.get_json()[field] == body[field]
    withhold(monkeypatch, level)
    again = any_town.send(MANAGER, path, body, **key)
    assert again.status_code == 422
    assert again.get_json()["error"]["fields"] == {
        name: ["Is not a field that you may write here."] for name in again.get_json()["error"]["fields"]
    }
    assert field in again.get_json()["error"]["fields"]
    assert str(body[field]) not in again.text
    single = any_town.client(MANAGER).get(made.headers["Location"])
    assert field not in single.get_json()
    assert str(body[field]) not in single.text


WRITTEN: dict[Level, tuple[str, str, dict[str, Any]]] = {
    Level.ADDRESS: ("contact", "note", {"name": "Aunt Joy", "note": "cnry-new-note"}),
    Level.HEALTH: (
        "health-check",
        "follow_up",
        {"kind": "dental", "due_on": day(9), "follow_up": "cnry-new-x"},
    ),
    Level.CARE: (
        "goal",
        "child_words",
        {"area": "education", "set_on": day(9), "status": "open", "child_words": "cnry-new-words"},
    ),
}


@pytest.mark.matrix
def test_the_test_would_see_a_field_without_its_level(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A seeded fault: a page that reads past the levels."""
    withhold(monkeypatch, Level.ADDRESS)
    assert (mark("contact own"), "note") not in shown(town)
    monkeypatch.setattr("outcomes.core.actor.Actor.may_read", lambda *_: True)
    assert (mark("contact own"), "note") in shown(town)
