"""Cards of plans: a programme that is kept up, and objectives that are reviewed in time."""

from typing import Any

from sqlalchemy.orm import Session

from bench.answering import answers
from bench.numbers import LEFT_OUT, OF_CARE_PLANS, PLAN_REVIEW_MONTHS, YOUNGEST
from bench.orm_loop.goals import stays_due
from bench.orm_loop.judging import UNKNOWN, Judged, Units, counted, each_child, in_figure, met
from bench.orm_loop.models import standing
from bench.orm_loop.placing import Child, children, open_on
from bench.question import Question
from outcomes.core.calendar import add_months


@answers("newham_ifa.6_programme_in_place")
@each_child(at_end=True)
def programme(child: Child) -> Judged:
    """Reviewed within three months up to the period's end."""
    if child.age < YOUNGEST:
        return None
    since = add_months(child.period.last, -PLAN_REVIEW_MONTHS)
    kept_up = any(
        one.held_on is not None
        and since <= one.held_on <= child.period.last
        and child.here(one, one.held_on, child.spell)
        and _is_programme(child, one.plan)
        for one in standing(child.person.plan_reviews)
    )
    return met(kept_up)


def _is_programme(child: Child, plan: Any) -> bool:
    return (
        plan is not None
        and plan.withdrawn_at is None
        and plan.kind == "independence_programme"
        and open_on(child.period.last, plan.started_on, plan.ended_on)
    )


@answers("hackney_homes.3.2-K1")
@counted
def objectives(session: Session, question: Question) -> Units:
    """The goals with a review due, and whether each was in time and showed progress."""
    for child in children(session, question):
        for goal in standing(child.person.goals):
            plan = goal.plan if goal.plan is not None and goal.plan.withdrawn_at is None else None
            if plan is None or plan.kind in OF_CARE_PLANS:
                yield from in_figure(child, _judge(child, goal))


def _judge(child: Child, goal: Any) -> Judged:
    due = [
        one
        for one in standing(goal.reviews)
        if one.due_on is not None
        and one.due_on in child.period
        and one.due_on < child.today
        and child.spell.holds(one.due_on)
    ]
    if not due:
        return None
    stands = [one for one in due if stays_due(goal, one)]
    if not stands:
        return LEFT_OUT, 0
    if all(_in_time(one) and one.judgement in ("achieved", "improved") for one in stands):
        return met(True)
    failed = any(not _in_time(one) or one.judgement in ("no_change", "slipped_back") for one in stands)
    return met(False) if failed else UNKNOWN


def _in_time(review: Any) -> bool:
    return review.reviewed_on is not None and review.reviewed_on <= review.due_on
