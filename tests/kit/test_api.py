"""The JSON verbs, as a program in a manager's name uses them."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from outcomes.access.bind import system_scope
from outcomes.audit.entry import AuditEntry
from outcomes.core.database import db
from outcomes.kit.reading.addresses import address
from outcomes.records.health import HealthCheck
from outcomes.records.instrument_files import load_seed_instruments
from tests.builders import TESTS, World, signed_in, token_of


class Program:
    """A client that sends what JSON requests need."""

    def __init__(self, app: Flask, email: str) -> None:
        self.client: FlaskClient = signed_in(app, email)
        page = self.client.get("/organisations").text
        self.token = token_of(page)
        self._sent = 0

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}")

    def send(self, method: str, path: str, body: Any, **headers: str) -> TestResponse:
        self._sent += 1
        wanted = {"X-CSRF-Token": self.token, "Idempotency-Key": f"key-{self._sent}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=wanted)


@pytest.fixture
def child_and_program(any_app: Flask) -> tuple[str, Program]:
    with any_app.app_context(), system_scope("a test"):
        world = World()
        home = world.home("Elm House")
        child = world.child("Jay")
        world.placed(child, home, "2025-01-01")
        email = world.account("registered_manager", at=home)
        place = address(child)
    return place, Program(any_app, email)


CHECK = {"kind": "dental", "due_on": "2025-05-01"}


def test_a_record_is_created_read_corrected_and_withdrawn(child_and_program: tuple[str, Program]) -> None:
    child, program = child_and_program
    made = program.send("POST", f"{child}/health-check", CHECK)
    assert made.status_code == 201 and made.json is not None
    assert (made.json["kind"], made.json["due_on"], made.json["revision"]) == ("dental", "2025-05-01", 1)
    assert made.json["type"] == "health_check"
    place = made.headers["Location"].removeprefix("/api/v1")
    assert program.get(place).headers["ETag"] == '"1"'
    changed = program.send(
        "PUT", place, CHECK | {"due_on": "2025-06-01", "correction_reason": "misread"}, If_Match='"1"'
    )
    assert changed.status_code == 200 and changed.json is not None
    assert (changed.json["due_on"], changed.headers["ETag"]) == ("2025-06-01", '"2"')
    gone = program.send("POST", f"{place}/withdraw", {"correction_reason": "wrong child"}, If_Match='"2"')
    assert gone.status_code == 200 and gone.json is not None and gone.json["withdrawn_at"]
    listed = program.get(f"{child}/health-check").json
    assert listed == {"items": [], "total": 0, "page": 1, "pages": 1}


def test_a_change_needs_the_revision_it_was_made_from(child_and_program: tuple[str, Program]) -> None:
    child, program = child_and_program
    made = program.send("POST", f"{child}/health-check", CHECK)
    place = made.headers["Location"].removeprefix("/api/v1")
    assert program.send("PUT", place, CHECK).status_code == 428
    assert program.send("PUT", place, CHECK, If_Match='"7"').status_code == 412
    assert program.send("PUT", place, CHECK, If_Match='"1"').status_code == 200


def test_a_key_used_again_gives_the_first_result(child_and_program: tuple[str, Program]) -> None:
    child, program = child_and_program
    first, second = (
        program.send("POST", f"{child}/health-check", CHECK, Idempotency_Key="the-same") for _ in range(2)
    )
    assert first.json == second.json and second.status_code == 201
    other = program.send(
        "POST", f"{child}/health-check", CHECK | {"kind": "optical"}, Idempotency_Key="the-same"
    )
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "kind"),
        (CHECK | {"zz": 1}, 422, "zz"),
        (CHECK | {"id": 7}, 422, "id"),
        (CHECK | {"person_id": "x" * 22}, 422, "person_id"),
        (CHECK | {"due_on": 10**40}, 400, None),
        (CHECK | {"due_on": "2025-02-30"}, 422, "due_on"),
        (CHECK | {"follow_up": "a\u0000b"}, 400, None),
        (CHECK | {"recall_months": 10**15}, 422, "recall_months"),
        ([], 400, None),
        ("text", 400, None),
    ],
)
def test_bad_bodies_are_refused_in_the_one_shape(
    child_and_program: tuple[str, Program], body: Any, status: int, field: str | None
) -> None:
    child, program = child_and_program
    answer = program.send("POST", f"{child}/health-check", body)
    assert answer.status_code == status and answer.json is not None
    error = answer.json["error"]
    assert error["code"] and error["message"]
    assert field is None or error["fields"][field]
    assert program.get(f"{child}/health-check").json["total"] == 0  # type: ignore[index]


def test_who_puts_a_child_out_of_reach_is_told_what_was_done(child_and_program: tuple[str, Program]) -> None:
    """Without the placement nothing of the child is the manager's: the answer is the record all the same,
    and the audit still knows whom it was about."""
    child, program = child_and_program
    program.send("POST", f"{child}/health-check", CHECK)
    stay = program.get(f"{child}/placement").json["items"][0]  # type: ignore[index]
    place, reason = f"{child}/placement/{stay['id']}/withdraw", {"correction_reason": "wrong child"}
    done = program.send("POST", place, reason, If_Match='"1"')
    assert done.status_code == 200 and done.json is not None
    assert done.json["withdrawn_at"] and done.headers["ETag"] == '"2"'
    with program.client.application.app_context():
        noted = select(AuditEntry.person).where(AuditEntry.action == "record:withdraw")
        assert db.session.scalars(noted).all() == [child.rpartition("/")[2]]


def test_a_fault_of_the_reason_is_told_under_its_own_name(child_and_program: tuple[str, Program]) -> None:
    child, program = child_and_program
    made = program.send("POST", f"{child}/health-check", CHECK)
    place = made.headers["Location"].removeprefix("/api/v1")
    for reason in ("", "x" * 501):
        answer = program.send("POST", f"{place}/withdraw", {"correction_reason": reason}, If_Match='"1"')
        assert answer.status_code == 422 and list(answer.json["error"]["fields"]) == ["correction_reason"]  # type: ignore[index]


@pytest.mark.parametrize("sent", ['""1""', 'W/"1"', "*", "one", '"1', "1234567890"])
def test_what_is_no_revision_is_none(child_and_program: tuple[str, Program], sent: str) -> None:
    child, program = child_and_program
    made = program.send("POST", f"{child}/health-check", CHECK)
    place = made.headers["Location"].removeprefix("/api/v1")
    assert program.send("PUT", place, CHECK, If_Match=sent).status_code == 428
    assert program.send("PUT", place, CHECK, If_Match="1").status_code == 200


def test_ones_homes_are_listed_whomever_they_belong_to(child_and_program: tuple[str, Program]) -> None:
    _, program = child_and_program
    listed = program.get("/homes").json
    assert listed is not None and [one["name"] for one in listed["items"]] == ["Elm House"]


def test_a_reading_carries_its_scores(child_and_program: tuple[str, Program]) -> None:
    child, program = child_and_program
    with program.client.application.app_context(), system_scope("a test"):
        World().instrument("wheel")
    reading = {"instrument_code": "wheel", "version": "1", "informant": "child", "taken_on": "2025-05-01"}
    scores = [{"area": "cooking", "score": 3}, {"area": "cleaning", "not_age_appropriate": True}]
    made = program.send("POST", f"{child}/reading", reading | {"status": "complete", "scores": scores})
    assert made.status_code == 201 and made.json is not None
    assert made.json["scores"] == [
        {"area": "cooking", "score": 3, "not_age_appropriate": None},
        {"area": "cleaning", "score": None, "not_age_appropriate": True},
    ]


def test_answers_to_items_become_scores_at_this_door(child_and_program: tuple[str, Program]) -> None:
    child, program = child_and_program
    with program.client.application.app_context(), system_scope("a test"):
        load_seed_instruments(by=TESTS)

    def sent(**answers: Any) -> TestResponse:
        scores = [{"area": f"impact_{name}", "score": answer} for name, answer in answers.items()]
        body = {"instrument_code": "sdq", "version": "2", "informant": "teacher", "taken_on": "2025-05-01"}
        return program.send("POST", f"{child}/reading", body | {"status": "partial", "scores": scores})

    made = sent(difficulties=1, distress=3, friends=2)
    assert made.status_code == 201 and made.json is not None
    assert {one["area"]: int(one["score"]) for one in made.json["scores"] if one["area"] == "impact"} == {
        "impact": 3
    }
    for answers, says in (
        ({"distress": 4}, "from 0 to 3"),
        ({"distress": "x"}, "enter a number"),
        ({"home": 1}, "not asked in this view"),
        ({"difficulties": 4, "friends": 1}, "from 0 to 3"),
    ):
        refused = sent(**answers)
        assert refused.status_code == 422 and says in refused.text, answers


def test_nobody_signed_in_is_told_so_in_json(any_app: Flask) -> None:
    answer = any_app.test_client().get("/api/v1/children")
    assert answer.status_code == 401 and answer.json is not None
    assert answer.json["error"]["code"] == "sign_in_needed"


def test_records_out_of_reach_land_in_the_stay_that_is_right(any_app: Flask) -> None:
    """A manager corrects a former resident's stay; a record from after it, which she may not see,
    is placed in it all the same, and she still may not see that record."""
    with any_app.app_context(), system_scope("a test"):
        world = World()
        home, child = world.home("Elm House"), world.child("Jay")
        stay = world.placed(child, home, "2025-01-01", "2025-04-01")
        elsewhere = world.organisation("Somebody else")
        world.placed(child, world.home("Oak House", elsewhere), "2025-06-01")
        later = world.record(HealthCheck, person_id=child, kind="dental", due_on="2025-04-05")
        much_later = world.record(HealthCheck, person_id=child, kind="dental", due_on="2025-06-05")
        email = world.account("registered_manager", at=home)
        place, key, before = address(stay, child), later.id, much_later.placement_id
        others = address(much_later, child)
    program = Program(any_app, email)
    stands = program.get(place).json
    assert stands is not None
    changed = {name: value for name, value in stands.items() if name not in NOT_ASKED} | {
        "ended_on": "2025-04-10"
    }
    answer = program.send("PUT", place, changed, If_Match='"1"')
    assert answer.status_code == 200, answer.text
    assert program.get(others).status_code == 404
    with any_app.app_context(), system_scope("a test"):
        moved, left = (db.session.get(HealthCheck, one) for one in (key, key + 1))
        assert moved is not None and left is not None
        assert moved.placement_id == 1 and moved.revision == 2
        assert left.placement_id == before and left.revision == 1


NOT_ASKED = ("id", "type", "revision", "recorded_at", "withdrawn_at")
