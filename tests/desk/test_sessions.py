"""Logging a key-worker session: one screen, one act, nothing half-written and nothing typed lost."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.core.transaction import transaction
from outcomes.records.key_session import Touched, log_session
from outcomes.records.plans import GoalReview
from outcomes.records.sessions import KeyworkerSession
from tests.builders import TESTS, token_of
from tests.desk.conftest import House, counted, key_of, send, typed_day

HELD = {"happened": "held", "child_words": "I cooked & it was good", "next_action": "Buy a pan"}


def sessions(house: House) -> list[KeyworkerSession]:
    return list(db.session.scalars(select(KeyworkerSession)))


def reviews(house: House) -> list[GoalReview]:
    return list(db.session.scalars(select(GoalReview).where(GoalReview.reviewed_on.is_not(None))))


def answers(house: House, **more: Any) -> dict[str, Any]:
    return HELD | typed_day("on", today()) | {f"goal-{house.goal}": "improved"} | more


def test_a_session_and_its_goals_are_saved_together(any_house: House) -> None:
    client = any_house.signed_in("ada")
    where = any_house.of(any_house.jay, "/keyworker-session/new")
    sent = send(client, where, answers(any_house, **{f"level-{any_house.goal}": "2"}))
    assert (sent.status_code, sent.location) == (303, any_house.of(any_house.jay))
    with any_house.inside():
        (session,), (review,) = sessions(any_house), reviews(any_house)
        assert (session.held_on, session.status) == (today(), "held")
        assert session.child_words == "I cooked & it was good"
        assert (review.session_id, review.judgement, review.level) == (session.id, "improved", 2)
        assert (review.reviewer_role, review.reviewed_on) == ("keyworker", today())
        # The review that waited for its date is the one that was held.
        assert review.due_on == today() + timedelta(days=3)
        assert db.session.scalar(select(func.count(GoalReview.id))) == 1
    page = client.get(any_house.of(any_house.jay))
    assert "Key-worker session saved" in page.text
    assert "Level up 1" in page.text
    assert "I cooked &amp; it was good" in page.text


def test_an_unanswered_goal_is_left_alone(house: House) -> None:
    client = house.signed_in("ada")
    sent = send(
        client, house.of(house.jay, "/keyworker-session/new"), answers(house, **{f"goal-{house.goal}": ""})
    )
    assert sent.status_code == 303
    with house.inside():
        assert (len(sessions(house)), len(reviews(house))) == (1, 0)


def test_a_missed_session_says_by_whom_and_why(house: House) -> None:
    client = house.signed_in("rosa")
    missed = {"happened": "not_held", "missed": "missed_by_child", "missed_reason": "child_unwell"}
    sent = send(client, house.of(house.noor, "/keyworker-session/new"), missed | typed_day("on", today()))
    assert sent.status_code == 303
    with house.inside():
        (session,) = sessions(house)
        assert (session.status, session.missed_reason) == ("missed_by_child", "child_unwell")
        assert (session.planned_on, session.held_on) == (today(), None)


WRONG = {
    "nothing said of it": ({"happened": ""}, "Select whether the session was held."),
    "not why": ({"happened": "not_held"}, "Select why it did not happen."),
    "no day": ({"on-day": "", "on-month": "", "on-year": ""}, "Enter the day of the session."),
    "half a day": ({"on-day": ""}, "The date must include a day."),
    "a day to come": ({"on-year": "2199"}, "Held on"),
    "no such day": ({"on-day": "31", "on-month": "2"}, "Held on"),
    "minutes in words": ({"minutes": "an hour"}, "Minutes"),
    "a topic of nobody's": ({"topics": "<script>"}, "Topics"),
    "a level off the scale": ({"level": "1000"}, "Level"),
    "a judgement of nobody's": ({"goal": "brilliant"}, "Judgement"),
    "a level without a judgement": ({"goal": "", "level": "2"}, "select how it is going"),
    "a goal of a session not held": ({"happened": "not_held", "missed": "missed_by_staff"}, "Not today"),
    "somebody else's staff": ({"staff_id": "x" * 22}, "Staff"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_wrong_input_keeps_what_was_typed(house: House, fault: str) -> None:
    change, told = WRONG[fault]
    renamed = {"goal": f"goal-{house.goal}", "level": f"level-{house.goal}"}
    client = house.signed_in("ada")
    wrong = answers(house) | {renamed.get(name, name): value for name, value in change.items()}
    refused = send(client, house.of(house.jay, "/keyworker-session/new"), wrong)
    assert refused.status_code == 422
    assert told in refused.text
    assert "I cooked &amp; it was good" in refused.text
    assert "Buy a pan" in refused.text
    with house.inside():
        assert (sessions(house), reviews(house)) == ([], [])


def test_a_fault_in_one_review_leaves_nothing(any_house: House) -> None:
    """The guard of the second review refuses after session and first review are written."""
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        from_tomorrow = world.record(
            type(any_house.goal_of_jay()),
            person_id=jay,
            area="health",
            wording="Swim",
            set_on=today().isoformat(),
            status="open",
        )
        touched = [
            Touched(any_house.goal_of_jay(), "improved"),
            Touched(from_tomorrow, "improved"),
        ]
        yesterday = {"status": "held", "held_on": (today() - timedelta(days=1)).isoformat()}
        with pytest.raises(Invalid) as refused, transaction():
            log_session(jay, yesterday, touched, by=TESTS)
        assert list(refused.value.fields) == [f"goals.{from_tomorrow.public_id}.reviewed_on"]
        assert (sessions(any_house), reviews(any_house)) == ([], [])
        # Its legitimate twin.
        with transaction():
            log_session(jay, {"status": "held", "held_on": today().isoformat()}, touched, by=TESTS)
        assert (len(sessions(any_house)), len(reviews(any_house))) == (1, 2)


def test_a_second_click_saves_once(any_house: House) -> None:
    client = any_house.signed_in("ada")
    where = any_house.of(any_house.jay, "/keyworker-session/new")
    page = client.get(where).text
    typed = answers(any_house) | {"csrf_token": token_of(page), "idempotency_key": key_of(page)}
    first, second = client.post(where, data=typed), client.post(where, data=typed)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    with any_house.inside():
        assert (len(sessions(any_house)), len(reviews(any_house))) == (1, 1)


def test_the_form_begins_with_what_is_right_most_often(house: House) -> None:
    page = house.signed_in("ada").get(house.of(house.jay, "/keyworker-session/new")).text
    assert f'name="on-day" type="text" inputmode="numeric" autocomplete="off" value="{today().day}"' in page
    assert 'value="held" checked' not in page
    assert "Ada Obi</option>" in page


def test_a_session_shows_the_goals_talked_about(house: House) -> None:
    client = house.signed_in("ada")
    send(client, house.of(house.jay, "/keyworker-session/new"), answers(house))
    with house.inside():
        where = house.of(house.jay, f"/keyworker-session/{sessions(house)[0].public_id}")
    page = client.get(where)
    assert "Goals talked about" in page.text
    assert "Cook one meal a week" in page.text
    assert "Getting better" in page.text


def test_another_childs_session_is_not_there(house: House) -> None:
    client = house.signed_in("ada")
    assert client.get(house.of(house.kit, "/keyworker-session/new")).status_code == 404
    assert client.get(house.of(house.jay, "/keyworker-session/new")).status_code == 200


def test_logging_reads_little(house: House) -> None:
    client = house.signed_in("ada")
    with counted(house.app) as seen:
        client.get(house.of(house.jay, "/keyworker-session/new"))
    assert 0 < len(seen) <= 8, "\n\n".join(seen)


def test_a_stale_correction_keeps_what_was_typed(house: House) -> None:
    client, other = house.signed_in("ada"), house.signed_in("mo")
    send(client, house.of(house.jay, "/keyworker-session/new"), answers(house))
    with house.inside():
        where = house.of(house.jay, f"/keyworker-session/{sessions(house)[0].public_id}/correct")
    mine = client.get(where).text
    day = typed_day("held_on", today())
    send(other, where, {"status": "held", "child_words": "Mo's words", "revision": "1"} | day)
    carried = {"csrf_token": token_of(mine), "idempotency_key": key_of(mine), "revision": "1"}
    stale = client.post(where, data={"status": "held", "child_words": "Ada's words"} | carried | day)
    assert stale.status_code == 409
    assert "Ada&#39;s words" in stale.text
    assert "Mo&#39;s words" in stale.text
