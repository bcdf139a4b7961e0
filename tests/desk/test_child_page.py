"""The child's page: what it joins, for whom, and what a reader may not know."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from outcomes.care.people import Contact
from outcomes.core.actor import Actor, Level
from outcomes.core.clock import today
from outcomes.desk.child.care import how_long, missing_rows
from outcomes.desk.child.goals import goals_of
from outcomes.desk.child.page import _record, _who
from outcomes.desk.child.readings import Taken, View, expected_levels
from outcomes.records.health import HealthCheck
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Goal, GoalReview
from outcomes.records.readings import Reading
from outcomes.records.sessions import KeyworkerSession
from tests.builders import World
from tests.desk.conftest import House, counted, days_ago, missing_overnight, words_of


def fill(house: House) -> None:
    with house.inside() as world:
        jay = house.child(house.jay)
        world.record(HealthCheck, person_id=jay, kind="dental", due_on=days_ago(40), attended_on=days_ago(38))
        world.record(HealthCheck, person_id=jay, kind="optical", due_on=days_ago(4))
        missing_overnight(world, jay)
        world.record(
            KeyworkerSession, person_id=jay, status="held", held_on=days_ago(3), child_words="I want a dog"
        )
        world.record(KeyworkerSession, person_id=jay, status="missed_by_child", planned_on=days_ago(10))
        world.record(
            GoalReview, goal_id=house.goal_of_jay(), reviewed_on=days_ago(100), judgement="improved", level=2
        )
        for days, scores in ((300, (2, 3, 4)), (120, (3, 3, 4)), (20, (5, 3, 2))):
            for informant in ("child", "keyworker"):
                world.record(
                    Reading,
                    person_id=jay,
                    instrument_code="wheel",
                    version="1",
                    informant=informant,
                    taken_on=days_ago(days),
                    status="complete",
                    scores=[
                        {"area": area, "score": score}
                        for area, score in zip(("cooking", "cleaning", "relationships"), scores, strict=True)
                    ],
                )


def test_the_childs_page_joins_the_record(any_house: House) -> None:
    fill(any_house)
    for who in ("ada", "sam", "mo"):
        page = any_house.signed_in(who).get(any_house.of(any_house.jay))
        assert page.status_code == 200
        told = words_of(page.text)
        for part in (
            "Elm House since",
            "Key worker Ada Obi",
            "Social worker Sam Reed",
            "Grandmother Grace Marlow",
            "Cook one meal a week",
            "Level up 1 since",
            "1 held and 1 missed by the child",
            "“I want a dog”",
            "A wheel, the child",
            "A wheel, key worker: latest on",
            "Better: Cooking.",
            "Not as good: Relationships.",
            "✓ Attended",
            "Overdue",
            "12 hours",
        ):
            assert part in told, part


def test_what_happened_lately_is_told_newest_first(any_house: House) -> None:
    fill(any_house)
    page = any_house.signed_in("sam").get(any_house.of(any_house.jay)).text
    lately = words_of(page.split('id="lately"')[1].split("</ul>")[0])
    order = [
        "Key-worker session: held",
        "Missing: 12 hours",
        "Key-worker session: missed by the child",
        "Reading: A wheel, the child",
        "Dental check attended",
    ]
    places = [lately.index(part) for part in order]
    assert places == sorted(places), lately
    # Six, and nothing that is still to come.
    assert lately.count("20") >= 6
    assert "Getting better" not in lately


def test_a_review_missed_before_the_last_one_no_longer_waits(in_app: World) -> None:
    jay = in_app.child("Jay")
    goal = in_app.record(Goal, person_id=jay, area="health", set_on=days_ago(300), status="open")
    for ago in (200, 20, -20):
        in_app.record(GoalReview, goal_id=goal, due_on=days_ago(ago))
    (before,) = goals_of(jay)
    assert before.next_due == today() - timedelta(days=200)
    in_app.record(GoalReview, goal_id=goal, reviewed_on=days_ago(20), judgement="no_change")
    (after,) = goals_of(jay)
    assert after.next_due == today() + timedelta(days=20)


def test_a_child_with_nothing_recorded_has_a_page(house: House) -> None:
    page = house.signed_in("ada").get(house.of(house.noor))
    assert page.status_code == 200
    for told in ("No open goal.", "None in the last 3 months.", "No reading taken yet.", "None recorded."):
        assert told in page.text


@pytest.mark.parametrize(
    ("scale", "score"),
    [(("0.5", "4.5"), "4.5"), (("1", "3"), "5")],
    ids=["a scale of halves", "a scale that was shortened after the reading"],
)
def test_a_reading_that_no_wheel_can_show_is_told_in_words(
    in_app: World, scale: tuple[str, str], score: str
) -> None:
    tool = in_app.instrument(scale_min=Decimal(scale[0]), scale_max=Decimal(scale[1]))
    reading = Reading(taken_on=today(), status="complete")
    view = View(tool, "child", [Taken(reading, {"cooking": Decimal(score)})])
    assert (view.picture is None) is (Decimal(score) > Decimal(scale[1]))
    assert ("Cooking", score) in view.latest_rows


def test_the_actions_are_there_for_those_who_may(house: House) -> None:
    with house.inside() as world:
        world.allocated(house.child(house.jay), world.staff("Iris"), days_ago(30), role="iro")
    assert "Log a session" in house.signed_in("ada").get(house.of(house.jay)).text
    assert "Add a placement" not in house.signed_in("ada").get(house.of(house.jay)).text
    assert "Add a placement" in house.signed_in("mo").get(house.of(house.jay)).text
    reader = Actor("Iris", "iro", permissions=frozenset({"child:read"}), levels=frozenset(Level))
    with house.inside():
        assert _who(house.child(house.jay), reader)["doing"] == []


@pytest.mark.parametrize("who", ["ada", "sam", "mo"])
def test_another_child_is_not_there(house: House, who: str) -> None:
    client = house.signed_in(who)
    absent = client.get(house.of("x" * 22))
    hidden = client.get(house.of(house.kit))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert re.sub(r'value="[^"]*"|nonce="[^"]*"', "", hidden.text) == re.sub(
        r'value="[^"]*"|nonce="[^"]*"', "", absent.text
    )
    assert client.get(house.of(house.jay)).status_code == 200


def test_a_social_worker_sees_only_the_caseload(house: House) -> None:
    client = house.signed_in("sam")
    assert client.get(house.of(house.noor)).status_code == 404
    assert client.get(house.of(house.noor, "/timeline")).status_code == 404


def test_what_a_reader_may_not_know_is_absent(in_app: World) -> None:
    jay = in_app.child("Jay")
    in_app.placed(jay, in_app.home("Elm House"), days_ago(30))
    in_app.record(Contact, person_id=jay, name="Grace Marlow")
    in_app.record(HealthCheck, person_id=jay, kind="dental", due_on=days_ago(4))
    in_app.record(MissingEpisode, person_id=jay, kind="missing", started_at=f"{days_ago(9)}T20:00")
    everything = Actor("Ada", "any", levels=frozenset(Level))
    nothing = Actor("Ada", "any", levels=frozenset({Level.OPEN}))
    whole, bare = _record(jay, everything, today()), _record(jay, nothing, today())
    assert whole["health"].rows and whole["missing"] and whole["sessions"] is not None
    assert (bare["health"], bare["missing"], bare["sessions"]) == (None, [], None)
    assert [one.name for one in _who(jay, everything)["people"]] == ["Grace Marlow"]
    assert _who(jay, nothing)["people"] == []
    assert len(_who(jay, everything)["stays"]) == 1
    assert _who(jay, nothing)["stays"] == []


def test_pages_read_little(house: House) -> None:
    fill(house)
    client = house.signed_in("mo")
    for where in (house.of(house.jay), "/children"):
        with counted(house.app) as seen:
            assert client.get(where).status_code == 200
        assert 0 < len(seen) <= 15, f"{where}: {len(seen)}\n" + "\n\n".join(seen)


def test_an_absence_that_has_not_ended_and_one_from_before_the_year(in_app: World) -> None:
    jay = in_app.child("Jay")
    for began, ended in ((5, None), (400, 399)):
        in_app.record(
            MissingEpisode,
            person_id=jay,
            kind="missing",
            started_at=f"{days_ago(began)}T20:00",
            ended_at=f"{days_ago(ended)}T08:00" if ended else None,
        )
    (row,) = missing_rows(jay, today())
    assert (row["for"], row["interview"]) == ("Not back yet", "None due")


def test_how_long_is_said_in_two_units() -> None:
    said = [how_long(timedelta(minutes=minutes)) for minutes in (0, 1, 59, 60, 125, 1440, 3065)]
    assert said == [
        "Under a minute",
        "1 minute",
        "59 minutes",
        "1 hour",
        "2 hours 5 minutes",
        "1 day",
        "2 days 3 hours",
    ]


def test_expected_levels_by_age(in_app: World) -> None:
    """One named area beats the star, and an open end has no upper age."""
    tool = in_app.instrument(
        expected_level_by_age={"11-12:*": "2", "11-12:cooking": "3", "16+:*": "8", "13:cleaning": "4"}
    )
    levels = {age: expected_levels(tool, age) for age in (10, 11, 13, 16, 40)}
    assert levels[10] == {}
    assert levels[11] == {"cooking": 3, "cleaning": 2, "relationships": 2}
    assert levels[13] == {"cleaning": 4}
    assert levels[16] == levels[40] == {"cooking": 8, "cleaning": 8, "relationships": 8}
