"""Cards of placements: how they end, and how long they last."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from bench.answering import answers
from bench.numbers import (
    IN_CARE_MONTHS,
    LEFT_OUT,
    LEFT_OUT_ENDINGS,
    MET,
    NO_EVIDENCE,
    NOT_MET,
    STABLE_MONTHS,
)
from bench.orm_loop.models import Person, standing
from bench.orm_loop.placing import Child, Judged, chains, judged, number_of, open_on
from bench.question import Answer, Question
from outcomes.core.calendar import add_months


@answers("newham_ifa.5a_planned_endings")
def planned_endings(connection: Connection, question: Question) -> Answer:
    """Planned, and not a breakdown."""

    def judge(last: Any) -> int:
        planned, in_plan, broke = (
            last.ending_planned,
            last.ending_in_care_plan,
            last.ending_was_breakdown,
        )
        if planned is False or in_plan is False or broke is True:
            return NOT_MET
        return NO_EVIDENCE if planned is None or broke is None else MET

    return _endings(connection, question, judge)


@answers("hackney_homes.1.2-K2")
def planned_moves(connection: Connection, question: Question) -> Answer:

    def judge(last: Any) -> int:
        if last.ending_planned is False or last.ending_in_care_plan is False:
            return NOT_MET
        return NO_EVIDENCE if last.ending_planned is None else MET

    return _endings(connection, question, judge)


@answers("hackney_homes.1.2-K1")
def unplanned_moves(connection: Connection, question: Question) -> Answer:

    def judge(last: Any) -> int:
        if last.ending_planned is False or last.ending_in_care_plan is False:
            return MET
        return NO_EVIDENCE if last.ending_planned is None else NOT_MET

    return _endings(connection, question, judge)


@answers("newham_ifa.5b_long_term_stability")
def long_term(connection: Connection, question: Question) -> Answer:
    """In care for 30 months, and in one foster home for 24."""

    def judge(child: Child) -> Judged:
        end = child.period.last
        care = [
            one.started_on
            for one in standing(child.person.care_episodes)
            if open_on(child.count_date, one.started_on, one.ended_on)
        ]
        if not care or min(care) > add_months(end, -IN_CARE_MONTHS):
            return None
        long_enough = child.stay.since <= add_months(end, -STABLE_MONTHS)
        fostered = child.placement.placement_type == "ifa_foster"
        return (MET if long_enough and fostered else NOT_MET), -1

    return judged(connection, question, judge, at_end=True)


def _endings(connection: Connection, question: Question, judge: Callable[[Any], int]) -> Answer:
    """Stays that ended in a period, each by its last placement; two reasons leave one out."""
    found: Answer = Counter()
    with Session(connection) as session:
        for person in session.scalars(select(Person)):
            for stay in chains(standing(person.placements), lambda one: one.place):
                last: Any = stay.placements[-1]
                n = number_of(stay.until, question)
                if n is None or last.contract_id not in question.contracts:
                    continue
                if last.end_reason in LEFT_OUT_ENDINGS:
                    said = LEFT_OUT, LEFT_OUT_ENDINGS.index(last.end_reason)
                else:
                    said = judge(last), -1
                found[(n, last.contract_id, last.place, *said)] += 1
    return found
