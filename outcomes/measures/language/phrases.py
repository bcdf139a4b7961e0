"""The closed list of phrases: the right side of a condition in a card, as frozen values.

Which phrases there are and how they read aloud live here. How they are written in a card is `phrase_reader.py`;
what a phrase means in SQL is `sql/conditions.py`; whether it fits the field on its left is `planning/naming.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

Operator = Literal["at least", "at most", "more than", "less than"]
Order = Literal["on or before", "before", "on or after", "after"]

OPERATORS: tuple[Operator, ...] = ("at least", "at most", "more than", "less than")
ORDERS: tuple[Order, ...] = ("on or before", "on or after", "before", "after")


class NotAPhrase(ValueError):
    """The words are not on the closed list. The message says what was expected."""


@dataclass(frozen=True, slots=True)
class Length:
    """A stretch of days, months (calendar months, clamped: R15) or hours."""

    count: int
    unit: Literal["day", "month", "hour"]

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Name:
    """A field, a built-in value, a worked-out value (`path.last`) or a setting (`$tool`)."""

    text: str

    @property
    def is_setting(self) -> bool:
        return self.text.startswith("$")

    def __str__(self) -> str:
        return self.text.lstrip("$").replace("_", " ").replace(".", ": ")


@dataclass(frozen=True, slots=True)
class Point:
    """A date to compare with: a name, perhaps some days or months earlier."""

    name: Name
    earlier: Length | None = None

    def __str__(self) -> str:
        words = POINT_WORDS.get(self.name.text, f"the {self.name}")
        return f"{self.earlier} before {words}" if self.earlier else words


POINT_WORDS = {
    "period_end": "the last day of the period",
    "period_start": "the first day of the period",
    "count_date": "the day of counting",
    "today": "today",
}


@dataclass(frozen=True, slots=True)
class InPeriod:
    """The date falls in the period, or in the one of equal length before it. Both ends included."""

    which: Literal["this", "before"] = "this"

    def __str__(self) -> str:
        return "in the period" if self.which == "this" else "in the period before"


@dataclass(frozen=True, slots=True)
class BeforePeriod:
    def __str__(self) -> str:
        return "before the period"


@dataclass(frozen=True, slots=True)
class ByPeriodEnd:
    def __str__(self) -> str:
        return "by the period end"


@dataclass(frozen=True, slots=True)
class Open:
    """The record lasts over the period, or stands open on one of its ends (D16)."""

    when: Literal["during the period", "on the period end", "on the period start"]

    def __str__(self) -> str:
        return f"open {self.when}"


@dataclass(frozen=True, slots=True)
class Dated:
    order: Order
    point: Point

    def __str__(self) -> str:
        return f"{self.order} {self.point}"


@dataclass(frozen=True, slots=True)
class Within:
    """This time minus the other is at most that long; exactly that long is in time (R15)."""

    length: Length
    point: Point

    def __str__(self) -> str:
        return f"within {self.length} of {self.point}"


@dataclass(frozen=True, slots=True)
class Compared:
    """Strictness exactly as worded. The operand is a number or a name."""

    operator: Operator
    operand: Fraction | Name

    def __str__(self) -> str:
        operand = number_words(self.operand) if isinstance(self.operand, Fraction) else f"the {self.operand}"
        return f"{self.operator} {operand}"


@dataclass(frozen=True, slots=True)
class Between:
    """Both ends included."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"from {self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class YesNo:
    yes: bool

    def __str__(self) -> str:
        return "yes" if self.yes else "no"


@dataclass(frozen=True, slots=True)
class OneOf:
    words: tuple[str, ...]

    def __str__(self) -> str:
        return " or ".join(word.replace("_", " ") for word in self.words)


@dataclass(frozen=True, slots=True)
class SettingIs:
    """Equals the setting's word; a setting of `any` lets everything through."""

    name: Name

    def __str__(self) -> str:
        return f"the setting “{self.name}”"


@dataclass(frozen=True, slots=True)
class Blank:
    def __str__(self) -> str:
        return "blank"


@dataclass(frozen=True, slots=True)
class FilledIn:
    def __str__(self) -> str:
        return "filled in"


Phrase = (
    InPeriod
    | BeforePeriod
    | ByPeriodEnd
    | Open
    | Dated
    | Within
    | Compared
    | Between
    | YesNo
    | OneOf
    | SettingIs
    | Blank
    | FilledIn
)


def number_words(value: Fraction) -> str:
    """A number as people write it."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


_SETTING = re.compile(r"\$([a-z][a-z0-9_]*)", re.ASCII)


def settings_in(text: str) -> list[Name]:
    """The settings that a reason names (`fewer than $present_days days`)."""
    return [Name(f"${found}") for found in _SETTING.findall(text)]


def with_settings(text: str, values: Mapping[str, Any]) -> str:
    """The reason with the settings' values in place of their names."""

    def value(found: re.Match[str]) -> str:
        chosen = values[found[1]]
        return number_words(chosen) if isinstance(chosen, Fraction) else str(chosen)

    return _SETTING.sub(value, text)
