"""What an import has kept, looked up in the database."""

from sqlalchemy import func, select

from outcomes.core.database import db
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.writing.versions import RecordVersion


def by_reference(kind: type[Record], reference: str, sender: str = "main") -> Record:
    found = db.session.scalars(
        select(kind).where(kind.sender == sender, kind.sender_reference == reference)
    ).one()
    db.session.refresh(found)
    return found


def rows() -> int:
    """Every record in the database."""
    return sum(db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in KINDS)


def versions_of(record: Record) -> list[RecordVersion]:
    return list(
        db.session.scalars(
            select(RecordVersion)
            .where(RecordVersion.kind == record.kind_name(), RecordVersion.record_id == record.id)
            .order_by(RecordVersion.revision)
        )
    )
