"""How a record came to be as it is: its versions, newest first, and what each changed."""

from typing import Any

from sqlalchemy import select

from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.kit.declaring.fields import Field, Link, Links
from outcomes.kit.declaring.record import Record
from outcomes.kit.reading.view import readable, shown
from outcomes.kit.words import say_moment
from outcomes.kit.writing.versions import PLACED, RecordVersion

Change = tuple[str, str | None, str | None]
"""Question, before, after."""


def history_of(record: Record, actor: Actor) -> list[dict[str, Any]]:
    """Every version that people made, newest first: revision, when, who, why, changes."""
    versions = list(
        db.session.scalars(
            select(RecordVersion)
            .where(RecordVersion.kind == record.kind_name(), RecordVersion.record_id == record.id)
            .order_by(RecordVersion.revision)
        )
    )
    fields = readable(type(record), actor)
    told = []
    before: RecordVersion | None = None
    for version in versions:
        if version.act != PLACED:
            told.append(
                {
                    "revision": version.revision,
                    "when": say_moment(version.recorded_at),
                    "who": version.author_name,
                    "why": version.reason,
                    "changes": _changes(before, version, fields) if before else [],
                }
            )
        before = version
    return told[::-1]


def _changes(before: RecordVersion, after: RecordVersion, fields: dict[str, Field]) -> list[Change]:
    changes: list[Change] = []
    for name, field in fields.items():
        old, new = before.content.get(name), after.content.get(name)
        if old != new:
            changes.append((field.question, words_of(field, old) or None, words_of(field, new) or None))
    if before.content.get("scores") != after.content.get("scores"):
        changes.append(("Scores", _scores(before), _scores(after)))
    return changes


def words_of(field: Field, kept: Any) -> str:
    """A value as a version keeps it, in words."""
    if kept is None or isinstance(field, Link | Links):
        return shown(field, kept)
    schema_field = field.schema_field()
    return field.show(schema_field.deserialize(kept))


def _scores(version: RecordVersion) -> str | None:
    scores = version.content.get("scores") or []
    return (
        ", ".join(f"{one['area']} {one['score'] if one['score'] is not None else '–'}" for one in scores)
        or None
    )
