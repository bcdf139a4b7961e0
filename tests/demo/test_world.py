"""The world before it is written: the same for a seed and a day, plausible, and inside its time."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from outcomes.core import clock
from outcomes.core.calendar import age_on
from outcomes.demo.entry import Entry
from outcomes.demo.readings import SKILLS, WHEEL, Scores, Tool
from outcomes.demo.seeds import Deck, content, endings, stories
from outcomes.demo.window import Window
from outcomes.demo.world import Scale, World, make_world

TOOLS = [
    Tool(SKILLS, "1", ("cooking", "cleaning", "communication", "managing_self"), 0, 4),
    Tool(WHEEL, "1", ("feelings", "safety", "friends_and_fun"), 1, 10),
]
DAY = date(2026, 11, 22)
TO_COME = {
    "target_on",
    "review_due_on",
    "next_review_due_on",
    "due_on",
    "offered_on",
    "effective_to",
    "valid_to",
}
"""Fields that may name a day to come."""


def world(scale: Scale | None = None, day: date = DAY) -> World:
    return make_world(scale or Scale(), day, TOOLS)


def of_kind(made: World, kind: str) -> list[Entry]:
    return [one for one in made.entries if one.kind == kind]


def test_the_same_seed_and_day_make_the_same_world() -> None:
    assert world().entries == world().entries


def test_another_seed_makes_another_world() -> None:
    assert world().entries != world(Scale(seed=2)).entries


@pytest.mark.parametrize(
    "scale",
    [
        Scale(),
        Scale(homes=1, children=1, years=1),
        Scale(homes=6, children=60),
        Scale(years=4),
        Scale(years=1),
        Scale(homes=40, children=2, years=1),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "day", [date(2026, 10, 1), date(2026, 12, 31), date(2028, 2, 29), date(2027, 3, 28)], ids=str
)
def test_it_is_as_large_as_asked_and_ends_today(scale: Scale, day: date) -> None:
    made = world(scale, day)
    assert len(of_kind(made, "person")) == scale.children
    assert len(of_kind(made, "home")) == scale.homes
    assert made.window.codes()[-1] == made.window.quarter(0).code
    assert len(made.window.codes()) == 4 * scale.years + 1
    for one, name, on in dated(made):
        assert on <= day or name in TO_COME, f"{one.kind} {one.reference}: {name} is {on}, after {day}"


def dated(made: World) -> Iterator[tuple[Entry, str, date]]:
    for one in made.entries:
        for name, value in one.values.items():
            if isinstance(value, datetime):
                yield one, name, clock.london_date(value)
            elif isinstance(value, date):
                yield one, name, value


def test_children_are_seven_to_seventeen_and_nobody_shares_a_name() -> None:
    people = of_kind(world(), "person")
    assert all(7 <= age_on(one.values["date_of_birth"], DAY) <= 17 for one in people)
    many = of_kind(world(Scale(children=120, years=1)), "person")
    names = Counter((one.values["given_name"], one.values["family_name"]) for one in many)
    assert set(names.values()) == {1}
    assert len({one.values["ethnicity"] for one in people}) >= 8


def test_references_are_unique_and_every_link_has_its_target() -> None:
    made = world(Scale(children=30))
    named = [(one.kind, one.reference) for one in made.entries if one.reference]
    assert len(named) == len(set(named))
    children = {one.reference for one in of_kind(made, "person")}
    assert {one.values["person_id"] for one in made.entries if "person_id" in one.values} <= children


def test_a_page_of_sessions_does_not_repeat_itself() -> None:
    made = world()
    for child in made.children:
        said = [
            one.values["child_words"]
            for one in of_kind(made, "keyworker_session")
            if one.values["person_id"] == child.reference and "child_words" in one.values
        ]
        for start in range(len(said)):
            # A deck is drawn to its end before it is shuffled again.
            page = said[start : start + 20]
            assert Counter(page).most_common(1)[0][1] <= 2
        assert len(set(said[:20])) >= min(len(said), 20) - 1


def test_the_endings_of_the_stories_are_those_described() -> None:
    told = {stay.ending for story in stories() for stay in story.stays} - {None}
    assert told == endings().keys()


def test_there_are_gaps_refusals_and_things_to_do() -> None:
    made = world()
    reviews = [one.values for one in of_kind(made, "goal_review")]
    assert any("reviewed_on" not in one and one["due_on"] < DAY for one in reviews)
    assert any("reviewed_on" in one and one["reviewed_on"] > one["due_on"] for one in reviews)
    checks = [one.values for one in of_kind(made, "health_check")]
    assert any(one.get("missed_reason") == "child_refused" for one in checks)
    assert any(
        "attended_on" not in one and "missed_reason" not in one and one["due_on"] < DAY for one in checks
    )
    assert any(one["due_on"] > DAY for one in checks)
    readings = [one.values for one in of_kind(made, "reading")]
    assert {one["status"] for one in readings} == {"complete", "partial", "declined_by_child"}
    assert {one["informant"] for one in readings} == {"child", "keyworker"}
    sessions = Counter(one.values["status"] for one in of_kind(made, "keyworker_session"))
    assert len(sessions) == 5 and sessions["held"] > sum(sessions.values()) * 0.7
    assert {one.values.get("is_cover") for one in of_kind(made, "keyworker_assignment")} == {True, False}


@pytest.mark.parametrize("letter, sign", [("u", 1), ("d", -1), ("s", 0)])
def test_readings_move_as_the_story_says(letter: str, sign: int) -> None:
    made = world()
    for number in range(200):
        scores = Scores.starting(TOOLS[0], made.children[0].rng(f"{letter}{number}"))
        scores.levels = dict.fromkeys(scores.levels, 2)
        before = dict(scores.levels)
        scores.move(letter)
        moved = [scores.levels[area] - before[area] for area in before]
        net = sum(one > 0 for one in moved) - sum(one < 0 for one in moved)
        assert (net > 0) - (net < 0) == sign
        assert all(0 <= level <= 4 for level in scores.levels.values())


def test_a_day_of_a_story_counts_from_its_quarter() -> None:
    window = Window(DAY, 2)
    assert window.day("q0+0") == date(2026, 10, 1)
    assert window.day("q-1+3") == date(2026, 7, 4)
    assert window.day("q-1-1") == date(2026, 6, 30)
    with pytest.raises(ValueError, match="written like q-3\\+20"):
        window.day("3 weeks ago")


def test_a_deck_gives_everything_before_anything_twice() -> None:
    made = world()
    deck: Deck[Any] = Deck("abcdef", made.children[0].rng("deck"))
    assert sorted(deck.draw() for _ in range(6)) == list("abcdef")
    assert sorted(deck.draw() for _ in range(6)) == list("abcdef")


def test_words_are_kind_to_read_and_fit_on_a_page() -> None:
    for topic, pairs in content("sessions").items():
        assert len(pairs) >= 6, topic
        for said, agreed in pairs:
            assert said[-1] in ".?!" and agreed[-1] in ".?!"
            assert len(said) < 120 and len(agreed) < 160


def test_the_largest_world_names_everybody() -> None:
    made = world(Scale(homes=40, children=500, years=1))
    for kind in ("home", "staff"):
        names = Counter(one.values["name"] for one in of_kind(made, kind))
        assert set(names.values()) == {1}, names.most_common(3)


def test_children_move_as_children_do() -> None:
    """Between homes, between providers, back within 28 days, and back much later."""
    gaps: set[str] = set()
    for child in world().children:
        for one, other in pairwise(child.stays):
            away = (other.first - one.last).days if one.last else 0
            if one.contract.provider != other.contract.provider:
                gaps.add("another provider")
            elif one.place != other.place:
                gaps.add("another place")
            else:
                gaps.add("back soon" if away <= 28 else "back later")
    assert gaps == {"another provider", "another place", "back soon", "back later"}


def test_interviews_are_held_in_time_late_declined_or_not_at_all() -> None:
    held: set[str] = set()
    for one in of_kind(world(), "missing_episode"):
        values = one.values
        if values.get("return_interview_declined"):
            held.add("declined")
        elif "return_interview_held_at" not in values:
            held.add(f"not held, {values['kind']}")
        else:
            hours = (values["return_interview_held_at"] - values["ended_at"]).total_seconds() / 3600
            held.add("in time" if hours <= 72 else "late")
    assert held == {"in time", "late", "declined", "not held, missing", "not held, agreed_absence"}


def test_readings_are_far_enough_apart_to_be_compared_but_for_one_story() -> None:
    """28 days (R01). The story with a `c` is the one in which they are not."""
    made = world()
    too_close: set[str] = set()
    for child in made.children:
        days = [
            one.values["taken_on"]
            for one in of_kind(made, "reading")
            if (one.values["person_id"], one.values["instrument_code"]) == (child.reference, SKILLS)
            and (one.values["informant"], one.values["status"]) == ("keyworker", "complete")
        ]
        if any((later - earlier).days < 28 for earlier, later in pairwise(days)):
            too_close.add(child.story.title)
    assert too_close == {story.title for story in stories() if "c" in story.skills}


@pytest.mark.parametrize("years", [1, 2, 3])
def test_sessions_begin_with_the_window(years: int) -> None:
    made = world(Scale(years=years))
    first = min(one.values["planned_on"] for one in of_kind(made, "keyworker_session"))
    begins = made.window.quarter(-4 * years).first
    assert begins <= first < begins + timedelta(days=14)


def test_whoever_covers_writes_the_record() -> None:
    covered = [(child, kw) for child in world().children for kw in child.key_workers if kw.covers_for]
    assert covered
    for child, cover in covered:
        assert child.key_worker_on(cover.first) == cover.staff
        assert child.key_worker_on(cover.first - timedelta(days=1)) != cover.staff
