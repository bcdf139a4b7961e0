"""Due dates that are worked out when a record is made without one, from dated settings (R16, R20)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from outcomes.care.contracts import ContractSetting
from outcomes.care.people import CareEpisode, Person
from outcomes.core.errors import Invalid
from outcomes.records.health import HealthCheck
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Plan, PlanReview
from tests.builders import World


@pytest.fixture(autouse=True)
def in_october() -> Iterator[None]:
    with time_machine.travel("2025-10-15T10:00:00Z", tick=True):
        yield


@pytest.fixture
def jay(in_app: World) -> Person:
    """A child in care since 1 April 2025, living under a contract."""
    child = in_app.child("Jay", born="2012-06-01")
    in_app.record(CareEpisode, person_id=child, started_on="2025-04-01")
    in_app.placed(child, in_app.home(), "2025-04-01", contract_id=in_app.contract())
    return child


def review(world: World, child: Person, **values: Any) -> PlanReview:
    return world.record(PlanReview, **{"person_id": child, "kind": "cla_review", **values})


def settle(world: World, child: Person, name: str, value: str, **dates: str) -> None:
    contract = world.contract()
    world.placed(child, world.home(), "2025-06-01", contract_id=contract)
    world.record(
        ContractSetting,
        **{"contract_id": contract, "setting": name, "value": value, "effective_from": "2025-01-01", **dates},
    )


def test_the_first_review_is_due_20_working_days_after_entering_care(in_app: World, jay: Person) -> None:
    assert review(in_app, jay).due_on == date(2025, 5, 1)  # Easter lies between


def test_the_second_review_is_due_3_months_after_the_first_and_later_ones_6(
    in_app: World, jay: Person
) -> None:
    review(in_app, jay, held_on="2025-04-29")
    assert review(in_app, jay).due_on == date(2025, 7, 29)
    review(in_app, jay, held_on="2025-07-31")
    assert review(in_app, jay).due_on == date(2026, 1, 31)


def test_a_due_date_that_was_typed_stands(in_app: World, jay: Person) -> None:
    assert review(in_app, jay, due_on="2025-12-01").due_on == date(2025, 12, 1)


def test_a_review_that_cannot_be_worked_out_asks_for_its_day(in_app: World) -> None:
    with pytest.raises(Invalid, match="enter the day"):
        review(in_app, in_app.child())


def test_a_pathway_review_follows_the_plan_and_then_the_last_review(in_app: World, jay: Person) -> None:
    plan = in_app.record(Plan, person_id=jay, kind="pathway_plan", started_on="2025-04-30")
    first = review(in_app, jay, kind="pathway_review", plan_id=plan)
    assert first.due_on == date(2025, 10, 30)
    review(in_app, jay, kind="pathway_review", plan_id=plan, held_on="2025-08-31")
    assert review(in_app, jay, kind="pathway_review", plan_id=plan).due_on == date(2026, 2, 28)


def test_a_providers_review_is_due_when_the_plan_says(in_app: World, jay: Person) -> None:
    plan = in_app.record(
        Plan, person_id=jay, kind="care_plan", started_on="2025-04-30", next_review_due_on="2025-11-05"
    )
    assert review(in_app, jay, kind="provider_review", plan_id=plan).due_on == date(2025, 11, 5)


def check(world: World, child: Person, kind: str, **values: Any) -> HealthCheck:
    return world.record(HealthCheck, person_id=child, kind=kind, **values)


def test_the_next_dental_check_is_due_as_the_last_one_says_else_after_a_year(
    in_app: World, jay: Person
) -> None:
    check(in_app, jay, "dental", attended_on="2025-05-31")
    assert check(in_app, jay, "dental").due_on == date(2026, 5, 31)
    check(in_app, jay, "dental", attended_on="2025-08-31", recall_months=6)
    assert check(in_app, jay, "dental").due_on == date(2026, 2, 28)


def test_the_first_check_of_all_has_no_date_to_work_from(in_app: World, jay: Person) -> None:
    assert check(in_app, jay, "optical").due_on is None


def test_health_is_assessed_twice_as_often_before_school(in_app: World, jay: Person) -> None:
    small = in_app.child(born="2020-06-02")
    for child, due in ((jay, date(2026, 6, 1)), (small, date(2025, 12, 1))):
        check(in_app, child, "initial_health_assessment", attended_on="2025-06-01")
        assert check(in_app, child, "review_health_assessment").due_on == due


def test_what_was_attended_is_not_given_a_due_date(in_app: World, jay: Person) -> None:
    check(in_app, jay, "dental", attended_on="2025-05-31")
    assert check(in_app, jay, "dental", attended_on="2025-09-01").due_on is None


def missing(world: World, child: Person) -> MissingEpisode:
    return world.record(
        MissingEpisode,
        person_id=child,
        kind="missing",
        started_at="2025-09-01T22:00",
        ended_at="2025-09-02T08:00",
    )


def test_an_interview_is_due_72_hours_after_the_return(in_app: World, jay: Person) -> None:
    made = missing(in_app, jay)
    assert made.return_interview_due_at is not None
    assert (made.return_interview_due_at - made.ended_at).total_seconds() == 72 * 3600  # type: ignore[operator]
    # Nothing states when the report is due, and nothing is made up.
    assert made.missing_report_due_at is None


@pytest.mark.parametrize(
    ("dates", "hours"),
    [({}, 48), ({"effective_to": "2025-09-01"}, 72), ({"effective_from": "2025-09-02"}, 72)],
    ids=["in force", "ended that day", "not begun"],
)
def test_the_contracts_setting_of_that_day_decides(in_app: World, dates: dict[str, str], hours: int) -> None:
    child = in_app.child()
    settle(in_app, child, "return_interview_hours", "48", **dates)
    made = missing(in_app, child)
    assert made.return_interview_due_at is not None
    assert (made.return_interview_due_at - made.ended_at).total_seconds() == hours * 3600  # type: ignore[operator]


def test_a_later_setting_leaves_what_was_stamped(in_app: World) -> None:
    child = in_app.child()
    settle(in_app, child, "dental_recall_months", "6", effective_to="2026-01-01")
    check(in_app, child, "dental", attended_on="2025-08-31")
    stamped = check(in_app, child, "dental")
    with time_machine.travel("2026-02-01T10:00:00Z", tick=True):
        assert check(in_app, child, "dental").due_on == date(2026, 8, 31)
    assert stamped.due_on == date(2026, 2, 28)
