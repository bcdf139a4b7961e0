"""Fields whose values are codes of a list (`kit/declaring/codes.py`), or words by code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields as ma
from marshmallow import validate

from outcomes.kit.declaring import checks
from outcomes.kit.declaring.codes import CodeList, code_list
from outcomes.kit.declaring.fields.base import Field
from outcomes.kit.words import say_list

MOST_CHOICES = 100


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

    def _sent(self) -> dict[str, Any]:
        return _code_schema(self.code_list)

    def example(self) -> Any:
        return next(iter(self.code_list.labels))

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
            inner,
            validate=validate.Length(
                max=MOST_CHOICES, error=f"{self.label}: at most {MOST_CHOICES} choices."
            ),
            **common,
        )

    def from_form(self, raw: Any) -> Any:
        chosen = raw.split("\n") if isinstance(raw, str) else raw
        chosen = [one.strip() if isinstance(one, str) else one for one in chosen or []]
        return [one for one in chosen if one != ""] or None

    def from_cell(self, text: str) -> Any:
        return [part.strip() for part in text.split("|")] if text.strip() else None

    def to_cell(self, value: Any) -> str:
        return "|".join(value or [])

    def _sent(self) -> dict[str, Any]:
        items = _code_schema(self.code_list)
        return {"type": "array", "items": items, "uniqueItems": True, "maxItems": MOST_CHOICES}

    def example(self) -> Any:
        return list(self.code_list.labels)[:2]

    def show(self, value: Any) -> str:
        return say_list([self.code_list.label(code) for code in value or []])


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

    def _sent(self) -> dict[str, Any]:
        pair = {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}
        return self._answered() | {"type": ["object", "array"], "items": pair, "maxItems": self.most}

    def _answered(self) -> dict[str, Any]:
        return {
            "type": "object",
            "propertyNames": {"pattern": "^[^=|]{1,500}$"},
            "additionalProperties": {"type": "string", "pattern": "^[^|]{1,500}$"},
            "maxProperties": self.most,
        }

    def example(self) -> Any:
        return {"cooking": "independence"}

    def show(self, value: Any) -> str:
        return say_list([f"{code}: {words}" for code, words in (value or {}).items()])


def _code_schema(codes: CodeList) -> dict[str, Any]:
    """A closed list says every code; an open one shows some, and how others are written."""
    if codes.open:
        return {"type": "string", "pattern": checks.CODE_PATTERN, "examples": list(codes.labels)[:12]}
    return {"type": "string", "enum": list(codes.labels)}


def _some(codes: list[str], most: int = 12) -> str:
    shown = ", ".join(codes[:most])
    return f"{shown} …" if len(codes) > most else shown
