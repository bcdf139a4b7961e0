"""What is asked: a card, for one contract and one period, of the rows of a world; and the units it counts."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from outcomes.core.periods import Period
from outcomes.measures.language import phrases as say
from outcomes.measures.language.card import Card
from tests.measures.reference.stays import Stay
from tests.measures.world import Row, World


@dataclass
class Question:
    card: Card
    world: World
    contract: str
    period: Period
    today: date
    settings: dict[str, Any]
    each_place: bool = False

    def __post_init__(self) -> None:
        self._contract_id = self.world.id_of("contract", self.contract)

    def under_contract(self, placement: Row) -> bool:
        return placement.get("contract_id") == self._contract_id

    def standing(self, kind: str) -> list[Row]:
        """What is recorded and not withdrawn."""
        return [row for row in self.world.rows[kind] if row.get("withdrawn_at") is None]

    def person(self, person_id: int) -> Row:
        return next(row for row in self.world.rows["person"] if row["id"] == person_id)

    def placements(self, person_id: int) -> list[Row]:
        return [row for row in self.standing("placement") if row["person_id"] == person_id]

    def setting(self, name: say.Name) -> Any:
        return self.settings[name.text.lstrip("$")]

    def or_setting(self, given: Any) -> Any:
        """What a card gives outright, or under the name of a setting."""
        return self.setting(given) if isinstance(given, say.Name) else given

    def days_of(self, which: str) -> Period:
        return self.period if which == "this" else self.period.earlier()


@dataclass
class Unit:
    """What is counted: the record it was found through and what is known about it."""

    question: Question
    name: str
    person: Row
    record: Row
    kind: str
    place: str
    count_date: date | None = None
    stay: Stay | None = None
    known: dict[str, Any] = field(default_factory=dict)


@dataclass
class About:
    """What a condition speaks of: the unit itself, or one record of its own."""

    unit: Unit
    kind: str = ""
    row: Row | None = None
