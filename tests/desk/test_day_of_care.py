"""My day: key-worker sessions, readings, goals and plans that are due."""

import re
from datetime import timedelta

from outcomes.core.actor import Actor
from outcomes.core.clock import today
from outcomes.core.transaction import transaction
from outcomes.desk.child.whereabouts import Whereabouts
from outcomes.desk.day.due import LastSession
from outcomes.desk.day.due_words import session_task
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.records.plans import Goal, GoalReview, Plan, PlanReview
from outcomes.records.readings import Reading
from outcomes.records.sessions import KeyworkerSession
from tests.builders import TESTS, World
from tests.desk.conftest import House, day_of, days_ago


def test_a_session_is_due_a_week_after_the_last_one_held(any_house: House) -> None:
    with any_house.inside() as world:
        jay, noor = any_house.child(any_house.jay), any_house.child(any_house.noor)
        world.record(KeyworkerSession, person_id=jay, status="held", held_on=days_ago(6))
        world.record(KeyworkerSession, person_id=noor, status="held", held_on=days_ago(7))
        world.record(KeyworkerSession, person_id=noor, status="missed_by_staff", planned_on=days_ago(2))
    told = day_of(any_house, "ada")
    jays, noors = told.split("Noor", 1)
    assert "Key-worker session" not in jays.split("My key children", 1)[1]
    assert re.search(r"Key-worker session Last held on .*, did not happen on .* Due", noors)


def test_with_foster_carers_a_session_is_due_every_four_weeks(in_app: World) -> None:
    fostered = in_app.child("Fay")
    ada, day = Actor("Ada", "any", permissions=frozenset({"care:write"})), today()
    where = Whereabouts("The Marlow household", day - timedelta(days=90), with_carers=True)
    due = [
        session_task(fostered, where, LastSession(day - timedelta(days=ago), None), ada, day) is not None
        for ago in (27, 28)
    ]
    assert due == [False, True]


def test_a_reading_is_due_until_one_is_taken_this_quarter(any_house: House) -> None:
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        reading = {"person_id": jay, "instrument_code": "wheel", "version": "1", "informant": "child"}
        scores = [{"area": "cooking", "score": 3}]
        world.record(Reading, **reading, taken_on=days_ago(200), status="complete", scores=scores)
        assert "Reading: A wheel" in day_of(any_house, "ada")
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        world.record(
            Reading, **(reading | {"person_id": jay}), taken_on=days_ago(0), status="partial", scores=scores
        )
    assert "Reading: A wheel" in day_of(any_house, "ada")
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        world.record(
            Reading, **(reading | {"person_id": jay}), taken_on=days_ago(0), status="complete", scores=scores
        )
    assert "Reading: A wheel" not in day_of(any_house, "ada")


def test_a_goal_that_nobody_looked_at_is_due(any_house: House) -> None:
    with any_house.inside() as world:
        for wording, set_on in (("Swim a mile", 100), ("Bake bread", 60)):
            world.record(
                Goal,
                person_id=any_house.child(any_house.jay),
                area="health",
                wording=wording,
                set_on=days_ago(set_on),
                status="open",
            )
    told = day_of(any_house, "ada")
    assert re.search(r"Review the goal “Swim a mile” Set or last reviewed on .* no review planned Due", told)
    assert "Bake bread" not in told
    # The one with a review planned is told once, by its date.
    assert told.count("“Cook one meal a week”") == 1


def test_the_reviews_of_a_goal_are_one_line(any_house: House) -> None:
    with any_house.inside() as world:
        for ago in (90, 20):
            world.record(GoalReview, goal_id=any_house.goal_of_jay(), due_on=days_ago(ago))
    told = day_of(any_house, "ada")
    assert told.count("“Cook one meal a week”") == 1
    assert re.search(r"“Cook one meal a week” Was due on [^,]+, and 1 before it Overdue", told)
    with any_house.inside() as world:
        world.record(
            GoalReview, goal_id=any_house.goal_of_jay(), reviewed_on=days_ago(19), judgement="improved"
        )
    # Somebody reviewed it since: only the next one is still to come.
    assert re.search(r"“Cook one meal a week” Due on [^,]{8,20} Coming up", day_of(any_house, "ada"))


def test_a_closed_goal_is_no_longer_due(house: House) -> None:
    assert "Cook one meal a week" in day_of(house, "ada")
    with house.inside():
        goal = house.goal_of_jay()
        closed = {**goal.asked_values(), "person_id": house.child(house.jay), "status": "achieved"}
        with transaction():
            writer.correct(
                goal,
                check(Goal, closed | {"closed_on": days_ago(0)}, with_owner=True),
                revision=goal.revision,
                reason="",
                by=TESTS,
            )
    assert "Cook one meal a week" not in day_of(house, "ada")


def test_reviews_of_plans_are_due(any_house: House) -> None:
    with any_house.inside() as world:
        jay, noor = any_house.child(any_house.jay), any_house.child(any_house.noor)
        plan = world.record(Plan, person_id=jay, kind="care_plan", started_on=days_ago(300))
        review = {"person_id": jay, "kind": "cla_review"}
        world.record(PlanReview, **review, plan_id=plan, due_on=days_ago(200))
        world.record(PlanReview, **review, plan_id=plan, due_on=days_ago(190), held_on=days_ago(190))
        world.record(PlanReview, **review, plan_id=plan, due_on=days_ago(3))
        world.record(PlanReview, person_id=noor, kind="provider_review", due_on=days_ago(-3))
    told = day_of(any_house, "ada")
    # The one that was missed before the last one held cannot be made good, and is told no more.
    assert told.count("Review for a child in care (IRO)") == 1
    assert re.search(
        r"Review for a child in care \(IRO\) Was due on [^,]+, Care plan from [\w ]+ Overdue", told
    )
    assert re.search(r"Review by the provider Due on .{8,20} Coming up", told)


def test_a_plan_whose_review_nobody_planned_is_due(any_house: House) -> None:
    with any_house.inside() as world:
        for child, planned in ((any_house.jay, False), (any_house.noor, True)):
            due = {"person_id": any_house.child(child), "kind": "pathway_plan", "started_on": days_ago(300)}
            plan = world.record(Plan, **due, next_review_due_on=days_ago(-10))
            if planned:
                world.record(PlanReview, plan_id=plan, kind="pathway_review", due_on=days_ago(-20))
    told = day_of(any_house, "ada")
    assert len(re.findall(r"Review of the pathway plan from .{8,40}, no review planned", told)) == 1


def test_skills_that_nobody_rated_are_due_where_a_level_is_expected(any_house: House) -> None:
    with any_house.inside() as world:
        world.instrument("skills", title="Skills scale", expected_level_by_age={"5-25:*": "3"})
        scores = [{"area": "cooking", "score": 3}]
        reading = {"instrument_code": "skills", "version": "1", "informant": "keyworker", "scores": scores}
        world.record(
            Reading,
            **reading,
            person_id=any_house.child(any_house.noor),
            taken_on=days_ago(200),
            status="complete",
        )
    told = day_of(any_house, "ada")
    assert told.count("Skills: Skills scale Not rated yet") == 1
    assert re.search(
        r"Reading: Skills scale Last taken on .{8,20}, more than 6 months ago Overdue",
        told.split("Noor", 1)[1],
    )
