"""The goals of a child with how far each has come since its baseline: one statement for all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache

from sqlalchemy import and_, select

from outcomes.care.people import Person
from outcomes.core.clock import today
from outcomes.desk.asking import Question, ask_of, of_the_child
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day
from outcomes.records.plans import Goal, GoalReview, Plan
from outcomes.web.pictures import Picture, spark

BY_JUDGEMENT = {"achieved": "up", "improved": "up", "no_change": "level", "slipped_back": "down"}
"""The arrow of a judgement. One that was not assessed has none."""


@dataclass(slots=True)
class GoalSoFar:
    """A goal and its reviews, oldest first. Reviews that are due and not held are apart."""

    goal: Goal
    plan: Plan | None
    held: list[GoalReview] = field(default_factory=list)
    waiting: list[GoalReview] = field(default_factory=list)

    @property
    def latest(self) -> GoalReview | None:
        return self.held[-1] if self.held else None

    @property
    def levels(self) -> list[tuple[date, Decimal]]:
        """The baseline and every level since, by date."""
        start = self.goal.baseline_level
        first = [(self.goal.set_on, start)] if start is not None else []
        rated = [(one.reviewed_on, one.level) for one in self.held]
        return first + [(day, level) for day, level in rated if day is not None and level is not None]

    @property
    def next_due(self) -> date | None:
        """The earliest review that waits for its date. One missed before the last review no longer does."""
        last = self.latest.reviewed_on if self.latest else None
        waiting = [one.due_on for one in self.waiting if one.due_on]
        return min((day for day in waiting if last is None or day > last), default=None)

    def href(self, child: Person) -> str:
        return address(self.goal, child)

    @property
    def about(self) -> str:
        """Its area, its plan, by when and the next review, in one quiet line."""
        goal = self.goal
        parts = [code_list("goal.area").label(goal.area)]
        if self.plan:
            parts.append(self.plan.called())
        if goal.status != "open":
            closed = f", {say_day(goal.closed_on)}" if goal.closed_on else ""
            return ". ".join([*parts, f"{code_list('goal.status').label(goal.status)}{closed}"])
        if goal.target_on:
            parts.append(f"By {say_day(goal.target_on)}")
        parts += [_review_words(self.latest)] if self.latest else []
        parts.append(_review_due(self.next_due))
        return ". ".join(parts)

    @property
    def change(self) -> tuple[str, str]:
        """Direction (up, level, down; "" where unknown) and the words for it."""
        levels = self.levels
        if self.goal.baseline_level is not None and len(levels) > 1:
            start, now = levels[0][1], levels[-1][1]
            return _moved(start, now), f"{_by(start, now)} since {say_day(self.goal.set_on)}"
        if self.latest and self.latest.judgement in BY_JUDGEMENT:
            told = code_list("goal_review.judgement").label(self.latest.judgement)
            return BY_JUDGEMENT[self.latest.judgement], f"{told}, {_reviewed(self.latest)}"
        return "", "No review yet" if not self.held else f"Not assessed, {_reviewed(self.held[-1])}"

    @property
    def line(self) -> Picture | None:
        """The levels since the baseline as a spark line; None where there are not two."""
        levels = self.levels
        if len(levels) < 2:
            return None
        values = [level for _, level in levels] + [self.goal.target_level or levels[0][1]]
        lowest, highest = int(min(values)), int(-(-max(values) // 1))
        told = [(say_day(day), level) for day, level in levels]
        printed = f"from {levels[0][1]:f} to {levels[-1][1]:f}"
        return spark(
            f"Levels of “{self.goal.called()}”",
            told,
            lowest=lowest,
            highest=max(highest, lowest + 1),
            printed=printed,
        )

    @property
    def level_words(self) -> str:
        """ "Level 2, target 4"; "" where no level was ever given."""
        levels, target = self.levels, self.goal.target_level
        now = f"Level {levels[-1][1]:f}" if levels else ""
        goal = f"target {target:f}" if target is not None else ""
        return ", ".join(part for part in (now, goal) if part)


def _moved(start: Decimal, now: Decimal) -> str:
    return "up" if now > start else "down" if now < start else "level"


def _by(start: Decimal, now: Decimal) -> str:
    if now == start:
        return "Level unchanged"
    return f"Level {'up' if now > start else 'down'} {abs(now - start):f}"


def _reviewed(review: GoalReview) -> str:
    return say_day(review.reviewed_on) if review.reviewed_on else "no date"


def _review_words(review: GoalReview) -> str:
    told = code_list("goal_review.judgement").label(review.judgement) if review.judgement else "held"
    return f"Last review {told[:1].lower()}{told[1:]}, {_reviewed(review)}"


def _review_due(due_on: date | None) -> str:
    if due_on is None:
        return "No review planned"
    return f"Review {'was due on' if due_on < today() else 'due on'} {say_day(due_on)}"


@cache
def _goals() -> Question:
    return (
        select(Goal, Plan, GoalReview)
        .outerjoin(Plan, and_(Plan.id == Goal.plan_id, Plan.standing()))
        .outerjoin(GoalReview, and_(GoalReview.goal_id == Goal.id, GoalReview.standing()))
        .where(of_the_child(Goal.person_id), Goal.standing())
        # Ties on one date: the latest recorded (R15).
        .order_by(GoalReview.reviewed_on, GoalReview.recorded_at, GoalReview.id)
    )


def goals_of(child: Person) -> list[GoalSoFar]:
    """Every standing goal of the child, open ones first, each with its plan and reviews."""
    found: dict[int, GoalSoFar] = {}
    for goal, plan, review in ask_of(child, _goals()):
        one = found.setdefault(goal.id, GoalSoFar(goal, plan))
        if review is not None:
            (one.held if review.reviewed_on else one.waiting).append(review)
    return sorted(found.values(), key=lambda one: (one.goal.status != "open", one.goal.set_on, one.goal.id))


def goals_to_answer(child: Person) -> list[GoalSoFar]:
    """The open goals without plan and reviews: what reading a form that was sent needs, and no more."""
    return [GoalSoFar(goal, None) for goal in ask_of(child, _to_answer()).scalars()]


@cache
def _to_answer() -> Question:
    return (
        select(Goal)
        .where(of_the_child(Goal.person_id), Goal.standing(), Goal.status == "open")
        .order_by(Goal.set_on, Goal.id)
    )


def open_goals(goals: Iterable[GoalSoFar]) -> list[GoalSoFar]:
    return [one for one in goals if one.goal.status == "open"]
