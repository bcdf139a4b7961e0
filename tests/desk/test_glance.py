"""The child's page at a glance: health, education, reviews of plans, and who is told of them."""

from datetime import timedelta
from typing import Any

import pytest

from outcomes.care.people import Person
from outcomes.core.calendar import add_months
from outcomes.core.clock import today
from outcomes.desk.child.education import education_of, last_weeks
from outcomes.desk.child.health import health_of
from outcomes.desk.child.plan_reviews import plan_reviews_of
from outcomes.kit.words import say_day
from outcomes.records.education import Attendance, EducationSpell
from outcomes.records.health import HealthCheck, HealthRegistration, ImmunisationStatus
from outcomes.records.plans import Plan, PlanReview
from tests.builders import World
from tests.desk.conftest import House, days_ago


def marks(child: Person) -> dict[str, tuple[str, str, str]]:
    found = health_of(child, today()).marks
    return {mark.what: (mark.answer, mark.words, mark.about) for mark in found}


def test_nothing_recorded_is_not_known(jay: Person) -> None:
    told = marks(jay)
    assert list(told) == [
        "GP",
        "Dentist",
        "Optician",
        "Dental check",
        "Eye test",
        "Health assessment",
        "Immunisations",
    ]
    assert {answer for answer, _, _ in told.values()} == {"unknown"}


def test_registered_no_longer_and_not_yet(in_app: World, jay: Person) -> None:
    for kind, start, end in (
        ("gp", 90, None),
        ("dentist", 90, 10),
        ("dentist", 500, 90),
        ("optician", 30, 0),
    ):
        in_app.record(
            HealthRegistration,
            person_id=jay,
            kind=kind,
            provider_name="Oak Lane",
            valid_from=days_ago(start),
            valid_to=days_ago(end) if end is not None else None,
        )
    told = marks(jay)
    assert told["GP"] == ("yes", "Registered", f"Oak Lane, since {say_day(today() - timedelta(days=90))}")
    assert told["Dentist"][:2] == ("no", "Not registered")
    # The end day is the first on which it no longer holds.
    assert told["Optician"][:2] == ("no", "Not registered")


def test_the_next_check_is_the_one_that_waits_else_the_recall(in_app: World, jay: Person) -> None:
    check: dict[str, Any] = {"person_id": jay, "recall_months": 6}
    in_app.record(HealthCheck, **check, kind="dental", due_on=days_ago(40), attended_on=days_ago(38))
    in_app.record(HealthCheck, **check, kind="optical", attended_on=days_ago(300))
    in_app.record(
        HealthCheck, **check, kind="initial_health_assessment", due_on=days_ago(90), attended_on=days_ago(80)
    )
    in_app.record(HealthCheck, person_id=jay, kind="review_health_assessment", due_on=days_ago(-30))
    told = marks(jay)
    day = today()
    recall = say_day(add_months(day - timedelta(days=38), 6))
    assert told["Dental check"] == (
        "yes",
        f"Last on {say_day(day - timedelta(days=38))}",
        f"Next due on {recall}",
    )
    assert told["Eye test"][0] == "no" and told["Eye test"][1].startswith("Overdue since")
    assert told["Health assessment"] == (
        "yes",
        f"Last on {say_day(day - timedelta(days=80))}",
        f"Next due on {say_day(day + timedelta(days=30))}",
    )


@pytest.mark.parametrize(
    ("up_to_date", "declined", "told"),
    [
        (True, None, ("yes", "Up to date")),
        (False, None, ("no", "Not up to date")),
        (False, True, ("no", "Not up to date: a vaccination was declined")),
        (None, None, ("unknown", "Not known")),
        (None, True, ("unknown", "Not known; a vaccination was declined")),
    ],
)
def test_immunisations_say_what_was_known_last_and_when(
    in_app: World, jay: Person, up_to_date: bool | None, declined: bool | None, told: tuple[str, str]
) -> None:
    in_app.record(ImmunisationStatus, person_id=jay, assessed_on=days_ago(200), up_to_date=True)
    in_app.record(
        ImmunisationStatus,
        person_id=jay,
        assessed_on=days_ago(9),
        up_to_date=up_to_date,
        declined=declined,
        source="gp_record",
    )
    mark = marks(jay)["Immunisations"]
    assert mark[:2] == told
    assert mark[2] == f"As known on {say_day(today() - timedelta(days=9))} (the GP's record)"


