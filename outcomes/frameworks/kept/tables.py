"""The two tables of kept facts. Only the system's scope reads them."""

from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from outcomes.core.database import Base


class FactSet(Base):
    """The facts of one measure for one contract and period, and what they add up to.

    `made_of` is a digest of everything but the records: the card, the contract's settings, the
    program, and today where the card asks for it. `made_from` is the number of the last change that
    the facts have seen (`kit/writing/changes.py`). `tallies` are rows of place, bucket, reason, units, sums.
    """

    __tablename__ = "fact_set"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    measure: Mapped[str] = mapped_column(String(100))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id"))
    period: Mapped[str] = mapped_column(String(10))
    each_place: Mapped[bool] = mapped_column(Boolean)
    made_of: Mapped[str] = mapped_column(String(64))
    made_from: Mapped[int] = mapped_column(Integer)
    tallies: Mapped[list[Any]] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("contract_id", "measure", "period", "each_place"),)


class UnitFact(Base):
    """One unit of a set: where it stands, and what that rests on."""

    __tablename__ = "unit_fact"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("fact_set.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int] = mapped_column(Integer)
    reference: Mapped[str] = mapped_column(String(200))
    place: Mapped[int] = mapped_column(Integer)
    bucket: Mapped[int] = mapped_column(Integer)
    reason: Mapped[int] = mapped_column(Integer)
    sums: Mapped[dict[str, Any]] = mapped_column(JSON)
    worked: Mapped[list[Any]] = mapped_column(JSON)

    __table_args__ = (Index(None, "set_id", "person_id"),)
