"""What a reader may see of a record: the one function that pages, JSON, export and history share.

A field whose confidentiality level the reader lacks is absent, not hidden (`Actor.may_read`).
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.kit.declaring.fields import Field, Link, Links
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.writing.states import parts_of


def readable(kind: type[Record], actor: Actor) -> dict[str, Field]:
    """The fields of a kind that this reader may see, without the link to the owner."""
    return {
        name: field
        for name, field in kind.asked_fields().items()
        if actor.may_read(_level(field)) and not (isinstance(field, Link) and field.owner)
    }


def _level(field: Field) -> Any:
    if field.level is None:
        raise RuntimeError(f"{field.name} has no confidentiality level; its kind's declaration gives one.")
    return field.level


def view_of(record: Record, actor: Actor) -> Mapping[str, Any]:
    """The values that this reader may see, by field."""
    return {name: getattr(record, name) for name in readable(type(record), actor)}


def shown(field: Field, value: Any) -> str:
    """A value in words. A linked record that the reader may not see has no words."""
    if isinstance(field, Link):
        return _called(field.to, value)
    if isinstance(field, Links):
        return ", ".join(name for name in (_called(field.to, one) for one in value or []) if name)
    return field.show(value)


def _called(kind: str, key: int | None) -> str:
    linked = linked_record(kind, key)
    return linked.called() if linked else ""


def linked_record(kind: str, key: int | None) -> Record | None:
    """The record that a link points to, as far as the reader may see it."""
    if key is None:
        return None
    model = KINDS[kind]
    return db.session.scalar(select(model).where(model.id == key))


def as_json(record: Record, actor: Actor) -> dict[str, Any]:
    """A record for programs: its public id, its revision and its readable fields; links as public ids."""
    values = view_of(record, actor)
    fields = readable(type(record), actor)
    document: dict[str, Any] = {
        "id": record.public_id,
        # Not "kind": many kinds have a field of that name.
        "type": record.kind_name(),
        "revision": record.revision,
    }
    for name, field in fields.items():
        document[name] = _json_value(field, values[name])
    document["recorded_at"] = record.recorded_at.isoformat()
    document["withdrawn_at"] = record.withdrawn_at.isoformat() if record.withdrawn_at else None
    part = record.declaration.part
    if part is not None and all(actor.may_read(_level(f)) for f in part.asked_fields().values()):
        document["scores"] = [
            {
                name: field.to_json(one[name])
                for name, field in part.asked_fields().items()
                if name != part.part_of
            }
            for one in parts_of(db.session(), record)
        ]
    return document


def _json_value(field: Field, value: Any) -> Any:
    if isinstance(field, Link):
        linked = linked_record(field.to, value)
        return linked.public_id if linked else None
    if isinstance(field, Links):
        return [found.public_id for one in value or [] if (found := linked_record(field.to, one))]
    return field.to_json(value)


def raw_of(record: Record) -> dict[str, Any]:
    """A record's values as a door would send them, links as public ids: what a correction starts from."""
    raw = {}
    for name, field in type(record).asked_fields().items():
        if not (isinstance(field, Link) and field.owner):
            raw[name] = _json_value(field, getattr(record, name))
    return raw
