"""The child's page at a glance: skills against the level expected at the age, or agreed for the child."""

from datetime import timedelta
from typing import Any

import pytest

from outcomes.care.people import Person
from outcomes.core.calendar import add_months
from outcomes.core.clock import today
from outcomes.desk.child.readings import views_of
from outcomes.desk.child.skills import Grid, skills_of
from outcomes.records.readings import ExpectedLevel, Reading
from tests.builders import World
from tests.desk.conftest import days_ago

AREAS = ("cooking", "cleaning", "relationships")


def read(world: World, child: Person, ago: int, *scores: int | None, **values: Any) -> None:
    world.record(
        Reading,
        **{
            "person_id": child,
            "instrument_code": "skills",
            "version": "1",
            "informant": "keyworker",
            "taken_on": days_ago(ago),
            "status": "complete",
            "scores": [{"area": area, "score": score} for area, score in zip(AREAS, scores, strict=True)],
            **values,
        },
    )


def grid_of(child: Person) -> Grid:
    (grid,) = skills_of(child, views_of(child), today())
    return grid


def states(grid: Grid) -> list[str]:
    return [skill.state for skill in grid.skills]


@pytest.fixture
def skilled(in_app: World, jay: Person) -> Person:
    in_app.instrument(
        "skills", scale_min=0, scale_max=4, expected_level_by_age={"11-14:*": "1", "15-17:*": "3"}
    )
    return jay


def test_each_skill_stands_against_the_level_of_the_age(in_app: World, skilled: Person) -> None:
    read(in_app, skilled, 20, 3, 2, None)
    grid = grid_of(skilled)
    assert states(grid) == ["at", "below", "not_assessed"]
    assert grid.summary == "1 at or above the expected level, 1 below, 1 not yet assessed."
    assert "Expected at age 15" in grid.about


def test_the_age_is_counted_on_the_day(in_app: World, skilled: Person) -> None:
    read(in_app, skilled, 20, 1, 1, 1)
    day = today()
    assert states(grid_of(skilled)) == ["below"] * 3
    # The day before the fifteenth birthday the level of fourteen holds.
    (yesterday,) = skills_of(skilled, views_of(skilled), day - timedelta(days=1))
    assert states(yesterday) == ["at"] * 3


def test_a_level_agreed_for_the_child_goes_before_that_of_the_age(in_app: World, skilled: Person) -> None:
    read(in_app, skilled, 20, 2, 2, 2)
    agreed = {"person_id": skilled, "instrument_code": "skills", "area": "cooking"}
    in_app.record(ExpectedLevel, **agreed, level=4, reason="An old one.", valid_from=days_ago(90))
    in_app.record(ExpectedLevel, **agreed, level=1, reason="Is just back home.", valid_from=days_ago(9))
    in_app.record(ExpectedLevel, **agreed, level=4, reason="Later.", valid_from=days_ago(-9))
    grid = grid_of(skilled)
    assert states(grid) == ["above", "below", "below"]
    assert grid.skills[0].expected_words == "1, agreed for this child"
    assert [(area, reason) for area, reason, _ in grid.reasons] == [("Cooking", "Is just back home.")]


def test_a_reading_of_more_than_six_months_ago_is_none(in_app: World, skilled: Person) -> None:
    six_months = (today() - add_months(today(), -6)).days
    read(in_app, skilled, six_months + 1, 3, 3, 3)
    grid = grid_of(skilled)
    assert states(grid) == ["not_assessed"] * 3
    assert "more than 6 months ago" in grid.about
    read(in_app, skilled, six_months, 3, 3, 3)
    assert states(grid_of(skilled)) == ["at"] * 3


def test_a_complete_reading_goes_before_one_just_begun(in_app: World, skilled: Person) -> None:
    read(in_app, skilled, 30, 3, 3, 3)
    read(in_app, skilled, 1, None, None, 0, status="partial", informant="child")
    assert states(grid_of(skilled)) == ["at"] * 3


def test_who_was_never_read_has_a_grid_to_begin_with(skilled: Person) -> None:
    grid = grid_of(skilled)
    assert states(grid) == ["not_assessed"] * 3
    assert grid.about.startswith("Not read yet")


def test_without_expected_levels_there_is_no_grid(in_app: World, jay: Person) -> None:
    in_app.instrument("wheel")
    assert skills_of(jay, views_of(jay), today()) == []
