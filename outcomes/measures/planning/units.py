"""Which units a card counts, and through which record they are found (D17)."""

from dataclasses import dataclass

from outcomes.measures.language.card import Card
from outcomes.measures.planning.faults import Refusal
from outcomes.measures.registry import Record, Registry


@dataclass(frozen=True, slots=True)
class ChildUnits:
    """Children, found through their placements under the contract; several make one child."""

    record: Record


@dataclass(frozen=True, slots=True)
class EndingUnits:
    """Stays that have ended: a return within 28 days is no ending (R09, R31)."""

    record: Record


@dataclass(frozen=True, slots=True)
class RecordUnits:
    """One unit per record; each belongs to the placement of the day it is about."""

    record: Record


@dataclass(frozen=True, slots=True)
class OwnedUnits:
    """One unit per record of a child that follows the child (a goal), while placed in the period.

    It belongs to the stay by which the child is counted; what is recorded of it is narrowed to
    the time under the contract by the day on which it fell due.
    """

    record: Record


UnitSource = ChildUnits | EndingUnits | RecordUnits | OwnedUnits

OWNED = ("goal",)
"""Records that follow the child and are units of their own."""
RECORD_OF_UNIT = {"session": "keyworker_session"}
"""What people call a unit, where its record has another name."""


def record_named(registry: Registry, name: str) -> Record:
    """The record of that name. Raises Refusal."""
    if name not in registry:
        raise Refusal(f"one of the records {', '.join(sorted(registry.records))}", name)
    return registry[name]


def source_of(card: Card, registry: Registry) -> UnitSource:
    """Which units the card counts (D17). Raises Refusal."""
    each, through = card.each, card.found_through
    if each == "child":
        if through != "placement":
            raise Refusal("placement, because the unit is the child", through, "from")
        return ChildUnits(record_named(registry, "placement"))
    if each == "placement ending":
        return EndingUnits(record_named(registry, "placement"))
    record = record_named(registry, RECORD_OF_UNIT.get(each, each))
    if record.name in OWNED:
        return OwnedUnits(record)
    if record.follows != "placement":
        raise Refusal("child, placement ending, goal, or a record that belongs to a placement", each)
    return RecordUnits(record)
