"""A card: one measure's definition, frozen. What it says, who is counted, when a unit has met it.

Reading one from YAML is `card_reader.py`; resolving its names is `planning/naming.py`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from outcomes.core.periods import Length as PeriodLength
from outcomes.measures.language.phrases import Length
from outcomes.measures.language.targets import NONE_STATED, Target
from outcomes.measures.language.workings import Also, Condition, Working

Shape = Literal["share", "count"]
Better = Literal["bigger", "smaller"]
SplitBy = Literal["place", "each place"]
Then = Literal["not met", "met", "left out"]

SettingValue = str | Fraction | Length


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a card: where, what was expected, what came."""

    file: str
    card: str
    key: str
    expected: str
    came: str

    def __str__(self) -> str:
        return f"{self.file}: {self.card}: {self.key}: expected {self.expected}; this was: {self.came}"


class CardFaults(ValueError):
    """Cards that cannot be read or planned, with every fault found."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class LeaveOut:
    when: Condition
    because: str


@dataclass(frozen=True, slots=True)
class NoEvidence:
    """When a unit has no evidence, unless something else is known; and how it then counts (R06, R21)."""

    when: Condition
    unless: Condition | None
    then: Then


@dataclass(frozen=True, slots=True)
class Setting:
    """A number, length or word that a contract may change, and why it is what it is."""

    value: SettingValue
    because: str


@dataclass(frozen=True)
class Card:
    """One measure. `says` is the seed's wording and is shown beside every figure.

    `per` is worked out for each goal of a unit, for what is counted over them (D23). `over_a_year`
    shows the same share of the twelve months up to the period's end beside it.
    """

    measure: str
    title: str
    says: str
    shape: Shape
    period: PeriodLength
    each: str
    found_through: str
    version: int = 1
    where: tuple[Condition, ...] = ()
    leave_out: tuple[LeaveOut, ...] = ()
    per: Mapping[str, Mapping[str, Working]] = field(default_factory=lambda: MappingProxyType({}))
    work_out: Mapping[str, Working] = field(default_factory=lambda: MappingProxyType({}))
    met_when: Condition | None = None
    no_evidence: NoEvidence | None = None
    target: Target = NONE_STATED
    better: Better = "bigger"
    also_show: tuple[Also, ...] = ()
    over_a_year: bool = False
    split_by: tuple[SplitBy, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=lambda: MappingProxyType({}))
    rules: tuple[str, ...] = ()
    notes: str = ""
    file: str = ""
    hash: str = ""

    @property
    def key(self) -> tuple[str, int, str]:
        """What a plan or a kept fact is stamped with: a changed card is another card."""
        return self.measure, self.version, self.hash


def hash_of(text: str) -> str:
    """The hash that a sent figure keeps beside the card's version."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def short(path: Path) -> str:
    """A card's file as people name it."""
    return "/".join(path.parts[-3:])
