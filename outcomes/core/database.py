"""The database base: one SQLAlchemy, the column types of our own, and how connections behave.

SQLite runs with WAL, synchronous=FULL and foreign keys on; a writing transaction begins with
BEGIN IMMEDIATE, so that no reader can turn into a writer half-way and be refused. PostgreSQL
runs READ COMMITTED. Parameters never reach an exception's text: they hold children's names.
"""

import secrets
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, MetaData, Numeric, String, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

WRITING = "outcomes_writing"
"""Execution option of a connection that is about to write."""

SYSTEM = "outcomes_system"
"""Execution option of a connection that belongs to the system, not to somebody's scope (`access/`)."""


class Base(DeclarativeBase):
    """The base of every table. Names of constraints are fixed, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, engine_options={"hide_parameters": True})


class Moment(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, timestamptz on PostgreSQL, UTC text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone; use outcomes.core.clock.")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


LARGEST_DECIMAL = 10**9 - 1
"""What `Decimals` holds either way. One more and PostgreSQL refuses the row, where SQLite would keep it."""


class Decimals(TypeDecorator[Decimal]):
    """A number with up to three decimals. SQLite keeps it as REAL, so compare after rounding."""

    impl = Numeric(12, 3)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return float(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(str(value)).quantize(Decimal("0.001")).normalize() + 0


PublicId = String(22)


def new_public_id() -> str:
    """A random identifier for addresses, of letters and digits: says nothing and cannot be guessed."""
    # Without - and _: at the front of a cell a spreadsheet takes a hyphen for a formula.
    return secrets.token_urlsafe(16).translate({ord("-"): "x", ord("_"): "y"})


_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def insert_or(dialect: str, into: Any) -> Any:
    """An INSERT of this database's own sort, which can say what to do ON CONFLICT."""
    return _INSERT[dialect](into)


def prepare_engine(engine: Engine) -> None:
    """Install the connection habits above. Called once for every engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    # The driver's own transaction control begins too late and commits by itself; ours is explicit.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "busy_timeout=30000",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
