"""Cards that count records: key-worker sessions and missing episodes, by the place of their day."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from bench.answering import answers
from bench.numbers import MET, MISSED
from bench.orm_loop.models import Person, standing
from bench.orm_loop.placing import chains, number_of
from bench.question import Answer, Question
from outcomes.core.clock import london_date


@answers("hackney_homes.3.1-M1")
def sessions_held(connection: Connection, question: Question) -> Answer:
    """Held, with a topic or a goal that was touched."""
    found: Answer = Counter()
    with Session(connection) as session:
        for person in session.scalars(select(Person)):
            for record in standing(person.sessions):
                if record.status == "held" and (record.topics or standing(record.reviews)):
                    day = record.held_on or record.planned_on
                    _count(found, question, person, record, record.held_on, day)
    return found


@answers("hackney_homes.3.1-M2")
def sessions_missed(connection: Connection, question: Question) -> Answer:
    found: Answer = Counter()
    with Session(connection) as session:
        for person in session.scalars(select(Person)):
            for record in standing(person.sessions):
                if record.status in MISSED:
                    day = record.held_on or record.planned_on
                    _count(found, question, person, record, record.planned_on, day)
    return found


@answers("hackney_homes.3.2-K2")
def episodes(connection: Connection, question: Question) -> Answer:
    found: Answer = Counter()
    with Session(connection) as session:
        for person in session.scalars(select(Person)):
            for record in standing(person.episodes):
                if record.kind == "missing":
                    day = london_date(record.started_at)
                    _count(found, question, person, record, day, day)
    return found


def _count(
    found: Answer, question: Question, person: Any, record: Any, counts_on: date | None, day: date | None
) -> None:
    n = number_of(counts_on, question)
    if n is None:
        return
    for placement in _placements_of(person, record, day):
        if placement.contract_id in question.contracts:
            found[(n, placement.contract_id, placement.place, MET, -1)] += 1


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
