"""Both databases for the engine's tests, with every table. A case runs in a transaction that is undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine

from outcomes.core.database import db, prepare_engine
from tests.databases import new_postgres_database


def sqlite_engine(folder: Path) -> Engine:
    engine = create_engine(f"sqlite:///{folder / 'measures.sqlite'}")
    return _with_tables(engine)


def postgres_engine(server: str, name: str = "measures") -> Engine:
    return _with_tables(create_engine(new_postgres_database(server, name)))


def _with_tables(engine: Engine) -> Engine:
    prepare_engine(engine)
    db.metadata.create_all(engine)
    return engine


@contextmanager
def undone(engine: Engine) -> Iterator[Connection]:
    """A connection whose writes are taken back."""
    with engine.connect() as connection:
        transaction = connection.begin()
        try:
            yield connection
        finally:
            transaction.rollback()
