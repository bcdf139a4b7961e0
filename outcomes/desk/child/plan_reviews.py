"""The reviews of a child's plans: when each was due, when it was held, and the next ones. One statement."""

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import func, select

from outcomes.care.people import Person
from outcomes.core.calendar import add_months
from outcomes.desk.asking import SINCE, Question, ask_of, of_the_child
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day
from outcomes.records.plans import Plan, PlanReview

MONTHS, MOST_ROWS = 24, 40


def plan_reviews_of(child: Person, day: date) -> list[dict[str, Any]]:
    """The reviews of the last two years and those to come, latest first."""
    rows = ask_of(child, _reviews(), since=add_months(day, -MONTHS))
    return [_row(review, plan, child, day) for review, plan in rows]


@cache
def _reviews() -> Question:
    about = func.coalesce(PlanReview.held_on, PlanReview.due_on)
    return (
        select(PlanReview, Plan)
        .outerjoin(Plan, Plan.id == PlanReview.plan_id)
        .where(of_the_child(PlanReview.person_id), PlanReview.standing(), about > SINCE)
        .order_by(about.desc(), PlanReview.id.desc())
        .limit(MOST_ROWS)
    )


def _row(review: PlanReview, plan: Plan | None, child: Person, day: date) -> dict[str, Any]:
    return {
        "what": code_list("plan_review.kind").label(review.kind),
        "href": address(review, child),
        "plan": plan.called() if plan else None,
        "due": say_day(review.due_on) if review.due_on else None,
        "held": say_day(review.held_on) if review.held_on else None,
        "state": review_state(review, day),
    }


def review_state(review: PlanReview, day: date) -> tuple[str, str]:
    """The words and the tone of a tag."""
    due_on, held_on = review.due_on, review.held_on
    if held_on is not None:
        late = due_on is not None and held_on > due_on
        return ("✓ Held late", "yellow") if late else ("✓ Held", "green")
    if due_on is not None and due_on < day:
        return "✗ Overdue", "red"
    return ("Due today", "yellow") if due_on == day else ("Not due yet", "grey")
