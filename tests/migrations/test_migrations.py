"""Migrations on populated databases: nothing that the database holds or refuses is lost on the way."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from outcomes.access.bind import system_scope
from outcomes.access.enforcement import open_for_system
from outcomes.app import create_app
from outcomes.core import migrating
from outcomes.core.database import db
from tests.builders import World
from tests.databases import new_postgres_database, settings_for

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database without any table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'x.sqlite'}"
    else:
        url = new_postgres_database(request.getfixturevalue("postgres_url"), "outcomes_migrations")
    app = create_app(settings_for(tmp_path, url))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def inventory() -> set[str]:
    """Everything that the database keeps or refuses: tables, columns, indexes, constraints, triggers."""
    looked = inspect(db.engine)
    found = set()
    for table in looked.get_table_names():
        found |= {
            f"{table}.{column['name']} {column['type']} {column['nullable']}"
            for column in looked.get_columns(table)
        }
        found |= {
            f"{table} index {index['name']} {index['column_names']}" for index in looked.get_indexes(table)
        }
        found |= {f"{table} check {check['name']}" for check in looked.get_check_constraints(table)}
        found |= {f"{table} unique {unique['name']}" for unique in looked.get_unique_constraints(table)}
        found |= {
            f"{table} fk {key['constrained_columns']} {key['referred_table']}"
            for key in looked.get_foreign_keys(table)
        }
    statement = (
        "SELECT name || ' ' || sql FROM sqlite_master WHERE type = 'trigger'"
        if db.engine.dialect.name == "sqlite"
        else "SELECT tgname || ' ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
        "UNION SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'x'"
    )
    with db.engine.connect() as connection:
        found |= {re.sub(r"\s+", " ", row[0]) for row in connection.execute(text(statement))}
    return {one for one in found if not one.startswith("alembic_version")}


DROPPABLE = ("change_clock", "record_change", "fact_set", "unit_fact")
"""What is kept of figures, and by what number it is judged: made anew together, empty."""


def counts() -> dict[str, int]:
    with open_for_system(db.engine.connect(), "a test counts rows") as connection:
        tables = inspect(connection).get_table_names()
        return {
            table: connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()  # noqa: S608
            for table in tables
            if table not in ("alembic_version", *DROPPABLE)
        }


def test_the_models_and_the_migrations_agree(bare_app: Flask) -> None:
    with bare_app.app_context():
        migrating.upgrade()
        assert migrating.differences() == []


def test_what_is_migrated_equals_what_is_made_afresh(bare_app: Flask) -> None:
    with bare_app.app_context():
        db.create_all()
        afresh = inventory()
        db.session.remove()
        db.drop_all()
        migrating.upgrade()
        # SQLAlchemy leaves this one out of SQLite's tables once it has made PostgreSQL's in the same
        # process; that the migration has it is held by test_the_models_and_the_migrations_agree.
        made_apart = {"account fk ['staff_id'] staff"}
        assert inventory() - made_apart == afresh - made_apart


def test_each_step_down_and_up_again_keeps_rows_and_rules(bare_app: Flask) -> None:
    revisions = sorted(path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
    with bare_app.app_context():
        migrating.upgrade()
        with system_scope("a test"):
            world = World()
            world.placed(world.child(), world.home(), "2025-04-01")
        db.session.remove()
        before, rows = inventory(), counts()
        for revision in reversed(revisions[:-1]):
            migrating.downgrade(revision)
            migrating.upgrade()
            # Tables that came after `revision` are made anew, empty: as they were, in this world.
            assert (inventory(), counts()) == (before, rows)
        migrating.downgrade("base")
        assert not {table for table in inspect(db.engine).get_table_names() if table != "alembic_version"}


def test_migrations_are_numbered_one_after_another() -> None:
    names = sorted(path.name for path in VERSIONS.glob("*.py"))
    assert [name[:5] for name in names] == [f"{number:04d}_" for number in range(1, len(names) + 1)]
