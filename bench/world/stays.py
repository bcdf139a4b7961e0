"""The children of the provider: who lives where, from when to when, and how it ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bench.world.rows import Row, Rows
from bench.world.size import Size

DAYS_OF_A_CHILD = 840
"""How long a child stays with the provider, on average; with 120 at a time, 276 over three years."""
DAYS_OF_A_STAY = 245
SOON_BACK = 0.12
"""Of the moves, so many are a few days away and back in the same place: one stay by the rules."""
NEW_CONTRACT = 0.06
BREAKDOWNS = ("carer_request_breakdown", "provider_notice_breakdown", "child_request_breakdown")


@dataclass(frozen=True, slots=True)
class Contracts:
    """The two contracts for homes, the one for carers, and the places that go with each."""

    homes: tuple[int, ...]
    carers: tuple[int, ...]
    provider: int
    commissioners: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """One placement. `until` is the first day after it; None while it lasts."""

    key: int
    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Child:
    key: int
    born: date
    stays: tuple[Stay, ...]

    def on(self, day: date) -> int | None:
        """The placement of a day."""
        return next((stay.key for stay in self.stays if stay.holds(day)), None)

    @property
    def since(self) -> date:
        return self.stays[0].since

    def last_day(self, size: Size) -> date:
        ended = self.stays[-1].until
        return size.until if ended is None else min(size.until, ended)


def children(rows: Rows, size: Size, rng: Random, contracts: Contracts) -> list[Child]:
    """Every child of the time: each bed is lived in by one after the other."""
    found = []
    for bed in range(size.children):
        since = size.first - timedelta(days=rng.randint(0, DAYS_OF_A_CHILD))
        while since < size.until:
            until = since + timedelta(days=max(20, round(rng.gauss(DAYS_OF_A_CHILD, 300))))
            if until > size.first:
                found.append(_child(rows, size, rng, contracts, bed, since, until))
            since = until + timedelta(days=rng.randint(0, 14))
    return found


def _child(
    rows: Rows, size: Size, rng: Random, contracts: Contracts, bed: int, since: date, until: date
) -> Child:
    born = since - timedelta(days=round(365.25 * rng.uniform(8, 16.5)))
    key = rows.add("person", since, person_kind="child", date_of_birth=born, known_as=f"Child {bed}")
    in_care = since - timedelta(days=rng.randint(0, 900))
    authority = contracts.commissioners[0]
    rows.add("care_episode", in_care, person_id=key, authority_id=authority, started_on=in_care)
    homes = bed % size.places < size.homes
    stays = tuple(_stays(rows, size, rng, contracts, key, bed, homes, since, until))
    return Child(key, born, stays)


def _stays(
    rows: Rows, size: Size, rng: Random, contracts: Contracts, child: int, bed: int, homes: bool,
    since: date, until: date,
) -> Iterator[Stay]:  # fmt: skip
    pool = contracts.homes if homes else contracts.carers
    contract, place = rng.choice(pool), bed % (size.homes if homes else size.households) + 1
    day = since
    while day < until and day < size.until:
        end = min(day + timedelta(days=max(9, round(rng.expovariate(1 / DAYS_OF_A_STAY)))), until)
        ended = None if end > size.until else end
        yield Stay(
            _placement(rows, rng, contracts, child, contract, place, homes, day, ended, end == until),
            day,
            ended,
        )
        away = rng.random() < SOON_BACK
        day = end + timedelta(days=rng.randint(1, 24) if away else 0)
        if not away:
            place = rng.randint(1, size.homes if homes else size.households)
        if rng.random() < NEW_CONTRACT:
            contract = rng.choice(pool)


def _placement(
    rows: Rows, rng: Random, contracts: Contracts, child: int, contract: int, place: int, homes: bool,
    since: date, ended: date | None, last: bool,
) -> int:  # fmt: skip
    return rows.add(
        "placement",
        since,
        person_id=child,
        provider_id=contracts.provider,
        contract_id=contract,
        home_id=place if homes else None,
        carer_household_id=None if homes else place,
        placement_type="childrens_home" if homes else "ifa_foster",
        started_on=since,
        ended_on=ended,
        **(_ending(rng, last) if ended else {}),
    )


def _ending(rng: Random, last: bool) -> Row:
    """What was recorded of an ending; some of it was not asked."""
    breakdown = rng.random() < 0.2
    chance = rng.random()
    reason = rng.choice(BREAKDOWNS) if breakdown else "returned_home" if last else "planned_move_care_plan"
    return {
        "ending_planned": rng.choice((True, True, True, None)) if not breakdown else False,
        "ending_in_care_plan": rng.choice((True, True, True, None, None, False)) if not breakdown else False,
        "ending_was_breakdown": breakdown if rng.random() < 0.95 else None,
        "end_reason": "died" if chance < 0.002 else "transferred_with_carers" if chance < 0.02 else reason,
    }
