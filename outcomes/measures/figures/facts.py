"""What a run found: a fact per unit, or groups of them added up, and the tallies made of either.

A fact can be kept (card version, period, unit, contract, place, bucket, reason, values): drill-down,
split and total are all added up from facts, so kept facts can stand in for a run.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from outcomes.measures.buckets import Bucket

Amount = int | Fraction
"""What is added up, without rounding. Most are whole, and a whole number is added up in a tenth of a fraction's time."""


class BucketsDisagree(RuntimeError):
    """The buckets do not add up to everyone in scope: the figure must not be shown."""


@dataclass(frozen=True, slots=True)
class Group:
    """Units of one period, contract, place, bucket and reason; `sums` are what is also shown, added up."""

    period: int
    contract_id: int
    place: int
    bucket: Bucket
    reason: int
    units: int
    sums: Mapping[str, Amount]


@dataclass(frozen=True, slots=True)
class Fact:
    """One unit: who or what it is (`reference` as its sender knows it), and the group of one it makes.

    `worked` is the evidence that its bucket rests on: what the card worked out for it, by working and
    part (`now`: the key of a record; `moved`, `up`: a number), and under "" its own fields and built-ins.
    """

    unit_id: int
    person_id: int
    reference: str
    group: Group
    worked: Mapping[tuple[str, str], Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Tally:
    """Groups added up: the four buckets of one figure."""

    met: int = 0
    not_met: int = 0
    no_evidence: int = 0
    left_out: Mapping[int, int] = field(default_factory=dict)
    in_scope: int = 0
    sums: Mapping[str, Amount] = field(default_factory=dict)

    @property
    def out_of(self) -> int:
        return self.met + self.not_met + self.no_evidence

    def check(self) -> "Tally":
        """The one invariant that stops both gaming and silent error. Raises BucketsDisagree."""
        if self.out_of + sum(self.left_out.values()) != self.in_scope:
            raise BucketsDisagree(
                f"met {self.met} + not met {self.not_met} + no evidence {self.no_evidence} + left out "
                f"{sum(self.left_out.values())} is not the {self.in_scope} in scope. Please report this."
            )
        return self


def tally(groups: Iterable[Group]) -> Tally:
    """Add groups up. `in_scope` is counted apart from the buckets, so that they can be checked."""
    buckets: dict[Bucket, int] = defaultdict(int)
    left_out: dict[int, int] = defaultdict(int)
    sums: dict[str, Amount] = defaultdict(int)
    in_scope = 0
    for group in groups:
        in_scope += group.units
        if group.bucket is Bucket.LEFT_OUT:
            left_out[group.reason] += group.units
            continue
        buckets[group.bucket] += group.units
        for name, value in group.sums.items():
            sums[name] += value
    return Tally(
        met=buckets[Bucket.MET],
        not_met=buckets[Bucket.NOT_MET],
        no_evidence=buckets[Bucket.NO_EVIDENCE],
        left_out=dict(sorted(left_out.items())),
        in_scope=in_scope,
        sums=dict(sums),
    ).check()
