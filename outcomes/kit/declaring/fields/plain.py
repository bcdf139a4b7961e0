"""Fields of words, days, times and numbers."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import fields as ma
from marshmallow import validate

from outcomes.core import clock
from outcomes.kit.declaring import checks
from outcomes.kit.declaring.fields.base import Field
from outcomes.kit.words import say_day, say_moment

WORDS_MOST = 10_000
LINE_MOST = 200

_MIDNIGHT = re.compile(r"[T ]00:00(:00)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Field):
    """Words. `lines` is true for a box of several lines."""

    most: int = LINE_MOST
    lines: bool = False

    def schema_field(self) -> ma.Field:
        return checks.CleanText(
            most=self.most,
            label=self.label,
            several_lines=self.lines,
            **self._common("enter some words" if self.lines else "enter an answer"),
        )

    def _sent(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1 if self.required else 0, "maxLength": self.most}

    def example(self) -> Any:
        return "Some words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Field):
    """A calendar day. `future` says whether a day to come makes sense."""

    future: bool = False
    drawn: ClassVar[str] = "day"
    in_a_cell: ClassVar[str] = "2026-03-27 or 27/03/2026"

    def schema_field(self) -> ma.Field:
        return checks.CalendarDay(
            future=self.future,
            label=self.label,
            **self._common("enter a real date, for example 27 3 2026"),
        )

    def _sent(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def example(self) -> Any:
        return "2026-03-27"

    def from_cell(self, text: str) -> Any:
        # A spreadsheet's day is the midnight that begins it.
        return checks.iso_from_british(_MIDNIGHT.sub("", text.strip())) or None

    def to_json(self, value: date | None) -> Any:
        return value and value.isoformat()

    def to_cell(self, value: Any) -> str:
        return value.isoformat() if value else ""

    def show(self, value: Any) -> str:
        return say_day(value) if value else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant(Field):
    """A date and time. Without an offset it is the wall clock in London."""

    future: bool = False
    drawn: ClassVar[str] = "moment"
    in_a_cell: ClassVar[str] = "2026-03-27T22:15 or 27/03/2026 22:15"

    def schema_field(self) -> ma.Field:
        return checks.WallClock(
            future=self.future,
            label=self.label,
            **self._common("enter a real date and time, for example 2026-03-27T22:15"),
        )

    def _sent(self) -> dict[str, Any]:
        return {"type": "string", "pattern": checks.MOMENT_PATTERN}

    def _answered(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}

    def example(self) -> Any:
        return "2026-03-27T22:15+00:00"

    def from_cell(self, text: str) -> Any:
        return checks.iso_from_british(text.strip()) or None

    def to_json(self, value: datetime | None) -> Any:
        return value and value.astimezone(clock.LONDON).isoformat()

    def to_cell(self, value: Any) -> str:
        return str(self.to_json(value) or "")

    def show(self, value: Any) -> str:
        return say_moment(value) if value else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Field):
    """A whole number between two bounds, both included."""

    least: int = 0
    most: int = 1_000_000
    drawn: ClassVar[str] = "whole"

    def schema_field(self) -> ma.Field:
        expected = f"enter a whole number from {self.least:,} to {self.most:,}"
        return checks.WholeNumber(
            validate=validate.Range(self.least, self.most, error=f"{self.label}: {expected}."),
            **self._common(expected),
        )

    def _sent(self) -> dict[str, Any]:
        # Forms and files send digits as text, and the one validator takes them.
        return self._answered() | {"type": ["integer", "string"], "pattern": "^-?[0-9]{1,18}$"}

    def _answered(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def example(self) -> Any:
        return self.least


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Field):
    """A number with up to three decimals between two bounds, both included."""

    least: Decimal = Decimal(0)
    most: Decimal = Decimal(1_000_000)
    drawn: ClassVar[str] = "decimal"

    def schema_field(self) -> ma.Field:
        expected = f"enter a number from {self.least:,} to {self.most:,}, with at most three decimals"
        return checks.PlainDecimal(
            validate=validate.Range(self.least, self.most, error=f"{self.label}: {expected}."),
            **self._common(expected),
        )

    def _sent(self) -> dict[str, Any]:
        digits = {"type": ["number", "string"], "pattern": "^-?[0-9]{1,12}(\\.[0-9]{1,15})?$"}
        return self._answered() | digits

    def _answered(self) -> dict[str, Any]:
        return {"type": "number", "minimum": int(self.least), "maximum": int(self.most)}

    def example(self) -> Any:
        return int(self.least)

    def to_json(self, value: Decimal | None) -> Any:
        if value is None:
            return None
        return int(value) if value == value.to_integral_value() else float(value)

    def to_cell(self, value: Any) -> str:
        return "" if value is None else f"{value:f}"

    def show(self, value: Any) -> str:
        return self.to_cell(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo(Field):
    """Yes or no; a blank means not known, and never counts in the provider's favour (R21)."""

    drawn: ClassVar[str] = "yes_no"

    def schema_field(self) -> ma.Field:
        return checks.StrictBoolean(**self._common("select yes or no"))

    def _sent(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def example(self) -> Any:
        return True

    def from_form(self, raw: Any) -> Any:
        return {"yes": True, "no": False, "": None}.get(raw, raw) if isinstance(raw, str) else raw

    def from_cell(self, text: str) -> Any:
        return self.from_form(text.strip().lower())

    def to_cell(self, value: Any) -> str:
        return "" if value is None else "yes" if value else "no"

    def show(self, value: Any) -> str:
        return self.to_cell(value).capitalize()
