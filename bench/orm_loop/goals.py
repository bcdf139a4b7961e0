"""Cards of goals for independent living: that there are clear ones, and that they are consistently worked on."""

from decimal import Decimal
from typing import Any

from bench.answering import answers
from bench.numbers import (
    FIRST_GOAL,
    LEFT_OUT,
    PRESENT,
    REVIEW_DATES,
    REVIEW_MONTHS,
    SETTLED,
    STANDING,
    YOUNGEST,
)
from bench.orm_loop.judging import UNKNOWN, Judged, each_child, met
from bench.orm_loop.models import standing
from bench.orm_loop.placing import Child, latest, open_on
from outcomes.core.calendar import add_months


@answers("hackney_homes.1.4-K1")
@each_child(at_end=True)
def clear(child: Child) -> Judged:
    """One clear goal of the child's own on the last day."""
    if child.age < YOUNGEST:
        return None
    if child.days_here < FIRST_GOAL:
        return LEFT_OUT, 0
    said = [
        {one.is_clear, one.is_individualised}
        for one in _independence(child)
        if open_on(child.period.last, one.set_on, one.closed_on)
    ]
    if {True} in said:
        return met(True)
    not_judged = any(None in one and False not in one for one in said)
    return UNKNOWN if not_judged else met(False)


@answers("hackney_homes.1.4-K2")
@each_child()
def consistent(child: Child) -> Judged:
    """Above the baseline, and no lower than at any earlier review of six months."""
    goals = _independence(child)
    current = [one for one in goals if _during(child, one) and not _given_up(child, one)]
    withdrawn = any(
        one.status == "withdrawn_by_agreement" and one.closed_on in child.period
        for one in goals
        if one.closed_on is not None
    )
    if not current and not withdrawn:
        return None
    if child.nights() < PRESENT:
        return LEFT_OUT, 0
    if child.days_here < SETTLED:
        return LEFT_OUT, 1
    if not current:
        return LEFT_OUT, 2
    if len(_due_days(child, goals)) < REVIEW_DATES:
        return LEFT_OUT, 3
    path = _path(child, [one for one in current if one.baseline_level is not None])
    if len(path) < REVIEW_DATES or any(one.baseline_level is None for one in current):
        return UNKNOWN
    return met(path[-1] > 0 and path[-1] >= max(path))


def _independence(child: Child) -> list[Any]:
    return [one for one in standing(child.person.goals) if one.area == "independence"]


def _during(child: Child, goal: Any) -> bool:
    period = child.period
    return goal.set_on <= period.last and (goal.closed_on is None or goal.closed_on > period.first)


def _given_up(child: Child, goal: Any) -> bool:
    closed = goal.closed_on is not None and goal.closed_on <= child.count_date
    return goal.status == "withdrawn_by_agreement" and closed


def _due_days(child: Child, goals: list[Any]) -> set[Any]:
    """The days on which reviews have fallen due, of goals that were not given up before."""
    return {
        review.due_on
        for goal in goals
        if not _given_up(child, goal)
        for review in standing(goal.reviews)
        if review.due_on is not None
        and review.due_on <= min(child.count_date, child.today)
        and stays_due(goal, review)
        and child.here(review, review.reviewed_on or review.due_on, child.spell)
    }


def stays_due(goal: Any, review: Any) -> bool:
    """Was the goal not replaced or given up before the review?"""
    return goal.status in STANDING or goal.closed_on is None or review.due_on <= goal.closed_on


def _path(child: Child, goals: list[Any]) -> list[Decimal]:
    """The sum over the goals of level less baseline, after each day of reviews of the last six months."""
    reviews = [
        (goal, review)
        for goal in goals
        for review in standing(goal.reviews)
        if review.level is not None
        and review.reviewed_on is not None
        and review.reviewed_on <= child.count_date
        and child.here(review, review.reviewed_on, child.spell)
    ]
    since = add_months(child.count_date, -REVIEW_MONTHS)
    days = sorted({review.reviewed_on for _goal, review in reviews if review.reviewed_on >= since})
    found = []
    for day in days:
        stands = Decimal(0)
        for goal in goals:
            last = latest(
                (one for of, one in reviews if of is goal and one.reviewed_on <= day), "reviewed_on"
            )
            if last is not None:
                stands += last.level - goal.baseline_level
        found.append(stands)
    return found
