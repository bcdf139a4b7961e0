"""Rows of a table as lines of text that are the same for every database, and back.

A line is a JSON array with a value for each column. Each column has one of seven sorts, which say how
its values are written; the sorts stand in the archive, so that it can be read when our own tables
have changed.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, Integer, MetaData, String, Table, Text, select
from sqlalchemy.types import TypeEngine

from outcomes.core.database import Decimals, Moment

BATCH = 1_000
"""Rows in memory at a time."""

SORTS: Mapping[str, TypeEngine[Any]] = {
    "moment": Moment(),
    "decimal": Decimals(),
    "day": Date(),
    "json": JSON(none_as_null=True),
    "boolean": Boolean(),
    "whole": Integer(),
    "words": Text(),
}

_SORT_OF: tuple[tuple[type[Any], str], ...] = (
    (Moment, "moment"),
    (Decimals, "decimal"),
    (Date, "day"),
    (JSON, "json"),
    (Boolean, "boolean"),
    (Integer, "whole"),
    (String, "words"),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A table's name, its columns with their sorts, and the columns that its rows are ordered by."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]

    @property
    def table(self) -> Table:
        """The table as it can be read and written, in whatever database it stands."""
        made = (Column(name, SORTS[sort], primary_key=name in self.key) for name, sort in self.columns)
        return Table(self.name, MetaData(), *made)


def shape_of(table: Table) -> Shape:
    """The shape of one of our tables."""
    columns = tuple((column.name, _sort_of(column)) for column in table.columns)
    return Shape(table.name, columns, tuple(column.name for column in table.primary_key))


def _sort_of(column: Column[Any]) -> str:
    for kind, sort in _SORT_OF:
        if isinstance(column.type, kind):
            return sort
    raise AssertionError(f"Unhandled type of a column: {column.table.name}.{column.name} is {column.type!r}")


def lines(connection: Connection, shape: Shape) -> Iterator[bytes]:
    """Every row as a line, in the order of the key."""
    table = shape.table
    wanted = select(table).order_by(*(table.c[name] for name in shape.key))
    found = connection.execute(wanted.execution_options(yield_per=BATCH))
    sorts = [sort for _, sort in shape.columns]
    for row in found:
        values = [_written(value, sort) for value, sort in zip(row, sorts, strict=True)]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def values_in(line: bytes, shape: Shape) -> dict[str, Any]:
    """The values of a line by column, as the database takes them. Raises ValueError where it fits no row."""
    values = json.loads(line)
    if not isinstance(values, list) or len(values) != len(shape.columns):
        raise ValueError(f"a line of {shape.name} does not fit its columns")
    return {name: _read(value, sort) for value, (name, sort) in zip(values, shape.columns, strict=True)}


class Count:
    """What has gone by: how many rows and bytes, and their SHA-256."""

    def __init__(self) -> None:
        self.rows = self.size = 0
        self._hash = hashlib.sha256()

    def add(self, line: bytes) -> None:
        self.rows += 1
        self.size += len(line)
        self._hash.update(line)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def _written(value: Any, sort: str) -> Any:
    if value is None or sort in ("json", "boolean", "whole", "words"):
        return value
    if sort == "moment":
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if sort == "day" else f"{value:f}"


def _read(value: Any, sort: str) -> Any:
    if value is None or sort in ("json", "boolean", "whole", "words"):
        return value
    if sort == "moment":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if sort == "day" else Decimal(value)
