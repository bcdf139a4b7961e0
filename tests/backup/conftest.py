"""Two databases of each sort: one to keep, one to restore into, with the audit key of the first."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from outcomes.app import create_app
from outcomes.core import migrating
from outcomes.core.database import db
from tests.databases import Fresh, new_postgres_database, settings_for

Empty = Callable[[str], Flask]


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def source(request: pytest.FixtureRequest) -> Flask:
    """An application on an empty database, about to be filled and kept."""
    name = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    fresh: Fresh = request.getfixturevalue(name)
    return fresh.empty()


@pytest.fixture
def empty(source: Flask, request: pytest.FixtureRequest) -> Iterator[Empty]:
    """Makes an application on a migrated, empty database of a sort, with the audit key of `source`."""
    made: list[Flask] = []
    with tempfile.TemporaryDirectory() as folder:

        def make(sort: str) -> Flask:
            place = Path(folder) / str(len(made))
            place.mkdir()
            url = f"sqlite:///{place / 'x.sqlite'}"
            if sort == "postgresql":
                url = new_postgres_database(
                    request.getfixturevalue("postgres_url"), f"outcomes_restored_{len(made)}"
                )
            app = create_app(settings_for(place, url, AUDIT_KEY_FILE=str(place / "kept.key")))
            with app.app_context():
                migrating.upgrade()
            give_key(source, app)
            made.append(app)
            return app

        yield make
        for app in made:
            close(app)


def give_key(source: Flask, target: Flask) -> None:
    """Put the key, which was kept apart, where the restored service looks for it."""
    kept: Path = source.extensions["outcomes_audit"]
    if kept.exists():
        shutil.copy(kept, target.extensions["outcomes_audit"])
