"""One child of the demo as a frozen value: where they lived and who looked after them, day by day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from outcomes.core.calendar import add_months, age_on
from outcomes.demo.contracts import Contract
from outcomes.demo.places import Place
from outcomes.demo.seeds import Story

SAME_STAY_DAYS = 28
"""Back in the same place within so many days is the same stay (R09)."""


@dataclass(frozen=True, slots=True)
class Stay:
    """One placement. `last` is the first day after it; None while it lasts."""

    reference: str
    contract: Contract
    place: Place
    first: date
    last: date | None = None
    ending: str | None = None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day < self.last)


@dataclass(frozen=True, slots=True)
class Tenure:
    """Time with one provider without a gap of more than 28 days: goals and readings go on through it."""

    stays: tuple[Stay, ...]

    @property
    def first(self) -> date:
        return self.stays[0].first

    @property
    def last(self) -> date | None:
        return self.stays[-1].last

    def covers(self, day: date) -> bool:
        return any(stay.covers(day) for stay in self.stays)


@dataclass(frozen=True, slots=True)
class InCare:
    """A period of being looked after."""

    first: date
    last: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class KeyWorker:
    """Who is the key worker from when to when."""

    staff: str
    first: date
    last: date | None
    covers_for: bool = False
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A child with the dates of their story worked out."""

    number: int
    reference: str
    seed: int
    story: Story
    shift: int
    born: date
    care: tuple[InCare, ...]
    stays: tuple[Stay, ...]
    key_workers: tuple[KeyWorker, ...]

    def rng(self, topic: str) -> Random:
        """Chance of its own for each topic, so that a change in one leaves the others alone."""
        return Random(f"{self.seed}/{self.number}/{topic}")

    def age(self, day: date) -> int:
        return age_on(self.born, day)

    def birthday(self, age: int) -> date:
        return add_months(self.born, 12 * age)

    def stay_on(self, day: date) -> Stay | None:
        return next((stay for stay in self.stays if stay.covers(day)), None)

    def key_worker_on(self, day: date) -> str:
        """Who writes on that day: the cover where there is one. Blank where nobody is."""
        there = [kw for kw in self.key_workers if kw.first <= day and (kw.last is None or day < kw.last)]
        return max(there, key=lambda kw: kw.covers_for).staff if there else ""

    @property
    def tenures(self) -> Iterator[Tenure]:
        yield from tenures_of(self.stays)

    @property
    def lives_with_us(self) -> bool:
        return self.stays[-1].last is None


def tenures_of(stays: Iterable[Stay]) -> Iterator[Tenure]:
    """Stays joined where the provider is the same and the gap at most 28 days."""
    ordered = list(stays)
    cuts = [0]
    cuts += [
        place for place, (one, other) in enumerate(pairwise(ordered), start=1) if not _joined(one, other)
    ]
    cuts.append(len(ordered))
    for begin, end in pairwise(cuts):
        yield Tenure(tuple(ordered[begin:end]))


def _joined(one: Stay, other: Stay) -> bool:
    same = one.contract.provider == other.contract.provider
    return same and one.last is not None and other.first - one.last <= timedelta(days=SAME_STAY_DAYS)
