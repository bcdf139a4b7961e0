"""What the sides of a condition stand for, once resolved: terms, and the checks that are made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from outcomes.measures.language.phrases import Length, Phrase
from outcomes.measures.registry import FieldType

PERIOD_POINTS = {"period_start": "first", "period_end": "last", "today": "today"}
CHILD_BUILT_INS: Mapping[str, FieldType] = {
    "count_date": FieldType.DATE,
    "stay_started_on": FieldType.DATE,
    "days_in_period": FieldType.NUMBER,
    "days_since_start": FieldType.NUMBER,
    "age": FieldType.NUMBER,
}
ENDING_BUILT_INS: Mapping[str, FieldType] = {
    "stay_started_on": FieldType.DATE,
    "stay_ended_on": FieldType.DATE,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the unit's record (`of_unit`) or of the related record being read, through links."""

    of_unit: bool
    path: tuple[str, ...]
    name: str
    type: FieldType


@dataclass(frozen=True, slots=True)
class BuiltIn:
    name: str
    type: FieldType


@dataclass(frozen=True, slots=True)
class Part:
    """A worked-out value (`part` empty), or one part of it. `each`: of which record, where it is of each."""

    working: str
    part: str
    type: FieldType
    each: str = ""


@dataclass(frozen=True, slots=True)
class PeriodDate:
    """A day of the period's own: its first or last, or today; perhaps some days or months earlier."""

    name: str
    earlier: Length | None = None
    type: FieldType = FieldType.DATE


@dataclass(frozen=True, slots=True)
class Shifted:
    """A date term, some days or months earlier."""

    term: "Term"
    earlier: Length
    type: FieldType = FieldType.DATE


@dataclass(frozen=True, slots=True)
class Chosen:
    """A setting's value, which a contract may have changed."""

    name: str
    type: FieldType


@dataclass(frozen=True, slots=True)
class Constant:
    value: Fraction
    type: FieldType = FieldType.NUMBER


Term = Column | BuiltIn | Part | PeriodDate | Shifted | Chosen | Constant


@dataclass(frozen=True, slots=True)
class Test:
    """One resolved condition. `right` is what the phrase compares with, where it names something."""

    left: Term
    phrase: Phrase
    right: Term | None = None


@dataclass(frozen=True, slots=True)
class OpenTest:
    opens: Term
    closes: Term
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple["Check", ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple["Check", ...]


Check = Test | OpenTest | Every | Either
