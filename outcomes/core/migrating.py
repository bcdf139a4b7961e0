"""Migrations: numbered steps in `migrations/versions`, run on the current application's database.

SQLite rebuilds a table to change it, and with foreign keys on that deletes the rows which point
to it. So every step runs with them off, and they are checked before anything is committed.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from outcomes.core.database import SYSTEM, WRITING, db
from outcomes.core.errors import OutcomesError
from outcomes.core.settings import root


class MigrationRefused(OutcomesError):
    """A migration would leave rows that point to nothing; nothing was changed."""


def upgrade(revision: str = "head") -> None:
    """Bring the database to `revision`, step by step, all or nothing."""
    with _connection() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(revision: str) -> None:
    """Take the database back to `revision` ("base" for an empty one, "-1" for one step)."""
    with _connection() as connection:
        command.downgrade(_config(connection), revision)


def differences() -> list[str]:
    """Where the models and the migrated database disagree; empty when they agree."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "target_metadata": db.metadata}
        )
        return [str(difference) for difference in compare_metadata(context, db.metadata)]


def current() -> str | None:
    """The revision at which the database stands; None for one that was never migrated."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision that this program knows."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(root() / "migrations"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connection() -> Iterator[Connection]:
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # A pragma about foreign keys does nothing inside a transaction.
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.execution_options(**{WRITING: True, SYSTEM: True}).begin():
                yield connection
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise MigrationRefused(
                        "The migration leaves rows that point to nothing. Nothing was changed."
                    )
        finally:
            if sqlite:
                connection.connection.cursor().execute("PRAGMA foreign_keys=ON")
