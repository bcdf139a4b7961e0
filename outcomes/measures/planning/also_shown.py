"""What a card shows beside its figure: totals, shares, means and counts of units."""

from functools import singledispatchmethod
from typing import Any

from outcomes.measures.language.card import Card
from outcomes.measures.language.phrases import Name
from outcomes.measures.language.workings import (
    Also,
    Divide,
    MeanOf,
    ShareOf,
    Sum,
    TotalOf,
    UnitsThat,
    Working,
)
from outcomes.measures.planning.checking import Checks
from outcomes.measures.planning.faults import Refusal
from outcomes.measures.planning.naming import Names
from outcomes.measures.planning.plan import AlsoPlan
from outcomes.measures.planning.terms import Column, Every, Part
from outcomes.measures.registry import FieldType, Registry

NOT_WHOLE = ("mean_change", "last", "highest")


class AlsoShown:
    """Plans what one card shows beside its figure. Each raises Refusal."""

    def __init__(self, card: Card, registry: Registry, names: Names, checks: Checks) -> None:
        self.card, self.registry, self.names, self.checks = card, registry, names, checks

    @singledispatchmethod
    def of(self, also: Also) -> AlsoPlan:
        raise AssertionError(f"Unhandled also_show: {also}")

    @of.register
    def _(self, also: TotalOf) -> AlsoPlan:
        return AlsoPlan(also.label, "total", self._whole(also.name), None)

    @of.register
    def _(self, also: ShareOf) -> AlsoPlan:
        return AlsoPlan(also.label, "share", self._whole(also.part), self._whole(also.whole))

    @of.register
    def _(self, also: MeanOf) -> AlsoPlan:
        return AlsoPlan(also.label, "mean", self._number(also.name), None)

    @of.register
    def _(self, also: UnitsThat) -> AlsoPlan:
        key = f"also_show.{also.label}"
        where = Every(tuple(self.checks.of(one, key) for one in also.where))
        return AlsoPlan(also.label, "units", where, Every(tuple(self.checks.of(one, key) for one in also.of)))

    def _number(self, name: Name) -> Any:
        term = self.names.left(name, None)
        if term.type is not FieldType.NUMBER:
            raise Refusal("a number", name.text)
        return term

    def _whole(self, name: Name) -> Any:
        """A whole number: only these are added up, so that a total is exact."""
        term = self._number(name)
        quotient = isinstance(term, Part) and not self._adds_up(self.card.work_out[term.working])
        if isinstance(term, Column) or quotient or (isinstance(term, Part) and term.part in NOT_WHOLE):
            raise Refusal("a count to add up (use mean for a number with decimals)", name.text)
        return term

    def _adds_up(self, working: Working) -> bool:
        if isinstance(working, Sum):
            found = self.registry.look_up(self.names.record(working.of.record), working.field)
            return found is not None and found[1].whole
        return not isinstance(working, Divide)
