"""Who of a figure's units this reader may know: looked up in the reader's own session.

A contract reaches over homes that a manager does not run. A unit is opened only where the reader
may see the child's stay at the very place that the unit was counted for: having known a child
once, in another home, is no way to what happened since.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.database import db
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.measures.figures.facts import Fact
from outcomes.measures.figures.figure import Figure, members_of
from outcomes.measures.planning.plan import Plan
from outcomes.measures.planning.units import ChildUnits

WITHHELD = "withheld"
"""Stands in a document for the reference of somebody whose record the reader may not see."""


@dataclass(frozen=True)
class Reach:
    """The children, and the records that are units themselves, which this reader may see, by key.

    `stays` are the stays that the reader may see, as (child, place).
    """

    children: dict[int, Person]
    stays: frozenset[tuple[int, int]]
    records: dict[int, Record] | None

    def child_of(self, fact: Fact) -> Person | None:
        """The child that the unit is, or is about; None where it is not the reader's to see."""
        if (fact.person_id, fact.group.place) not in self.stays:
            return None
        if self.records is not None and fact.unit_id not in self.records:
            return None
        return self.children.get(fact.person_id)

    def record_of(self, fact: Fact) -> Record | None:
        """The record that the unit is; None where the unit is a child."""
        return self.records.get(fact.unit_id) if self.records is not None else None


def reach_of(facts: Sequence[Fact], plan: Plan) -> Reach:
    """What the reader may see of these units."""
    people = {fact.person_id for fact in facts}
    children = db.session.scalars(select(Person).where(Person.standing(), Person.id.in_(people)))
    stays = db.session.scalars(select(Placement).where(Placement.standing(), Placement.person_id.in_(people)))
    return Reach(
        children={child.id: child for child in children},
        stays=frozenset((stay.person_id, _place_of(stay)) for stay in stays),
        records=_records(plan, {fact.unit_id for fact in facts}),
    )


def _place_of(stay: Placement) -> int:
    """The place as the engine writes it: the home's key, or the household's with a minus sign."""
    return stay.home_id if stay.home_id is not None else -(stay.carer_household_id or 0)


def _records(plan: Plan, keys: set[int]) -> dict[int, Record] | None:
    if isinstance(plan.source, ChildUnits):
        return None
    return reachable(plan.source.record.name, keys)


def reachable(kind: str, keys: Iterable[int]) -> dict[int, Record]:
    """The records with these keys that the reader may see, by key."""
    model = KINDS[kind]
    found = db.session.scalars(select(model).where(model.standing(), model.id.in_(set(keys))))
    return {record.id: record for record in found}


def without_others(figure: Figure, plan: Plan, reach: Reach) -> Figure:
    """The figure for a document: references only of units that the reader may see."""
    facts = [fact if reach.child_of(fact) else replace(fact, reference=WITHHELD) for fact in figure.facts]
    return replace(figure, members=members_of(figure.reasons, facts))
