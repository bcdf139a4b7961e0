"""Two taps from my day: a health check was attended, a review of a plan was held."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from outcomes.core.calendar import add_months
from outcomes.core.clock import now, today
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.kit.reading.view import raw_of
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.health import HealthCheck
from outcomes.records.plans import Plan, PlanReview
from tests.builders import TESTS, hidden_of
from tests.desk.conftest import House, days_ago, send, typed_day


def waiting_check(house: House, **values: Any) -> str:
    with house.inside() as world:
        jay = house.child(house.jay)
        due = {"person_id": jay, "kind": "dental", "due_on": days_ago(5), "recall_months": 6}
        return house.of(house.jay, f"/health-check/{world.record(HealthCheck, **(due | values)).public_id}")


def checks(house: House) -> list[tuple[Any, Any, Any]]:
    with house.inside():
        rows = db.session.scalars(select(HealthCheck).order_by(HealthCheck.id))
        return [(one.due_on, one.attended_on, one.recall_months) for one in rows]


def test_a_check_is_done_in_two_taps(any_house: House) -> None:
    """As the page comes: today, and the next one after the recall."""
    where = waiting_check(any_house)
    client, day = any_house.signed_in("ada"), today()
    assert f'href="{where}/done"' in client.get("/my-day").text
    page = client.get(f"{where}/done").text
    typed = dict(re.findall(r'name="([a-z_]+-(?:day|month|year))"[^>]* value="(\d*)"', page))
    assert typed == typed_day("attended_on", day) | typed_day("next_due_on", add_months(day, 6))
    sent = client.post(f"{where}/done", data=hidden_of(page) | typed | {"follow_up": ""})
    assert (sent.status_code, sent.location) == (303, any_house.of(any_house.jay))
    due = day - timedelta(days=5)
    assert checks(any_house) == [(due, day, 6), (add_months(day, 6), None, 6)]
    assert f"{where}/done" not in client.get("/my-day").text
    with any_house.inside():
        reasons = db.session.scalars(select(RecordVersion.reason).where(RecordVersion.kind == "health_check"))
        assert "Done" in list(reasons)


def test_a_second_click_does_it_once(house: House) -> None:
    where = waiting_check(house)
    client = house.signed_in("ada")
    page = client.get(f"{where}/done").text
    answers = (
        hidden_of(page) | typed_day("attended_on", today()) | typed_day("next_due_on", today() + timedelta(9))
    )
    assert [client.post(f"{where}/done", data=answers).status_code for _ in range(2)] == [303, 303]
    assert len(checks(house)) == 2


@pytest.mark.parametrize(
    ("days_from_now", "told"),
    [
        ({}, "Enter the day on which it was done."),
        ({"attended_on": 1}, "must be today or earlier"),
        ({"attended_on": 0, "next_due_on": 0}, "Next one: enter a day after this one."),
    ],
)
def test_what_cannot_be_is_refused_and_stays(house: House, days_from_now: dict[str, int], told: str) -> None:
    where = waiting_check(house)
    answers = {"revision": "1", "follow_up": "He was brave"}
    # The clock stands still: at midnight, tomorrow would become today between typing and sending.
    with time_machine.travel(now(), tick=False):
        for field, days in days_from_now.items():
            answers |= typed_day(field, today() + timedelta(days=days))
        sent = send(house.signed_in("ada"), f"{where}/done", answers)
    assert sent.status_code == 422
    assert told in sent.text and "He was brave" in sent.text
    assert [attended for _, attended, _ in checks(house)] == [None]


def test_who_comes_second_is_told_and_loses_nothing(any_house: House) -> None:
    where = waiting_check(any_house)
    client = any_house.signed_in("ada")
    page = client.get(f"{where}/done").text
    with any_house.inside():
        one = db.session.scalars(select(HealthCheck)).one()
        raw = raw_of(one) | {"person_id": any_house.child(any_house.jay), "attended_on": days_ago(2)}
        with transaction():
            writer.correct(
                one, check(HealthCheck, raw, with_owner=True), revision=1, reason="Attended", by=TESTS
            )
    answers = hidden_of(page) | typed_day("attended_on", today()) | {"follow_up": "He was brave"}
    sent = client.post(f"{where}/done", data=answers)
    assert sent.status_code == 422
    assert "He was brave" in sent.text and "Somebody has recorded this already" in sent.text
    assert [attended for _, attended, _ in checks(any_house)] == [today() - timedelta(days=2)]
    # What is done is shown, not asked for again.
    assert client.get(f"{where}/done").location == where


def test_a_review_of_a_plan_is_held(any_house: House) -> None:
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        plan = world.record(Plan, person_id=jay, kind="care_plan", started_on=days_ago(300))
        review = world.record(PlanReview, plan_id=plan, kind="cla_review", due_on=days_ago(1))
        where = any_house.of(any_house.jay, f"/plan-review/{review.public_id}")
    client = any_house.signed_in("mo")
    assert f'href="{where}/done"' in client.get("/my-day").text
    answers = {"revision": "1", "chaired_by_role": "iro", "outcome": "He stays"}
    days = typed_day("held_on", today()) | typed_day("next_due_on", today() + timedelta(days=180))
    assert send(client, f"{where}/done", answers | days).status_code == 303
    with any_house.inside():
        held, following = db.session.scalars(select(PlanReview).order_by(PlanReview.id))
        assert (held.held_on, held.outcome, held.chaired_by_role) == (today(), "He stays", "iro")
        assert (following.plan_id, following.kind) == (held.plan_id, "cla_review")
        assert following.due_on == today() + timedelta(days=180)


def test_who_may_not_review_a_plan_reads_it(house: House) -> None:
    with house.inside() as world:
        review = world.record(
            PlanReview, person_id=house.child(house.jay), kind="cla_review", due_on=days_ago(1)
        )
        where = house.of(house.jay, f"/plan-review/{review.public_id}")
    rosa = house.signed_in("rosa")
    assert f'href="{where}"' in rosa.get("/my-day").text
    assert rosa.get(f"{where}/done").status_code == 403
    assert house.signed_in("ada").get(f"{where}/done").status_code == 200


def test_a_check_of_another_child_is_not_there(house: House) -> None:
    where = waiting_check(house)
    client = house.signed_in("ada")
    foreign = where.replace(house.jay, house.noor)
    assert client.get(f"{foreign}/done").status_code == 404
    assert client.get(f"{where}/done").status_code == 200
