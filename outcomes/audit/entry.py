"""The two tables of the audit: the entries, and the head that says where the chain ends."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from outcomes.core.database import Base, Moment, PublicId

START = "0" * 64
"""What stands in for the hash before the first entry."""


class AuditEntry(Base):
    """One thing that was done, refused or looked at. Never changed and never deleted (`ddl.py`).

    `account_id` is null for the system and for names that nobody has. `record` and `person` are
    public identifiers: they outlive any renumbering and say nothing by themselves.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("outcome IN ('ok', 'refused', 'throttled')", name="outcome"),
        CheckConstraint("count >= 0", name="count"),
        Index("ix_audit_entry_person_at", "person", "at"),
        Index("ix_audit_entry_account_id_at", "account_id", "at"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    account_id: Mapped[int | None]
    role: Mapped[str]
    session: Mapped[str] = mapped_column(PublicId)
    action: Mapped[str]
    kind: Mapped[str]
    record: Mapped[str] = mapped_column(PublicId)
    revision: Mapped[int | None]
    person: Mapped[str] = mapped_column(PublicId)
    outcome: Mapped[str]
    reason: Mapped[str]
    route: Mapped[str]
    count: Mapped[int] = mapped_column(Integer)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The end of the chain: the last entry's number and hash. Exactly one row, and it only grows."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
