"""The kinds of field that a record can have. One class each, so that nothing else branches on it.

A field knows its question, its bounds and its confidentiality, and five crossings:
the schema (`schema_field`), a typed form (`from_form`), a cell of a bundle (`from_cell`, `to_cell`),
and what people read (`show`). A value crosses every door in one canonical shape: JSON's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self

from marshmallow import fields as ma
from marshmallow import validate

from outcomes.core import clock
from outcomes.core.actor import Level
from outcomes.kit import checks
from outcomes.kit.codes import CodeList, code_list
from outcomes.kit.words import label_of, say_day, say_list, say_moment

WORDS_MOST = 10_000
LINE_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What is asked about one column. `name` and `required` are set from the column itself."""

    question: str
    hint: str = ""
    level: Level | None = None
    name: str = ""
    required: bool = False
    drawn: ClassVar[str] = "text"
    in_a_cell: ClassVar[str] = ""
    """How a bundle writes it, where that differs from a form."""

    def named(self, name: str, *, required: bool, level: Level) -> Self:
        return replace(self, name=name, required=required, level=self.level or level)

    @property
    def label(self) -> str:
        return label_of(self.name)

    def schema_field(self) -> ma.Field:
        raise NotImplementedError

    def _common(self, expected: str) -> dict[str, Any]:
        """What every schema field shares. `expected` ends the sentence "Due on: …"."""
        message = f"{self.label}: {expected}."
        return {
            "required": self.required,
            "allow_none": not self.required,
            "metadata": {"description": self.question},
            "error_messages": {
                "required": message,
                "null": message,
                "invalid": message,
                "too_large": message,
            },
        }

    def from_form(self, raw: Any) -> Any:
        """What a form sent, as the schema takes it: a blank is None."""
        return None if raw in ("", None, []) else raw

    def from_cell(self, text: str) -> Any:
        """A cell of a bundle, as the schema takes it. What cannot be read is left for the schema to refuse."""
        return self.from_form(text.strip())

    def to_json(self, value: Any) -> Any:
        return value

    def to_cell(self, value: Any) -> str:
        return "" if value is None else str(value)

    def show(self, value: Any) -> str:
        return "" if value is None else str(value)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Field):
    """One code of a list."""

    codes: str
    drawn: ClassVar[str] = "choice"

    @property
    def code_list(self) -> CodeList:
        return code_list(self.codes)

    def schema_field(self) -> ma.Field:
        codes = self.code_list
        return checks.Code(
            codes=tuple(codes.labels),
            open_list=codes.open,
            **self._common(f"select one of {_some(list(codes.labels))}"),
        )

    def show(self, value: Any) -> str:
        return "" if value is None else self.code_list.label(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Many(Field):
    """Several codes of a list, kept as JSON in the order given.

    `typed`: people type them, one on a line, instead of ticking them: for an open list whose codes
    are mostly the sender's own (the areas of a licensed instrument).
    """

    codes: str
    typed: bool = False
    drawn: ClassVar[str] = "many"
    in_a_cell: ClassVar[str] = "codes with | between them"

    @property
    def code_list(self) -> CodeList:
        return code_list(self.codes)

    def schema_field(self) -> ma.Field:
        codes = self.code_list
        common = self._common(f"select from {_some(list(codes.labels))}")
        inner = checks.Code(
            codes=tuple(codes.labels), open_list=codes.open, error_messages=common["error_messages"]
        )
        return checks.DistinctList(
            inner, validate=validate.Length(max=100, error=f"{self.label}: at most 100 choices."), **common
        )

    def from_form(self, raw: Any) -> Any:
        chosen = raw.split("\n") if isinstance(raw, str) else raw
        chosen = [one.strip() if isinstance(one, str) else one for one in chosen or []]
        return [one for one in chosen if one != ""] or None

    def from_cell(self, text: str) -> Any:
        return [part.strip() for part in text.split("|")] if text.strip() else None

    def to_cell(self, value: Any) -> str:
        return "|".join(value or [])

    def show(self, value: Any) -> str:
        return say_list([self.code_list.label(code) for code in value or []])


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

    def from_cell(self, text: str) -> Any:
        return checks.iso_from_british(text.strip()) or None

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

    def from_form(self, raw: Any) -> Any:
        return {"yes": True, "no": False, "": None}.get(raw, raw) if isinstance(raw, str) else raw

    def from_cell(self, text: str) -> Any:
        return self.from_form(text.strip().lower())

    def to_cell(self, value: Any) -> str:
        return "" if value is None else "yes" if value else "no"

    def show(self, value: Any) -> str:
        return self.to_cell(value).capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Field):
    """Another record, named by its public id (pages, programs) or the sender's reference (bundles).

    `to` is the kind's name. `owner` marks the record that this one belongs to: pages take it
    from the address instead of asking.
    """

    to: str
    owner: bool = False
    drawn: ClassVar[str] = "link"

    def schema_field(self) -> ma.Field:
        return checks.Reference(**self._common(f"name an existing {label_of(self.to).lower()}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Links(Field):
    """Several other records of one kind, kept as a JSON list of their keys."""

    to: str
    drawn: ClassVar[str] = "links"
    in_a_cell: ClassVar[str] = "references with | between them"

    def schema_field(self) -> ma.Field:
        common = self._common(f"name existing records of the kind {label_of(self.to).lower()}")
        return checks.DistinctList(
            checks.Reference(error_messages=common["error_messages"]),
            validate=validate.Length(max=100, error=f"{self.label}: at most 100."),
            **common,
        )

    def from_form(self, raw: Any) -> Any:
        chosen = [raw] if isinstance(raw, str) else raw
        return [one for one in chosen or [] if one != ""] or None

    def from_cell(self, text: str) -> Any:
        return [part.strip() for part in text.split("|")] if text.strip() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs(Field):
    """Words by code, kept as a JSON object; in a cell `cooking=independence|cleaning=independence`."""

    most: int = 200
    in_a_cell: ClassVar[str] = "pairs such as cooking=independence with | between them"

    def schema_field(self) -> ma.Field:
        expected = "enter pairs such as cooking=independence, one on each line"
        return checks.CodePairs(most=self.most, **self._common(expected))

    def from_form(self, raw: Any) -> Any:
        if not isinstance(raw, str):
            return raw or None
        return self.from_cell(raw.replace("\r\n", "|").replace("\n", "|"))

    def from_cell(self, text: str) -> Any:
        parts = [part.strip() for part in text.split("|") if part.strip()]
        if not parts:
            return None
        if not all("=" in part for part in parts):
            return text
        return [[side.strip() for side in part.split("=", 1)] for part in parts]

    def to_cell(self, value: Mapping[str, str] | None) -> str:
        return "|".join(f"{code}={words}" for code, words in (value or {}).items())

    def show(self, value: Any) -> str:
        return say_list([f"{code}: {words}" for code, words in (value or {}).items()])


FAR_FUTURE = timedelta(days=366 * 20)


def _some(codes: list[str], most: int = 12) -> str:
    shown = ", ".join(codes[:most])
    return f"{shown} …" if len(codes) > most else shown
