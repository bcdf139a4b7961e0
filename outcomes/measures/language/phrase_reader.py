"""Reads a phrase from a card's right side: the one way from words to the frozen values of `phrases.py`."""

import re
from fractions import Fraction
from typing import Any

from outcomes.measures.language.phrases import (
    OPERATORS,
    ORDERS,
    BeforePeriod,
    Between,
    Blank,
    ByPeriodEnd,
    Compared,
    Dated,
    FilledIn,
    InPeriod,
    Length,
    Name,
    NotAPhrase,
    OneOf,
    Open,
    Phrase,
    Point,
    SettingIs,
    Within,
    YesNo,
)

_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,3})?\Z", re.ASCII)
_NAME = re.compile(r"\$?[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?\Z", re.ASCII)
_LENGTH = re.compile(r"(\d{1,4}) (day|month|hour)s?\Z", re.ASCII)
_SHIFTED = re.compile(r"(?P<base>\S+) minus (?P<length>\d{1,4} (?:days?|months?))\Z", re.ASCII)
_RANGE = re.compile(r"(\d{1,3}) to (\d{1,3})\Z", re.ASCII)

EXPECTED = (
    "a phrase of the closed list, such as: in the period, open: during the period, on or before period_end, "
    "at least 2, less than name, 10 to 17, yes, no, blank, filled in, a code, a list of codes, $setting"
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
