"""Every state that every record had: the append-only table of versions.

A typed table holds what stands now; this one holds all, each with its author and the time, so that
an entry stays signed and dated by its author (Children's Homes Regulations 2015, reg. 36(1)(c)).
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import DDL, JSON, ForeignKey, Index, Integer, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from outcomes.core.database import Base, Moment
from outcomes.kit.declaring.record import Part, Record

RECORDED, CORRECTED, WITHDRAWN, PLACED = "recorded", "corrected", "withdrawn", "placed"


class RecordVersion(Base):
    """One state of one record. Never changed, never deleted.

    `content` holds the asked values as JSON (links as keys), the parts under "scores" and, for a
    withdrawn record, why. `person_id` and `placement_id` say whose history it is.
    """

    __tablename__ = "record_version"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[int] = mapped_column(Integer)
    revision: Mapped[int] = mapped_column(Integer)
    act: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    placement_id: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    author_name: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(String(500))
    declaration: Mapped[str] = mapped_column(String(16))

    __table_args__ = (
        UniqueConstraint("kind", "record_id", "revision"),
        Index(None, "person_id", "recorded_at"),
    )


APPEND_ONLY_DDL = {
    "sqlite": tuple(
        f"CREATE TRIGGER record_version_no_{verb.lower()} BEFORE {verb} ON record_version "
        "BEGIN SELECT RAISE(ABORT, 'versions of a record are never changed'); END"
        for verb in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION record_version_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RAISE EXCEPTION ''versions of a record are never changed''; END'",
        "CREATE TRIGGER record_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON record_version "
        "FOR EACH STATEMENT EXECUTE FUNCTION record_version_refuse()",
    ),
}
"""What `metadata.create_all` and the migration both add, by dialect."""

for _dialect, _statements in APPEND_ONLY_DDL.items():
    for _statement in _statements:
        event.listen(
            RecordVersion.__table__,
            "after_create",
            DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect),
        )


def content_of(
    values: Mapping[str, Any], parts: Iterable[Mapping[str, Any]], kind: type[Record]
) -> dict[str, Any]:
    """A record's values and parts as JSON, links as keys."""
    content = {name: field.to_json(values.get(name)) for name, field in kind.asked_fields().items()}
    part = kind.declaration.part
    if part is not None:
        content["scores"] = [_part_content(part, one) for one in parts]
    return content


def _part_content(part: type[Part], values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: field.to_json(values.get(name))
        for name, field in part.asked_fields().items()
        if name != part.part_of
    }


@cache
def declaration_mark(kind: type[Record]) -> str:
    """A short hash of a kind's declared fields: tells which declaration a version was written under."""
    fields = [repr(field) for field in kind.asked_fields().values()]
    if kind.declaration.part is not None:
        fields += [repr(field) for field in kind.declaration.part.asked_fields().values()]
    return hashlib.sha256("\n".join(fields).encode()).hexdigest()[:16]
