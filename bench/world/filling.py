"""Puts invented rows into a migrated database, table by table, past the writer.

Only a bench does this: what counts here is how much there is, and that the tables' own rules hold.
"""

from typing import Any

from sqlalchemy import Table, insert, text
from sqlalchemy.engine import Connection, Engine

from bench.world.rows import Row, Rows
from outcomes.core.database import WRITING, db

BATCH = 2000


def fill(engine: Engine, rows: Rows) -> None:
    """Write every row, in one transaction, then let the database look at how much there is."""
    with engine.connect().execution_options(**{WRITING: True}) as connection:
        with connection.begin():
            for table in db.metadata.sorted_tables:
                if found := rows.tables.get(table.name):
                    _insert(connection, table, found)
        analyse(engine)


def analyse(engine: Engine) -> None:
    """What any database of some age has done by itself: both plan by what they know of their tables."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _insert(connection: Connection, table: Table, found: list[Row]) -> None:
    names = sorted({name for row in found for name in row})
    complete: list[dict[str, Any]] = [{name: row.get(name) for name in names} for row in found]
    for start in range(0, len(complete), BATCH):
        connection.execute(insert(table), complete[start : start + BATCH])
    if connection.dialect.name == "postgresql":
        # Keys were given out here; the next one that the database gives must come after them.
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
            {"name": table.name, "last": len(found)},
        )
