"""Our own marshmallow fields: strict about what they take, clear about what they refuse.

Strictness lives here once: no control characters, no NaN, no number in a string, no date out of
a lifetime, no silent truncation. Python values (a date, a Decimal, a record) pass as they are,
so that code writes through the same schema as people do.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import ValidationError
from marshmallow import fields as ma

from outcomes.core import clock

EARLIEST = date(1900, 1, 1)
YEARS_AHEAD = 20

# Letters of every language are welcome; control characters, and halves of a surrogate pair, are not.
_UNWELCOME_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_UNWELCOME_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
CODE_PATTERN = "^[a-z0-9][a-z0-9_.:*-]{0,59}$"
"""How a code is written, as JSON Schema says it."""
_CODE = re.compile(CODE_PATTERN.removesuffix("$") + r"\Z", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_BRITISH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T](.*))?\Z", re.ASCII | re.DOTALL)
MOMENT_PATTERN = (
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?$"
)
"""How a date and time is written, as JSON Schema says it."""
_ISO_MOMENT = re.compile(MOMENT_PATTERN.removesuffix("$") + r"\Z", re.ASCII)


def iso_from_british(text: str) -> str:
    """`31/07/2025 22:15` as `2025-07-31T22:15`; anything else as it is, for the schema to judge."""
    found = _BRITISH_DAY.match(text)
    if not found:
        return text
    day, month, year, time = found.groups()
    iso = f"{year}-{int(month):02d}-{int(day):02d}"
    return f"{iso}T{time.strip()}" if time else iso


class CleanText(ma.Field[str | None]):
    """Words without control characters, trimmed; blank is None."""

    def __init__(self, *, most: int, label: str, several_lines: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.label, self.several_lines = most, label, several_lines
        self.metadata = {"type": "string", "maxLength": most, **self.metadata}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
        unwelcome = _UNWELCOME_LINES if self.several_lines else _UNWELCOME_LINE
        if unwelcome.search(text):
            raise ValidationError(
                "Contains a line break."
                if "\n" in text and not _UNWELCOME_LINES.search(text)
                else "Contains a character that cannot be kept (a control character). Remove it or type it again."
            )
        if len(text) > self.most:
            raise ValidationError(f"{self.label}: enter at most {self.most:,} characters.")
        if not text and self.required:
            raise self.make_error("required")
        return text or None


class Code(ma.String):
    """A code of a list. An open list takes other well-formed codes too."""

    def __init__(self, *, codes: tuple[str, ...], open_list: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.codes = frozenset(codes)
        self.open_list = open_list
        self.metadata = {"enum": None if open_list else list(codes), **self.metadata}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not (value in self.codes or (self.open_list and _CODE.match(value))):
            raise self.make_error("invalid")
        return value


class DistinctList(ma.List):
    """A list in which nothing stands twice."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list | tuple):
            raise self.make_error("invalid")
        if len(value) > 1000:
            raise ValidationError("Holds more than 1,000 entries.")
        items = super()._deserialize(list(value), attr, data, **kwargs)
        if len({str(item) for item in items}) != len(items):
            raise ValidationError("Names the same thing twice; name each once.")
        return items


