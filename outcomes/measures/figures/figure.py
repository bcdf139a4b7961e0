"""A figure: what one measure says of one contract (or one place of it) in one period.

Made of a tally; carries everything that is shown beside the value, so that no page works anything
out again. `document()` is the JSON shape that programs rely on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from outcomes.core.periods import Period
from outcomes.measures.buckets import Bucket
from outcomes.measures.figures.facts import Fact, Tally
from outcomes.measures.figures.position import Position, position
from outcomes.measures.figures.rounding import printed
from outcomes.measures.figures.trend import Trend, trend
from outcomes.measures.language.card import Card
from outcomes.measures.language.targets import Target
from outcomes.measures.planning.plan import AlsoPlan, Plan

BY_PLACE = "place"


@dataclass(frozen=True, slots=True)
class Members:
    """Who stands where, as their sender knows them."""

    met: tuple[str, ...]
    not_met: tuple[str, ...]
    no_evidence: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    because: str
    count: int


@dataclass(frozen=True, slots=True)
class Also:
    """A quantity shown beside the figure. `met` and `out_of` where it is a share or a mean."""

    value: str | None
    exact: str | None = None
    met: int | None = None
    out_of: int | None = None
    unit: str = ""

    def document(self) -> dict[str, Any]:
        shown = {
            "met": self.met,
            "out_of": self.out_of,
            "value": self.value,
            "exact": self.exact,
            "unit": self.unit,
        }
        return {name: one for name, one in shown.items() if name == "value" or one not in (None, "")}


@dataclass(frozen=True)
class Figure:
    """One figure. `met` of a count is the count; `value` is exact, `shown` is printed by rule R11.

    `reasons` are why a unit may be left out, with the numbers that hold for this contract and period.
    `place_id` and `facts` are for pages of those who may see members: who stands where with their
    keys, and the place (a home's key, or a household's with a minus sign). No document has them.
    """

    card: Card
    period: Period
    contract: str
    place: str | None
    position: Position
    target: Target
    value: Fraction | None = None
    met: int | None = None
    out_of: int | None = None
    no_evidence: int = 0
    left_out: tuple[LeftOut, ...] = ()
    in_scope: int = 0
    trend: Trend | None = None
    also: Mapping[str, Also] = field(default_factory=dict)
    members: Members | None = None
    reasons: tuple[str, ...] = ()
    place_id: int | None = None
    facts: tuple[Fact, ...] = ()

    @property
    def unit(self) -> str:
        return "%" if self.card.shape == "share" else ""

    @property
    def shown(self) -> str | None:
        """The value as people read it; None where there is no data."""
        if self.value is None:
            return None
        if self.card.shape == "count":
            return printed(self.value, decimals=0)
        return printed(self.value, lambda value: position(value, self.target))

    @property
    def fraction(self) -> str:
        """The figure in words: `4 of 7`, or the count; `0 of 0` where there is no data."""
        if self.card.shape == "count":
            return self.shown or "no data"
        return f"{self.met or 0} of {self.out_of or 0}"

    def document(self) -> dict[str, Any]:
        """The figure as JSON (the service's promise to programs)."""
        made = {
            "measure": self.card.measure,
            "card_version": self.card.version,
            "title": self.card.title,
            "shape": self.card.shape,
            "period": {
                "code": self.period.code,
                "from": self.period.first.isoformat(),
                "to": self.period.last.isoformat(),
            },
            "scope": {"contract": self.contract},
            "split": None if self.place is None else {"by": BY_PLACE, "value": self.place},
            "met": self.met,
            "out_of": self.out_of,
            "value": self.shown,
            "exact": None if self.value is None else str(self.value),
            "unit": self.unit,
            "no_evidence": self.no_evidence,
            "left_out": [{"because": one.because, "count": one.count} for one in self.left_out],
            "in_scope": self.in_scope,
            "target": str(self.target),
            "tolerance": None if self.target.tolerance is None else str(self.target.tolerance),
            "position": self.position,
            "trend": self.trend,
            "also": {label: one.document() for label, one in self.also.items()},
        }
        return made if self.members is None else made | {"members": _members_document(self.members)}


def _members_document(members: Members) -> dict[str, Any]:
    return {
        "met": list(members.met),
        "not_met": list(members.not_met),
        "no_evidence": list(members.no_evidence),
        "left_out": [{"id": one, "because": because} for one, because in members.left_out],
    }


def value_of(card: Card, tally: Tally, *, anybody_placed: bool) -> Fraction | None:
    """The exact value; None is "no data" (R10).

    Nobody in the denominator of a share is no data; a count of nought is real where anybody was placed.
    """
    if card.shape == "count":
        return Fraction(tally.met) if anybody_placed or tally.met else None
    return Fraction(100 * _numerator(card, tally), tally.out_of) if tally.out_of else None


def _numerator(card: Card, tally: Tally) -> int:
    # Unknown never counts in the provider's favour: where smaller is better it counts against (D18).
    counted = card.no_evidence is not None and card.no_evidence.then == "met"
    return tally.met + (tally.no_evidence if counted else 0)


def figure_of(
    plan: Plan,
    period: Period,
    contract: str,
    place: str | None,
    tally: Tally,
    history: Sequence[Fraction | None],
    target: Target,
    members: Members | None = None,
) -> Figure:
    """The figure of a tally. `history` ends with this period's own value, oldest first."""
    card, value = plan.card, history[-1]
    share = card.shape == "share"
    reasons = plan.reasons
    left_out = tuple(LeftOut(reasons[reason], count) for reason, count in tally.left_out.items())
    return Figure(
        card=card,
        period=period,
        contract=contract,
        place=place,
        position=position(value, target),
        target=target,
        value=value,
        met=_numerator(card, tally) if share or value is not None else None,
        out_of=tally.out_of if share else None,
        no_evidence=tally.no_evidence,
        left_out=left_out,
        in_scope=tally.in_scope,
        trend=trend(history, better=card.better, percentage=share),
        also={one.label: _also(one, tally) for one in plan.also},
        members=members,
        reasons=reasons,
    )


def over_a_year(card: Card, tally: Tally) -> Also:
    """The same share of the twelve months that end with the period; `tally` adds its periods up."""
    return _share(Fraction(_numerator(card, tally)), Fraction(tally.out_of))


def not_due(card: Card, period: Period, contract: str, target: Target) -> Figure:
    """A measure whose own period does not end with the period asked for."""
    return Figure(card, period, contract, None, "not_due", target)


def members_of(reasons: Sequence[str], facts: Sequence[Fact]) -> Members:
    """The units of a figure by bucket, in the order of their references; `reasons` are the figure's."""
    ordered = sorted(facts, key=lambda fact: fact.reference)

    def named(bucket: Bucket) -> tuple[str, ...]:
        return tuple(fact.reference for fact in ordered if fact.group.bucket is bucket)

    left_out = tuple(
        (fact.reference, reasons[fact.group.reason])
        for fact in ordered
        if fact.group.bucket is Bucket.LEFT_OUT
    )
    return Members(named(Bucket.MET), named(Bucket.NOT_MET), named(Bucket.NO_EVIDENCE), left_out)


def _also(also: AlsoPlan, tally: Tally) -> Also:
    first = Fraction(tally.sums.get(f"also_{also.label}", 0))
    second = Fraction(tally.sums.get(f"also_{also.label}_of", 0))
    if also.kind == "total":
        return Also(printed(first, decimals=0), str(first))
    if also.kind == "mean":
        mean = first / second if second else None
        return Also(
            None if mean is None else printed(mean), None if mean is None else str(mean), out_of=int(second)
        )
    return _share(first, second)


def _share(part: Fraction, whole: Fraction) -> Also:
    share = 100 * part / whole if whole else None
    value, exact = (None, None) if share is None else (printed(share), str(share))
    return Also(value, exact, met=int(part), out_of=int(whole), unit="%")
