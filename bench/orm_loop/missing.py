"""Cards of children who went missing."""

from typing import Any

from bench.answering import answers
from bench.numbers import LEFT_OUT, PRESENT
from bench.orm_loop.judging import UNKNOWN, Judged, each_child, met
from bench.orm_loop.models import standing
from bench.orm_loop.placing import Child
from outcomes.core.clock import london_date, start_of
from outcomes.core.periods import Period


@answers("hackney_homes.3.2-K3")
@each_child()
def went_missing(child: Child) -> Judged:
    return met(bool(_began_in(child.period, child)))


@answers("hackney_homes.3.2-K4")
@each_child()
def by_procedure(child: Child) -> Judged:
    """Of the children with an episode."""
    said = [one.procedure_followed for one in _began_in(child.period, child)]
    if not said:
        return None
    if None in said and False not in said:
        return UNKNOWN
    return met(all(said))


@answers("hackney_homes.3.2-K5")
@each_child()
def interviewed(child: Child) -> Judged:
    """Due in the period, and before today."""
    due = []
    for one in _episodes(child):
        at = one.return_interview_due_at
        if at is not None and at < start_of(child.today) and london_date(at) in child.period:
            due.append(one)
    if not due:
        return None
    in_time = [
        one
        for one in due
        if one.return_interview_held_at is not None
        and one.return_interview_held_at <= one.return_interview_due_at
    ]
    return met(len(in_time) == len(due))


@answers("hackney_homes.3.2-K6")
@each_child()
def less_often(child: Child) -> Judged:
    """Episodes per night of this period, against those of the one before."""
    earlier = child.period.earlier()
    now, before = len(_began_in(child.period, child)), len(_began_in(earlier, child))
    if not before:
        return None
    nights, nights_before = child.nights(), child.nights(earlier)
    if nights < PRESENT:
        return LEFT_OUT, 0
    if nights_before < PRESENT:
        return LEFT_OUT, 1
    return met(now * nights_before < before * nights)


def _episodes(child: Child) -> list[Any]:
    """The child's episodes under the contract."""
    return [
        one
        for one in standing(child.person.episodes)
        if one.kind == "missing" and child.here(one, london_date(one.started_at))
    ]


def _began_in(period: Period, child: Child) -> list[Any]:
    return [one for one in _episodes(child) if london_date(one.started_at) in period]
