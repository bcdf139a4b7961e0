"""Conditions whose names are resolved: what a card says of a unit or a record, as checks."""

from typing import Any

from outcomes.measures.language.workings import AllOf, AnyOf, Condition, Is
from outcomes.measures.planning.faults import Faults
from outcomes.measures.planning.naming import Names
from outcomes.measures.planning.terms import (
    Check,
    Chosen,
    Column,
    Constant,
    Either,
    Every,
    OpenTest,
    PeriodDate,
    Test,
)
from outcomes.measures.registry import Record


class Checks:
    """Makes checks of the conditions of one card; what is wrong with one is noted, and the rest goes on."""

    def __init__(self, names: Names, faults: Faults) -> None:
        self.names, self.faults = names, faults

    def of(self, condition: Condition, key: str, record: Record | None = None) -> Check:
        if isinstance(condition, AllOf):
            return Every(tuple(self.of(part, key, record) for part in condition.parts))
        if isinstance(condition, AnyOf):
            return Either(tuple(self.of(part, key, record) for part in condition.parts))
        name = condition.left.text if isinstance(condition, Is) else "open"
        made = self.faults.tried(f"{key}: {name}", self._one, condition, record)
        return Every(()) if made is None else made

    def _one(self, condition: Any, record: Record | None) -> Check:
        if isinstance(condition, Is):
            left = self.names.left(condition.left, record)
            return Test(left, condition.phrase, self.names.right(condition.phrase, left, record))
        opens, closes = self.names.ends(record)
        return OpenTest(opens, closes, condition.phrase)


def on_record(check: Check) -> bool:
    """True for what can be decided on the unit's own record, before anything is worked out."""
    if isinstance(check, Every | Either):
        return all(on_record(part) for part in check.parts)
    if isinstance(check, OpenTest):
        return True
    terms = (check.left, check.right)
    return all(term is None or isinstance(term, Column | PeriodDate | Chosen | Constant) for term in terms)
