"""What the engine and its peers are asked, and the form in which each of them answers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from outcomes.core.periods import Period

Answer = Counter[tuple[int, int, int, int, int]]
"""Units by period, contract, place, bucket and reason."""


@dataclass(frozen=True)
class Question:
    """These contracts, these periods, split by place."""

    contracts: Sequence[int]
    periods: Sequence[Period]
    today: date


def of_rows(rows: Iterable[Sequence[Any]]) -> Answer:
    """An answer from rows that end in how many units there are; a key that comes twice is added up."""
    found: Answer = Counter()
    for row in rows:
        period, contract, place, bucket, reason, units = map(int, row)
        found[(period, contract, place, bucket, reason)] += units
    return found