class CalendarDay(ma.Field[date]):
    """An ISO date within a lifetime; not in the future unless that makes sense."""

    def __init__(self, *, future: bool, label: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.future, self.label = future, label
        self.metadata = {"format": "date", **self.metadata}

    def _serialize(self, value: date | None, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return value.isoformat() if value else None

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:
        day = value if type(value) is date else self._parse(value)
        check_reach(day, future=self.future, label=self.label)
        return day

    def _parse(self, value: Any) -> date:
        if not isinstance(value, str) or not _ISO_DAY.match(value):
            raise self.make_error("invalid")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self.make_error("invalid") from None


class WallClock(ma.Field[datetime]):
    """A date and time; London's wall clock unless an offset is given. Becomes an instant."""

    def __init__(self, *, future: bool, label: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.future, self.label = future, label
        self.metadata = {"format": "date-time", **self.metadata}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        moment = value if isinstance(value, datetime) else self._parse(value)
        try:
            if moment.tzinfo is None:
                moment, _ambiguous = clock.from_london(moment)
            moment = moment.astimezone(clock.UTC)
            check_reach(clock.london_date(moment), future=True, label=self.label)
        except clock.NoSuchLocalTime as problem:
            raise ValidationError(f"{self.label}: {problem} Enter the time that the clock showed.") from None
        except OverflowError:
            raise self.make_error("invalid") from None
        if not self.future and moment > clock.now() + timedelta(minutes=1):
            raise ValidationError(f"{self.label}: must not be in the future.")
        return moment

    def _parse(self, value: Any) -> datetime:
        if not isinstance(value, str) or not _ISO_MOMENT.match(value):
            raise self.make_error("invalid")
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise self.make_error("invalid") from None


def check_reach(day: date, *, future: bool, label: str) -> None:
    """Refuse a day before 1900, far ahead, or to come where that makes no sense."""
    today = clock.today()
    if day < EARLIEST:
        raise ValidationError(f"{label}: must be on or after 1 January 1900.")
    if not future and day > today:
        raise ValidationError(f"{label}: must be today or earlier.")
    if day.year > today.year + YEARS_AHEAD:
        raise ValidationError(f"{label}: must be within the next {YEARS_AHEAD} years.")


class WholeNumber(ma.Field[int]):
    """A whole number: an integer, or its decimal digits in a string."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.metadata = {"type": "integer", **self.metadata}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str):
            text = value.strip()
            if not re.fullmatch(r"-?\d{1,18}", text, re.ASCII):
                raise self.make_error("invalid")
            return int(text)
        if type(value) is not int:
            raise self.make_error("invalid")
        return value


class PlainDecimal(ma.Field[Decimal]):
    """A number with at most three decimals: no exponent, no NaN, no infinity."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.metadata = {"type": "number", **self.metadata}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise self.make_error("invalid")
        text = (
            value.strip()
            if isinstance(value, str)
            else f"{value:f}"
            if isinstance(value, Decimal)
            else repr(value)
        )
        if not re.fullmatch(r"-?\d{1,12}(\.\d{1,15})?", text, re.ASCII):
            raise self.make_error("invalid")
        try:
            number = Decimal(text)
            if number != number.quantize(Decimal("0.001")):
                raise self.make_error("invalid")
        except InvalidOperation:
            raise self.make_error("invalid") from None
        return number.normalize() + 0


class StrictBoolean(ma.Boolean):
    """true or false; never 1, "on" or "y"."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if value is True or value is False:
            return value
        raise self.make_error("invalid")


class Reference(ma.Field[Any]):
    """Another record: its public id, the sender's reference, or (from code) the record itself."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.metadata = {"type": "string", **self.metadata}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            # By its class: asking the record itself may read it from the database once more.
            if hasattr(type(value), "public_id"):
                return value
            raise self.make_error("invalid")
        text = value.strip()
        if not text or len(text) > 64 or _UNWELCOME_LINE.search(text):
            raise self.make_error("invalid")
        return text


class CodePairs(ma.Field[dict[str, str]]):
    """Words by code. Takes a mapping or a list of [code, words]; a code that stands twice is refused."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most
        self.metadata = {"type": "object", **self.metadata}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> dict[str, str]:
        pairs = list(value.items()) if isinstance(value, Mapping) else value
        if not isinstance(pairs, list) or len(pairs) > self.most:
            raise self.make_error("invalid")
        result: dict[str, str] = {}
        for pair in pairs:
            if not _is_pair(pair):
                raise self.make_error("invalid")
            code, words = (side.strip() for side in pair)
            if code in result:
                raise ValidationError(f"{code} stands twice; name each once.")
            result[code] = words
        return result


def _is_pair(pair: Any) -> bool:
    if (
        not isinstance(pair, list | tuple)
        or len(pair) != 2
        or not all(isinstance(side, str) for side in pair)
    ):
        return False
    # In a bundle `|` parts the pairs and the first `=` the sides: neither may be lost on the way.
    return "=" not in pair[0] and all(
        0 < len(side.strip()) <= 500 and "|" not in side and not _UNWELCOME_LINE.search(side) for side in pair
    )
