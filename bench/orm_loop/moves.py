"""Cards of placements: how they end, and how long they last."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.answering import answers
from bench.numbers import IN_CARE_MONTHS, LEFT_OUT, LEFT_OUT_ENDINGS, MET, NO_EVIDENCE, NOT_MET, STABLE_MONTHS
from bench.orm_loop.judging import Judged, Units, counted, each_child, met
from bench.orm_loop.models import Person, standing
from bench.orm_loop.placing import Child, chains, number_of, open_on
from bench.question import Answer, Question
from outcomes.core.calendar import add_months

VERDICTS = {True: MET, False: NOT_MET, None: NO_EVIDENCE}


def each_ending(judge: Callable[[Any], bool | None]) -> Callable[..., Answer]:
    """Makes a script of what is said of a stay that ended, by its last placement; two reasons leave one out."""

    @counted
    @wraps(judge)
    def units(session: Session, question: Question) -> Units:
        for person in session.scalars(select(Person)):
            for stay in chains(standing(person.placements), lambda one: one.place):
                last: Any = stay.placements[-1]
                n = number_of(stay.until, question)
                if n is None or last.contract_id not in question.contracts:
                    continue
                said = VERDICTS[judge(last)], -1
                if last.end_reason in LEFT_OUT_ENDINGS:
                    said = LEFT_OUT, LEFT_OUT_ENDINGS.index(last.end_reason)
                yield n, last.contract_id, last.place, *said

    return units


@answers("newham_ifa.5a_planned_endings")
@each_ending
def planned_endings(last: Any) -> bool | None:
    """Planned, and not a breakdown."""
    if _planned(last) is False or last.ending_was_breakdown:
        return False
    return None if last.ending_was_breakdown is None else _planned(last)


@answers("hackney_homes.1.2-K2")
@each_ending
def planned_moves(last: Any) -> bool | None:
    return _planned(last)


@answers("hackney_homes.1.2-K1")
@each_ending
def unplanned_moves(last: Any) -> bool | None:
    planned = _planned(last)
    return None if planned is None else not planned


def _planned(last: Any) -> bool | None:
    """Planned, and as the care plan says; None where nobody said whether it was planned."""
    return False if last.ending_in_care_plan is False else last.ending_planned


@answers("newham_ifa.5b_long_term_stability")
@each_child(at_end=True)
def long_term(child: Child) -> Judged:
    """In care for 30 months, and in one foster home for 24."""
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
    return met(long_enough and fostered)
