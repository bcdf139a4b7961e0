"""Who was placed where: stays joined up over short gaps, the children of each period, what is theirs."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.numbers import NEAR
from bench.orm_loop.models import Person, Placement, standing
from bench.question import Question
from outcomes.core.calendar import age_on
from outcomes.core.periods import Period


@dataclass
class Chain:
    """Placements one after the other, with gaps of at most 28 days."""

    placements: list[Placement]

    @property
    def since(self) -> date:
        return min(one.started_on for one in self.placements)

    @property
    def until(self) -> date:
        return max(one.until for one in self.placements)

    def holds(self, day: date) -> bool:
        return self.since <= day < self.until


def chains(placements: Iterable[Placement], same: Callable[[Placement], Any]) -> list[Chain]:
    """Placements with the same answer to `same`, joined up."""
    found: list[Chain] = []
    latest: dict[Any, Chain] = {}
    for one in sorted(placements, key=lambda one: (one.started_on, one.id)):
        before = latest.get(same(one))
        if before is not None and one.started_on - before.placements[-1].until <= timedelta(days=NEAR):
            before.placements.append(one)
            continue
        latest[same(one)] = Chain([one])
        found.append(latest[same(one)])
    return found


@dataclass
class Child:
    """A child of a period under a contract, at the placement by which it is counted.

    `stay` is in one place whatever the contract, `span` in one place under this one, `spell` under it anywhere.
    """

    n: int
    period: Period
    contract_id: int
    person: Any
    placement: Placement
    span: Chain
    by_place: bool
    today: date

    @property
    def place(self) -> int:
        return self.placement.place

    @property
    def count_date(self) -> date:
        return min(self.period.last, self.span.until)

    @cached_property
    def stay(self) -> Chain:
        return self._chain(standing(self.person.placements), lambda one: one.place)

    @cached_property
    def spell(self) -> Chain:
        mine = [one for one in standing(self.person.placements) if one.contract_id == self.contract_id]
        return self._chain(mine, lambda one: one.contract_id)

    def _chain(self, placements: list[Placement], same: Callable[[Placement], Any]) -> Chain:
        return next(chain for chain in chains(placements, same) if self.placement in chain.placements)

    @property
    def days_here(self) -> int:
        """Days from the beginning of the stay to the day of counting."""
        return (self.count_date - self.stay.since).days

    @property
    def age(self) -> int:
        return age_on(self.person.date_of_birth, self.count_date)

    def nights(self, period: Period | None = None) -> int:
        """Nights under the contract in this period, or in another."""
        asked = period or self.period
        found = 0
        for one in standing(self.person.placements):
            if one.contract_id == self.contract_id:
                until = min(one.until, asked.last + timedelta(days=1))
                found += max(0, (until - max(one.started_on, asked.first)).days)
        return found

    def here(self, record: Any, day: date | None, within: Chain | None = None) -> bool:
        """Was the record made under the contract (in the place)? By its placement, or in a gap of the stay by day."""
        if record.placement_id is None:
            return day is not None and (within or self.span).holds(day)
        placement = record.placement
        if placement.withdrawn_at is not None or placement.contract_id != self.contract_id:
            return False
        return not self.by_place or placement.place == self.place


def children(
    session: Session, question: Question, *, at_end: bool = False, by_place: bool = False
) -> Iterator[Child]:
    """Once each per period and contract (and place), at the last place: during the period, or on its last day."""
    for person in session.scalars(select(Person)):
        spans = chains(standing(person.placements), lambda one: (one.place, one.contract_id))
        for n in range(len(question.periods)):
            for contract_id in question.contracts:
                chosen: dict[int, Child] = {}
                for child in _candidates(person, spans, n, contract_id, question, at_end, by_place):
                    key = child.place if by_place else 0
                    if key not in chosen or _rank(child) > _rank(chosen[key]):
                        chosen[key] = child
                yield from chosen.values()


def _candidates(
    person: Any,
    spans: list[Chain],
    n: int,
    contract_id: int,
    question: Question,
    at_end: bool,
    by_place: bool,
) -> Iterator[Child]:
    period = question.periods[n]
    for span in spans:
        if span.placements[0].contract_id == contract_id and span.until > (
            period.last if at_end else period.first
        ):
            for placement in span.placements:
                if placement.started_on <= period.last:
                    yield Child(n, period, contract_id, person, placement, span, by_place, question.today)


def _rank(child: Child) -> tuple[date, date, int]:
    return child.count_date, child.placement.started_on, child.placement.id


def latest(records: Iterable[Any], by: str) -> Any:
    """The latest record, and of one day the one that was written down last; None where there is none."""
    return max(records, key=lambda one: (getattr(one, by), one.recorded_at, one.id), default=None)


def number_of(day: date | None, question: Question) -> int | None:
    """Which of the periods a day falls in."""
    return next((n for n, period in enumerate(question.periods) if day is not None and day in period), None)


def open_on(day: date, since: date, until: date | None) -> bool:
    return since <= day and (until is None or until > day)
