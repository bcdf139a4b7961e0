"""A fault for the safety net: an audit whose every insert fails, as on a full disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import text

from outcomes.core.database import db
from outcomes.core.transaction import transaction

_BREAK = {
    "sqlite": ["CREATE TRIGGER broken BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'broken'); END"],
    "postgresql": [
        "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'broken'; END $$",
        "CREATE TRIGGER broken BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION broken()",
    ],
}
_MEND = {"sqlite": ["DROP TRIGGER broken"], "postgresql": ["DROP FUNCTION broken() CASCADE"]}


@contextmanager
def audit_broken(app: Flask) -> Iterator[None]:
    """While this lasts, no entry can be written."""
    _run(app, _BREAK)
    try:
        yield
    finally:
        _run(app, _MEND)


def _run(app: Flask, statements: dict[str, list[str]]) -> None:
    with app.app_context():
        with transaction() as session:
            for statement in statements[db.engine.dialect.name]:
                session.execute(text(statement))
        db.session.remove()
