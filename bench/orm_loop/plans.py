"""Cards of plans: a programme that is kept up, and objectives that are reviewed in time."""

from collections import Counter
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from bench.answering import answers
from bench.numbers import (
    LEFT_OUT,
    MET,
    NO_EVIDENCE,
    NOT_MET,
    OF_CARE_PLANS,
    PLAN_REVIEW_MONTHS,
    STANDING,
    YOUNGEST,
)
from bench.orm_loop.models import standing
from bench.orm_loop.placing import Child, Judged, children, judged, open_on
from bench.question import Answer, Question
from outcomes.core.calendar import add_months


@answers("newham_ifa.6_programme_in_place")
def programme(connection: Connection, question: Question) -> Answer:
    """Reviewed within three months up to the period's end."""

    def judge(child: Child) -> Judged:
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
        return (MET if kept_up else NOT_MET), -1

    return judged(connection, question, judge, at_end=True)


def _is_programme(child: Child, plan: Any) -> bool:
    return (
        plan is not None
        and plan.withdrawn_at is None
        and plan.kind == "independence_programme"
        and open_on(child.period.last, plan.started_on, plan.ended_on)
    )


@answers("hackney_homes.3.2-K1")
def objectives(connection: Connection, question: Question) -> Answer:
    """The goals with a review due, and whether each was in time and showed progress."""
    found: Answer = Counter()
    with Session(connection) as session:
        for child in children(session, question):
            for goal in standing(child.person.goals):
                plan = goal.plan if goal.plan is not None and goal.plan.withdrawn_at is None else None
                if plan is None or plan.kind in OF_CARE_PLANS:
                    said = _judge(child, goal, question)
                    if said is not None:
                        found[(child.n, child.contract_id, child.place, *said)] += 1
    return found


def _judge(child: Child, goal: Any, question: Question) -> Judged:
    due = [
        one
        for one in standing(goal.reviews)
        if one.due_on is not None
        and one.due_on in child.period
        and one.due_on < question.today
        and child.spell.holds(one.due_on)
    ]
    if not due:
        return None
    stands = [one for one in due if _stands(goal, one)]
    if not stands:
        return LEFT_OUT, 0
    if all(_in_time(one) and one.judgement in ("achieved", "improved") for one in stands):
        return MET, -1
    failed = any(not _in_time(one) or one.judgement in ("no_change", "slipped_back") for one in stands)
    return (NOT_MET if failed else NO_EVIDENCE), -1


def _stands(goal: Any, review: Any) -> bool:
    """Was the goal not replaced or given up before the review?"""
    return goal.status in STANDING or goal.closed_on is None or review.due_on <= goal.closed_on


def _in_time(review: Any) -> bool:
    return review.reviewed_on is not None and review.reviewed_on <= review.due_on
