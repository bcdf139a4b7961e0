"""What every field shares: its question, its confidentiality, and the crossings at every door."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from marshmallow import fields as ma

from outcomes.core.actor import Level
from outcomes.kit.words import label_of


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

    def json_schema(self) -> dict[str, Any]:
        """What a program may send for it, as JSON Schema; what is not required may be null."""
        schema = {**self._sent(), "description": f"{self.question} {self.hint}".strip()}
        return schema if self.required else or_null(schema)

    def answered_schema(self) -> dict[str, Any]:
        """What a program is answered for it: the one canonical form of what may be sent."""
        schema = {**self._answered(), "description": self.question}
        return schema if self.required else or_null(schema)

    def _sent(self) -> dict[str, Any]:
        raise NotImplementedError

    def _answered(self) -> dict[str, Any]:
        return self._sent()

    def example(self) -> Any:
        """A value that a program could send, for the documentation."""
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


def or_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same JSON Schema, with null allowed."""
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    made = {**schema, "type": [*kinds, "null"]}
    return made | {"enum": [*schema["enum"], None]} if "enum" in schema else made
