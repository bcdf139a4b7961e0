"""What all records of a child have in common: when they are made, whose they are, and how often they are wrong."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from bench.world.rows import Row, at
from bench.world.stays import Child


def every(days: int, rng: Random, first: date, last: date) -> Iterator[date]:
    """Days about so far apart, as people keep appointments."""
    day = first + timedelta(days=rng.randint(0, min(days, 21)))
    while day < last:
        yield day
        day += timedelta(days=max(1, round(rng.gauss(days, days / 10))))


def of(child: Child, day: date) -> Row:
    return {"person_id": child.key, "placement_id": child.on(day)}


def withdrawn(rng: Random, day: date) -> Row:
    """One in a hundred was entered in error."""
    return (
        {"withdrawn_at": at(day + timedelta(days=2)), "withdrawn_why": "Entered twice"}
        if rng.random() < 0.01
        else {}
    )


def said(rng: Random, yes: int, no: int, blank: int) -> bool | None:
    """A yes or no that some did not answer, in so many of a hundred each."""
    return rng.choices((True, False, None), (yes, no, blank))[0]
