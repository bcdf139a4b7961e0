"""Cards of children who went missing."""

from typing import Any

from sqlalchemy import Connection

from bench.answering import answers
from bench.numbers import LEFT_OUT, MET, NO_EVIDENCE, NOT_MET, PRESENT
from bench.orm_loop.models import standing
from bench.orm_loop.placing import Child, Judged, judged
from bench.question import Answer, Question
from outcomes.core.clock import london_date, start_of
from outcomes.core.periods import Period


@answers("hackney_homes.3.2-K3")
def went_missing(connection: Connection, question: Question, by_place: bool = False) -> Answer:

    def judge(child: Child) -> Judged:
        return (MET if _began_in(child.period, child) else NOT_MET), -1

    return judged(connection, question, judge, by_place=by_place)


@answers("hackney_homes.3.2-K4")
def by_procedure(connection: Connection, question: Question, by_place: bool = False) -> Answer:
    """Of the children with an episode."""

    def judge(child: Child) -> Judged:
        said = [one.procedure_followed for one in _began_in(child.period, child)]
        if not said:
            return None
        if None in said and False not in said:
            return NO_EVIDENCE, -1
        return (MET if all(said) else NOT_MET), -1

    return judged(connection, question, judge, by_place=by_place)


@answers("hackney_homes.3.2-K5")
def interviewed(connection: Connection, question: Question, by_place: bool = False) -> Answer:
    """Due in the period, and before today."""
    before = start_of(question.today)

    def judge(child: Child) -> Judged:
        due = []
        for one in _episodes(child):
            at = one.return_interview_due_at
            if at is not None and at < before and london_date(at) in child.period:
                due.append(one)
        if not due:
            return None
        in_time = [
            one
            for one in due
            if one.return_interview_held_at is not None
            and one.return_interview_held_at <= one.return_interview_due_at
        ]
        return (MET if len(in_time) == len(due) else NOT_MET), -1

    return judged(connection, question, judge, by_place=by_place)


@answers("hackney_homes.3.2-K6")
def less_often(connection: Connection, question: Question) -> Answer:
    """Episodes per night of this period, against those of the one before."""

    def judge(child: Child) -> Judged:
        earlier = child.period.earlier()
        now, before = len(_began_in(child.period, child)), len(_began_in(earlier, child))
        if not before:
            return None
        nights, nights_before = child.nights(), child.nights(earlier)
        if nights < PRESENT:
            return LEFT_OUT, 0
        if nights_before < PRESENT:
            return LEFT_OUT, 1
        return (MET if now * nights_before < before * nights else NOT_MET), -1

    return judged(connection, question, judge)


def _episodes(child: Child) -> list[Any]:
    """The child's episodes under the contract."""
    return [
        one
        for one in standing(child.person.episodes)
        if one.kind == "missing" and child.here(one, london_date(one.started_at))
    ]


def _began_in(period: Period, child: Child) -> list[Any]:
    return [one for one in _episodes(child) if london_date(one.started_at) in period]
