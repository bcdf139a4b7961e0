"""The closed list of phrases: the right side of a condition in a card, as frozen values.

Which phrases there are, how they are written and how they read aloud live here. What a phrase
means in SQL is `sql/conditions.py`; whether it fits the field on its left is `planning/naming.py`.
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

_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,3})?\Z", re.ASCII)
_NAME = re.compile(r"\$?[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?\Z", re.ASCII)
_LENGTH = re.compile(r"(\d{1,4}) (day|month|hour)s?\Z", re.ASCII)
_SHIFTED = re.compile(r"(?P<base>\S+) minus (?P<length>\d{1,4} (?:days?|months?))\Z", re.ASCII)
_RANGE = re.compile(r"(\d{1,3}) to (\d{1,3})\Z", re.ASCII)

EXPECTED = (
    "a phrase of the closed list, such as: in the period, open: during the period, on or before period_end, "
    "at least 2, less than name, 10 to 17, yes, no, blank, filled in, a code, a list of codes, $setting"
)


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
    """The record lasts over the period, or stands open on one of its ends (decision 16)."""

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

_FIXED: dict[str, Phrase] = {
    "in the period": InPeriod(),
    "in the period before": InPeriod("before"),
    "before the period": BeforePeriod(),
    "by the period end": ByPeriodEnd(),
    "blank": Blank(),
    "filled in": FilledIn(),
}
_OPEN: dict[str, Open] = {
    "during the period": Open("during the period"),
    "on the period end": Open("on the period end"),
    "on the period start": Open("on the period start"),
}


def parse(raw: Any) -> Phrase:
    """The phrase that a card's right side names. Raises NotAPhrase with what was expected."""
    if isinstance(raw, bool):
        return YesNo(raw)
    if isinstance(raw, list):
        return OneOf(tuple(_word(one) for one in raw)) if raw else _refuse(raw)
    if not isinstance(raw, str):
        return _refuse(raw)
    text = " ".join(raw.split())
    for parser in (_FIXED.get, _compared, _dated, _within, _between, _setting):
        phrase = parser(text)
        if phrase is not None:
            return phrase
    return OneOf((_word(text),))


def parse_open(raw: Any) -> Open:
    """What `open:` says. Raises NotAPhrase."""
    if isinstance(raw, str) and raw in _OPEN:
        return _OPEN[raw]
    raise NotAPhrase(f"one of: {', '.join(_OPEN)}")


def parse_length(raw: Any) -> Length:
    """A length such as `28 days` or `6 months`. Raises NotAPhrase."""
    found = _LENGTH.match(raw) if isinstance(raw, str) else None
    if not found:
        raise NotAPhrase("a length such as 28 days, 6 months or 72 hours")
    return Length(int(found[1]), found[2])  # type: ignore[arg-type]


def number(text: str) -> Fraction | None:
    """A plain number with at most three decimals, exactly; None where the text is not one."""
    return Fraction(text) if _NUMBER.match(text) else None


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


def name(text: Any) -> Name:
    """A name. Raises NotAPhrase."""
    if not isinstance(text, str) or not _NAME.match(text):
        raise NotAPhrase("a name in small letters, digits and underscores, such as started_on or path.last")
    return Name(text)


def point(text: str) -> Point:
    """A date to compare with. Raises NotAPhrase."""
    shifted = _SHIFTED.match(text)
    if shifted:
        return Point(name(shifted["base"]), parse_length(shifted["length"]))
    return Point(name(text))


def _compared(text: str) -> Phrase | None:
    for operator in OPERATORS:
        if text.startswith(f"{operator} "):
            operand = text.removeprefix(f"{operator} ")
            exact = number(operand)
            return Compared(operator, name(operand) if exact is None else exact)
    return None


def _dated(text: str) -> Phrase | None:
    for order in ORDERS:
        if text.startswith(f"{order} "):
            return Dated(order, point(text.removeprefix(f"{order} ")))
    return None


def _within(text: str) -> Phrase | None:
    if not text.startswith("within "):
        return None
    length, _, other = text.removeprefix("within ").partition(" of ")
    allowed = parse_length(length)
    if allowed.unit == "month":
        raise NotAPhrase("hours or days, such as within 72 hours of ended_at")
    return Within(allowed, point(other))


def _between(text: str) -> Phrase | None:
    found = _RANGE.match(text)
    if not found:
        return None
    low, high = int(found[1]), int(found[2])
    if low > high:
        raise NotAPhrase(f"the smaller number first: {high} to {low}")
    return Between(low, high)


def _setting(text: str) -> Phrase | None:
    return SettingIs(name(text)) if text.startswith("$") else None


def _word(raw: Any) -> str:
    if isinstance(raw, str) and re.match(r"[a-z0-9][a-z0-9_]*\Z", raw, re.ASCII):
        return raw
    return _refuse(raw)


def _refuse(raw: Any) -> Any:
    raise NotAPhrase(EXPECTED)
