"""Fields that name other records."""

from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import fields as ma
from marshmallow import validate

from outcomes.kit.declaring import checks
from outcomes.kit.declaring.fields.base import Field, or_null
from outcomes.kit.words import label_of

MOST_LINKS = 100
EXAMPLE_ID = "0aZ3kQ9bT7rWm2LxV5nYcd"
"""A public id of nothing, for the documentation."""

_REFERENCE = {"type": "string", "minLength": 1, "maxLength": 64}


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

    def _sent(self) -> dict[str, Any]:
        return dict(_REFERENCE)

    def answered_schema(self) -> dict[str, Any]:
        # Null also where a link is required: the record that it names may not be the reader's to see.
        answered = Field.answered_schema(self)
        return or_null(answered) if self.required else answered

    def example(self) -> Any:
        return EXAMPLE_ID


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
            validate=validate.Length(max=MOST_LINKS, error=f"{self.label}: at most {MOST_LINKS}."),
            **common,
        )

    def _sent(self) -> dict[str, Any]:
        return {"type": "array", "items": dict(_REFERENCE), "uniqueItems": True, "maxItems": MOST_LINKS}

    def example(self) -> Any:
        return [EXAMPLE_ID]

    def from_form(self, raw: Any) -> Any:
        chosen = [raw] if isinstance(raw, str) else raw
        return [one for one in chosen or [] if one != ""] or None

    def from_cell(self, text: str) -> Any:
        return [part.strip() for part in text.split("|")] if text.strip() else None
