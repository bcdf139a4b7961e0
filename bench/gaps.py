"""The gaps within a stay, for the peers that work in Python: a record without a placement belongs to one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

NEAR = timedelta(days=28)
Gap = tuple[date, date, int, int]
"""From a day, until before a day, under a contract, in a place."""
Stay = tuple[int, int, int, date, date | None]
"""Of a child, under a contract, in a place, from, until before."""


def gaps(stays: Iterable[Stay]) -> Mapping[int, list[Gap]]:
    """The gaps of at most 28 days between two stays in one place under one contract, by child."""
    found: dict[int, list[Gap]] = defaultdict(list)
    before: dict[tuple[int, int, int], date | None] = {}
    for person, contract, place, since, until in sorted(stays, key=lambda stay: stay[3]):
        key = (person, contract, place)
        ended = before.get(key)
        if ended is not None and timedelta(0) < since - ended <= NEAR:
            found[person].append((ended, since, contract, place))
        before[key] = until
    return found
