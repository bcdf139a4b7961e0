"""Column factories: what a kind's declaration is written with.

Each returns a `mapped_column` that carries its question, hint, bounds and confidentiality. Only a
column made here is ever asked, shown, imported or exported; a plain `mapped_column` is internal.
Whether it is required follows from its annotation (`Mapped[date]` against `Mapped[date | None]`).
"""

from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import MappedColumn, mapped_column

from outcomes.core.actor import Level
from outcomes.core.database import Decimals, Moment
from outcomes.kit.declaring import fields

KEY = "outcomes_field"
"""Where a column keeps its Field."""


def _column(field: fields.Field, *args: Any, **kwargs: Any) -> MappedColumn[Any]:
    return mapped_column(*args, info={KEY: field}, **kwargs)


def line(question: str, *, hint: str = "", conf: Level | None = None, most: int = fields.LINE_MOST) -> Any:
    """One line of text."""
    return _column(fields.Text(question=question, hint=hint, level=conf, most=most), String(most))


def words(question: str, *, hint: str = "", conf: Level | None = None, most: int = fields.WORDS_MOST) -> Any:
    """A box of several lines."""
    return _column(fields.Text(question=question, hint=hint, level=conf, most=most, lines=True), Text)


def choice(question: str, codes: str, *, hint: str = "", conf: Level | None = None) -> Any:
    """One code of the list named `codes`."""
    return _column(fields.Choice(question=question, hint=hint, level=conf, codes=codes), String(60))


def many(question: str, codes: str, *, hint: str = "", conf: Level | None = None, typed: bool = False) -> Any:
    """Several codes of the list named `codes`; `typed` where people type them, one on a line."""
    return _column(
        fields.Many(question=question, hint=hint, level=conf, codes=codes, typed=typed), _json_column()
    )


def day(question: str, *, hint: str = "", conf: Level | None = None, future: bool = False) -> Any:
    """A calendar day in London."""
    return _column(fields.Day(question=question, hint=hint, level=conf, future=future), Date)


def moment(question: str, *, hint: str = "", conf: Level | None = None, future: bool = False) -> Any:
    """A date and time, kept as an instant."""
    return _column(fields.Instant(question=question, hint=hint, level=conf, future=future), Moment)


def whole(
    question: str, *, hint: str = "", conf: Level | None = None, least: int = 0, most: int = 1_000_000
) -> Any:
    """A whole number from `least` to `most`."""
    return _column(fields.Whole(question=question, hint=hint, level=conf, least=least, most=most), Integer)


def decimal(
    question: str, *, hint: str = "", conf: Level | None = None, least: int = 0, most: int = 1_000_000
) -> Any:
    """A number with up to three decimals from `least` to `most`."""
    field = fields.Number(question=question, hint=hint, level=conf, least=Decimal(least), most=Decimal(most))
    return _column(field, Decimals)


def yes_no(question: str, *, hint: str = "", conf: Level | None = None) -> Any:
    """Yes, no or (where not required) not known."""
    return _column(fields.YesNo(question=question, hint=hint, level=conf), Boolean)


def link(question: str, to: str, *, hint: str = "", conf: Level | None = None, owner: bool = False) -> Any:
    """Another record of the kind named `to`. Records are never deleted, so nothing cascades."""
    field = fields.Link(question=question, hint=hint, level=conf, to=to, owner=owner)
    return _column(field, ForeignKey(f"{to}.id", ondelete="RESTRICT"), index=True)


def links(question: str, to: str, *, hint: str = "", conf: Level | None = None) -> Any:
    """Several records of the kind named `to`."""
    return _column(fields.Links(question=question, hint=hint, level=conf, to=to), _json_column())


def pairs(question: str, *, hint: str = "", conf: Level | None = None) -> Any:
    """Words by code, such as an area and its tag."""
    return _column(fields.Pairs(question=question, hint=hint, level=conf), _json_column())


def _json_column() -> JSON:
    # None is SQL's NULL, so that "blank" means the same for every kind of column.
    return JSON(none_as_null=True)
