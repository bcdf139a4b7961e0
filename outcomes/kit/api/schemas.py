"""What the JSON of a kind looks like, for the description of the service: made from its fields."""

from typing import Any

from outcomes.core.actor import Level
from outcomes.kit.declaring.fields import Field, Link
from outcomes.kit.declaring.fields.base import or_null
from outcomes.kit.declaring.record import Record
from outcomes.kit.writing.schema import MOST_PARTS, PARTS
from outcomes.web.operations import Named, Schema
from outcomes.web.routes import PublicIdConverter

REASON = "correction_reason"
REASON_SCHEMA = {"type": "string", "maxLength": 500}

_INSTANT = {"type": "string", "format": "date-time"}


def body_of(kind: type[Record]) -> Named:
    """What is sent to create a record."""
    return Named(f"New{kind.__name__}", _object(_sent(kind), _required(kind)))


def correction_of(kind: type[Record]) -> Named:
    """What is sent to correct one: the whole of it again, and why."""
    reason = REASON_SCHEMA | {"description": "Why it is corrected. Kept in the history."}
    return Named(f"Corrected{kind.__name__}", _object(_sent(kind) | {REASON: reason}, _required(kind)))


def withdrawal() -> Named:
    """What is sent to withdraw a record."""
    reason = REASON_SCHEMA | {"minLength": 1, "description": "Why it was entered in error."}
    return Named("Withdrawal", _object({REASON: reason}, [REASON]))


def record_of(kind: type[Record]) -> Named:
    """A record as it is answered. Fields that the reader may not see are absent, so only open ones are sure."""
    fields = _own(kind)
    properties: dict[str, Any] = {
        "id": {"type": "string", "pattern": f"^{PublicIdConverter.regex}$"},
        "type": {"const": kind.kind_name()},
        "revision": {"type": "integer", "minimum": 1},
        **{name: field.answered_schema() for name, field in fields.items()},
        "recorded_at": _INSTANT,
        "withdrawn_at": or_null(_INSTANT),
    }
    if kind.declaration.part is not None:
        parts = {name: field.answered_schema() for name, field in _part_fields(kind).items()}
        properties[PARTS] = {"type": "array", "items": _object(parts, list(parts))}
    sure = [name for name, field in fields.items() if field.level is Level.OPEN]
    required = ["id", "type", "revision", *sure, "recorded_at", "withdrawn_at"]
    return Named(kind.__name__, _object(properties, required))


def example_of(kind: type[Record]) -> dict[str, Any]:
    """A body that could be sent. Its links name nothing."""
    made = {name: field.example() for name, field in _own(kind).items()}
    if kind.declaration.part is not None:
        made[PARTS] = [{name: field.example() for name, field in _part_fields(kind).items()}]
    return made


def _sent(kind: type[Record]) -> dict[str, Any]:
    properties: dict[str, Any] = {name: field.json_schema() for name, field in _own(kind).items()}
    if kind.declaration.part is not None:
        fields = _part_fields(kind)
        items = _object(
            {name: field.json_schema() for name, field in fields.items()},
            [name for name, field in fields.items() if field.required],
        )
        properties[PARTS] = {"type": "array", "items": items, "maxItems": MOST_PARTS}
    return properties


def _required(kind: type[Record]) -> list[str]:
    return [name for name, field in _own(kind).items() if field.required]


def _own(kind: type[Record]) -> dict[str, Field]:
    """The fields without the link to the owner, which the address names."""
    fields = kind.asked_fields().items()
    return {name: field for name, field in fields if not (isinstance(field, Link) and field.owner)}


def _part_fields(kind: type[Record]) -> dict[str, Field]:
    part = kind.declaration.part
    assert part is not None, "asked only of a kind with parts"
    return {name: field for name, field in part.asked_fields().items() if name != part.part_of}


def _object(properties: dict[str, Any], required: list[str]) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }
