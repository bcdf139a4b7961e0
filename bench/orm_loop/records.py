"""Cards that count records: key-worker sessions and missing episodes, by the place of their day."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import wraps
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.answering import answers
from bench.numbers import MET, MISSED
from bench.orm_loop.judging import Units, counted
from bench.orm_loop.models import Person, standing
from bench.orm_loop.placing import chains, number_of
from bench.question import Answer, Question
from outcomes.core.clock import london_date

Found = Iterator[tuple[Any, date | None, date | None]]
"""Records, each with the day on which it counts, and the day that says where it happened."""


def each_person(records: Callable[[Any], Found]) -> Callable[..., Answer]:
    """Makes a script of the records of a person that count."""

    @counted
    @wraps(records)
    def units(session: Session, question: Question) -> Units:
        for person in session.scalars(select(Person)):
            for record, counts_on, day in records(person):
                n = number_of(counts_on, question)
                if n is not None:
                    for placement in _placements_of(person, record, day):
                        if placement.contract_id in question.contracts:
                            yield n, placement.contract_id, placement.place, MET, -1

    return units


@answers("hackney_homes.3.1-M1")
@each_person
def sessions_held(person: Any) -> Found:
    """Held, with a topic or a goal that was touched."""
    for one in standing(person.sessions):
        if one.status == "held" and (one.topics or standing(one.reviews)):
            yield one, one.held_on, one.held_on or one.planned_on


@answers("hackney_homes.3.1-M2")
@each_person
def sessions_missed(person: Any) -> Found:
    for one in standing(person.sessions):
        if one.status in MISSED:
            yield one, one.planned_on, one.held_on or one.planned_on


@answers("hackney_homes.3.2-K2")
@each_person
def episodes(person: Any) -> Found:
    for one in standing(person.episodes):
        if one.kind == "missing":
            day = london_date(one.started_at)
            yield one, day, day


def _placements_of(person: Any, record: Any, day: date | None) -> Iterable[Any]:
    if record.placement_id is not None:
        return standing([record.placement])
    return [] if day is None else list(_gaps_on(person, day))


def _gaps_on(person: Any, day: date) -> Iterator[Any]:
    """The placements before a gap, within a stay under one contract, in which a day falls."""
    for chain in chains(standing(person.placements), lambda one: (one.place, one.contract_id)):
        for before, after in zip(chain.placements, chain.placements[1:], strict=False):
            if timedelta(0) < after.started_on - before.until and before.until <= day < after.started_on:
                yield before
