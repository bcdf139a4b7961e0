"""How things are timed: in pairs, one after the other, so that a slow minute of the machine hits both.

Absolute times drift on a shared machine; the median of the pairs' ratios does not, or much less.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paired:
    """Seconds of ours and of the peer (medians), and the median of ours over the peer, pair by pair."""

    ours: float
    peer: float
    ratio: float


def timed(do: Callable[[], T]) -> tuple[float, T]:
    """The seconds that it took, and what came of it."""
    began = perf_counter()
    found = do()
    return perf_counter() - began, found


def seconds(do: Callable[[], Any]) -> float:
    took, _found = timed(do)
    return took


def paired(ours: Callable[[], Any], peer: Callable[[], Any], runs: int) -> Paired:
    """Run both in turn, so many times after one warm-up that is not counted."""
    ours()
    peer()
    return of_pairs([(seconds(ours), seconds(peer)) for _ in range(runs)])


def of_pairs(pairs: Sequence[tuple[float, float]]) -> Paired:
    """The medians of pairs of seconds, ours and the peer's."""
    return Paired(median(a for a, _ in pairs), median(b for _, b in pairs), median(a / b for a, b in pairs))
