"""Reviewing a goal: against its start and last review, on the row that waited for its date."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.core.transaction import transaction
from outcomes.records.goal_review import hold_review
from outcomes.records.plans import Goal, GoalReview
from tests.builders import TESTS
from tests.desk.conftest import House, counted, days_ago, send, typed_day


def page_of(house: House) -> str:
    return house.of(house.jay, f"/goal-review/new?goal={house.goal}")


def answers(**more: Any) -> dict[str, Any]:
    return (
        {"judgement": "improved", "level": "2", "note": "Cooked twice"}
        | typed_day("reviewed_on", today())
        | more
    )


def reviews() -> list[GoalReview]:
    return list(db.session.scalars(select(GoalReview).order_by(GoalReview.id)))


def test_a_review_is_held_on_the_row_that_waited(any_house: House) -> None:
    client = any_house.signed_in("ada")
    next_one = today() + timedelta(days=90)
    sent = send(client, page_of(any_house), answers() | typed_day("next_due_on", next_one))
    assert (sent.status_code, sent.location) == (303, any_house.of(any_house.jay))
    with any_house.inside():
        held, planned = reviews()
        assert (held.due_on, held.reviewed_on) == (today() + timedelta(days=3), today())
        assert (held.level, held.judgement, held.note) == (2, "improved", "Cooked twice")
        assert (planned.due_on, planned.reviewed_on) == (next_one, None)
    page = client.get(page_of(any_house)).text
    assert "Getting better, level 2" in page
    assert "Level 1," in page


@pytest.mark.parametrize(("due_in", "same_row"), [(-30, True), (14, True), (15, False)])
def test_which_row_a_review_is(any_house: House, due_in: int, same_row: bool) -> None:
    """Overdue, or due within the two weeks that my day shows: that one. Later: one of its own."""
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        goal = world.record(
            Goal, person_id=jay, area="health", wording="Swim", set_on=days_ago(200), status="open"
        )
        waiting = world.record(GoalReview, goal_id=goal, due_on=days_ago(-due_in))
        with transaction():
            made = hold_review(goal, {"reviewed_on": days_ago(0), "judgement": "improved"}, by=TESTS)
        assert (made.id == waiting.id) is same_row


def test_the_latest_that_is_overdue_is_held(any_house: House) -> None:
    """Before the one that is due in three days; one missed long ago stays missed."""
    with any_house.inside() as world:
        goal = any_house.goal_of_jay()
        long_ago, lately = (world.record(GoalReview, goal_id=goal, due_on=days_ago(ago)) for ago in (90, 20))
        with transaction():
            made = hold_review(goal, {"reviewed_on": days_ago(0), "judgement": "improved"}, by=TESTS)
        assert made.id == lately.id
        assert long_ago.reviewed_on is None


SAME_AS_REVIEWED = "as reviewed"
"""Stands for what is typed for the day of the review: that day is known only when the test runs."""

WRONG = {
    "no judgement": ({"judgement": ""}, "Select how it is going."),
    "no day": ({"reviewed_on-day": "", "reviewed_on-month": "", "reviewed_on-year": ""}, "enter the day"),
    "before the goal": ({"reviewed_on-year": "2020"}, "must not be before the goal was set"),
    "a level in words": ({"level": "two"}, "Level: enter a number"),
    "next review on the same day": (
        {f"next_due_on-{part}": SAME_AS_REVIEWED for part in ("day", "month", "year")},
        "enter a day after this review",
    ),
    "somebody else's session": ({"session_id": "x" * 22}, "there is no keyworker session"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_wrong_input_keeps_what_was_typed(house: House, fault: str) -> None:
    change, told = WRONG[fault]
    typed = answers() | change
    for field, value in change.items():
        if value == SAME_AS_REVIEWED:
            typed[field] = typed[field.replace("next_due_on", "reviewed_on")]
    refused = send(house.signed_in("ada"), page_of(house), typed)
    assert refused.status_code == 422
    assert told in refused.text
    assert "Cooked twice" in refused.text
    with house.inside():
        (waiting,) = reviews()
        assert waiting.reviewed_on is None


def test_a_refused_next_review_leaves_nothing(house: House) -> None:
    with house.inside():
        goal = house.goal_of_jay()
        wrong = {"reviewed_on": days_ago(0), "judgement": "improved", "next_due_on": days_ago(1)}
        with pytest.raises(Invalid), transaction():
            hold_review(goal, wrong, by=TESTS)
        (waiting,) = reviews()
        assert (waiting.reviewed_on, waiting.revision) == (None, 1)


def test_a_goal_is_chosen_first(house: House) -> None:
    page = house.signed_in("ada").get(house.of(house.jay, "/goal-review/new")).text
    assert f"goal-review/new?goal={house.goal}" in page
    none = house.signed_in("ada").get(house.of(house.noor, "/goal-review/new")).text
    assert "This child has no open goal" in none


def test_a_goal_of_another_child_is_not_there(house: House) -> None:
    client = house.signed_in("ada")
    assert client.get(house.of(house.noor, f"/goal-review/new?goal={house.goal}")).status_code == 404
    assert client.get(page_of(house)).status_code == 200


def test_the_page_reads_little(house: House) -> None:
    client = house.signed_in("ada")
    with counted(house.app) as seen:
        client.get(page_of(house))
    assert 0 < len(seen) <= 8, "\n\n".join(seen)