def weeks_entered(world: World, child: Person, *sessions: tuple[int, int] | None) -> None:
    """The last weeks, latest last: (attended, possible), or None for one that nobody entered."""
    for monday, week in zip(last_weeks(today(), len(sessions)), sessions, strict=True):
        if week:
            world.record(
                Attendance,
                person_id=child,
                week_starting=monday.isoformat(),
                sessions_attended=week[0],
                sessions_possible=week[1],
            )


def test_attendance_is_a_fraction_and_says_which_weeks_are_missing(in_app: World, jay: Person) -> None:
    three_back = last_weeks(today(), 4)[0]
    in_app.record(
        EducationSpell,
        person_id=jay,
        setting_type="mainstream_school",
        is_engaged=True,
        hours_per_week="25",
        valid_from=three_back.isoformat(),
    )
    weeks_entered(in_app, jay, (9, 10), (0, 0), None, (8, 9))
    found = education_of(jay, today())
    assert [(mark.what, mark.answer, mark.words) for mark in found.marks] == [
        ("Mainstream school", "yes", "Engaged")
    ]
    assert (found.fraction, found.percentage) == ("17 of 19 sessions", "89.5%")
    assert found.missing == [last_weeks(today(), 2)[0]]
    assert found.picture is not None
    # What the picture shows stands in its table, and the week without a record is not nought.
    assert [row[1] for row in found.picture.table.rows] == ["9 of 10", "No session", "Not entered", "8 of 9"]


def test_no_week_is_missed_of_who_is_not_at_school(in_app: World, jay: Person) -> None:
    in_app.record(
        EducationSpell,
        person_id=jay,
        setting_type="mainstream_school",
        is_engaged=False,
        reason_not_engaged="excluded",
        valid_from=days_ago(200),
    )
    in_app.record(
        EducationSpell,
        person_id=jay,
        setting_type="college",
        valid_from=days_ago(100),
        valid_to=days_ago(-90),
    )
    found = education_of(jay, today())
    assert found.missing == [] and found.picture is None
    assert [(mark.answer, mark.words) for mark in found.marks] == [
        ("no", "Not engaged: excluded"),
        ("unknown", "Not known whether engaged"),
    ]


def test_nothing_known_of_education_is_said(jay: Person) -> None:
    (mark,) = education_of(jay, today()).marks
    assert (mark.answer, mark.words, mark.about) == ("unknown", "Not known", "Nothing recorded")


def test_reviews_of_plans_say_whether_they_were_in_time(in_app: World, jay: Person) -> None:
    plan = in_app.record(Plan, person_id=jay, kind="care_plan", started_on=days_ago(300))
    review: dict[str, Any] = {"person_id": jay, "plan_id": plan, "kind": "cla_review"}
    for due, held in ((200, 200), (100, 90), (10, None), (-20, None)):
        in_app.record(
            PlanReview, **review, due_on=days_ago(due), held_on=days_ago(held) if held is not None else None
        )
    told = [row["state"][0] for row in plan_reviews_of(jay, today())]
    assert told == ["Not due yet", "✗ Overdue", "✓ Held late", "✓ Held"]


def test_reviews_held_long_ago_are_behind_one_tap_and_what_waits_never_is(house: House) -> None:
    with house.inside() as world:
        jay = house.child(house.jay)
        for held in (30, 60, 90, 120, 150):
            due = {"due_on": days_ago(held), "held_on": days_ago(held)}
            world.record(PlanReview, person_id=jay, kind="cla_review", **due)
        world.record(PlanReview, person_id=jay, kind="provider_review", due_on=days_ago(200))
    page = house.signed_in("ada").get(house.of(house.jay)).text
    part = page[page.index('id="reviews"') : page.index('id="sessions"')]
    seen, _, tapped = part.partition("Held earlier (2)")
    assert seen.count("✓ Held") == 3 and "✗ Overdue" in seen
    assert tapped.count("✓ Held") == 2 and "✗ Overdue" not in tapped


def test_the_page_tells_it_to_those_who_may(any_house: House) -> None:
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        world.record(HealthRegistration, person_id=jay, kind="gp", valid_from=days_ago(9))
        world.record(EducationSpell, person_id=jay, setting_type="college", valid_from=days_ago(9))
    for who in ("ada", "sam", "mo"):
        page = any_house.signed_in(who).get(any_house.of(any_house.jay)).text
        for part in ("Registered", "College", "Plan reviews", "Not known whether engaged"):
            assert part in page, f"{who}: {part}"
