"""Cards of daily life: activities, and who the key worker is."""

from datetime import date
from typing import Any

from bench.answering import answers
from bench.numbers import COVER, LEFT_OUT, PRESENT
from bench.orm_loop.judging import Judged, each_child, met
from bench.orm_loop.models import standing
from bench.orm_loop.placing import Child, chains, open_on


@answers("hackney_homes.3.1-M4")
@each_child()
def taking_part(child: Child) -> Judged:
    if child.nights() < PRESENT:
        return LEFT_OUT, 0
    took_part = any(
        one.outside_education and one.took_part_on in child.period and child.here(one, one.took_part_on)
        for one in standing(child.person.activities)
    )
    return met(took_part)


@answers("hackney_homes.3.1-K2")
@each_child()
def other_key_worker(child: Child) -> Judged:
    """Somebody else than before, not the first of a stay, and not a short cover."""
    if child.nights() < PRESENT:
        return LEFT_OUT, 0
    return met(_changed(child))


def _changed(child: Child) -> bool:
    workers = [one for one in standing(child.person.assignments) if not _short_cover(one)]
    workers.sort(key=lambda one: (one.valid_from, one.recorded_at, one.id))
    return any(
        now.staff_id != workers[number - 1].staff_id
        and now.valid_from in child.period
        and _came_after_others(child, now, workers[:number])
        for number, now in enumerate(workers)
        if number
    )


def _came_after_others(child: Child, now: Any, before: list[Any]) -> bool:
    """Was the child in a stay under the contract that day, in which somebody else had been there already?"""
    last = max(one.valid_to or date.max for one in before)
    for stay in chains(standing(child.person.placements), lambda one: one.place):
        here = any(
            one.contract_id == child.contract_id and open_on(now.valid_from, one.started_on, one.ended_on)
            for one in stay.placements
        )
        if here and last > stay.since:
            return True
    return False


def _short_cover(one: Any) -> bool:
    ended = one.valid_to is not None
    return bool(one.is_cover) and ended and (one.valid_to - one.valid_from).days <= COVER
