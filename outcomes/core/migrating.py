"""Migrations: numbered steps in `migrations/versions`, run on the current application's database.

SQLite rebuilds a table to change it, and with foreign keys on that deletes the rows which point
to it. So every step runs with them off, and they are checked before anything is committed.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from outcomes.core.database import SYSTEM, WRITING, db
from outcomes.core.errors import OutcomesError
from outcomes.core.settings import root

_REVISION = re.compile(r"[A-Za-z0-9_]{1,40}|[+-][0-9]{1,4}", re.ASCII)


class MigrationRefused(OutcomesError):
    """There is no such revision, or the migration would leave rows that point to nothing.

    Nothing was changed.
    """


def upgrade(revision: str = "head") -> None:
    """Bring the database to `revision`, step by step, all or nothing. Raises MigrationRefused."""
    _migrate(command.upgrade, revision)


def downgrade(revision: str) -> None:
    """Take the database back to `revision` ("base" for an empty one, "-1" for one step).

    Raises MigrationRefused.
    """
    _migrate(command.downgrade, revision)


def _migrate(step: Callable[[Config, str], None], revision: str) -> None:
    unknown = f"There is no revision {revision[:60]!a} to go to. The newest is {head()}."
    # Alembic reads more into a word than we offer (ranges, branches), and fails on a blank.
    if not _REVISION.fullmatch(revision):
        raise MigrationRefused(unknown)
    try:
        with writing() as connection:
            step(_config(connection), revision)
    except CommandError as fault:
        raise MigrationRefused(f"{unknown} {fault}") from fault


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
        return revision_of(connection)


def revision_of(connection: Connection) -> str | None:
    """The revision that a connection sees; None for a database that was never migrated."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str) -> bool:
    """Does this program know the steps to that revision?"""
    scripts = ScriptDirectory.from_config(_config(None))
    return revision in {script.revision for script in scripts.walk_revisions()}


def rebuild(connection: Connection, revision: str) -> None:
    """Empty the database, and make the tables of `revision`. Inside `writing()`. Raises MigrationRefused."""
    try:
        if revision_of(connection) is not None:
            command.downgrade(_config(connection), "base")
        command.upgrade(_config(connection), revision)
    except CommandError as fault:
        raise MigrationRefused(f"The database cannot be made anew. {fault}") from fault


def finish(connection: Connection) -> None:
    """Bring the database to the newest revision. Inside `writing()`."""
    command.upgrade(_config(connection), "head")


def head() -> str | None:
    """The newest revision that this program knows."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(root() / "migrations"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def writing() -> Iterator[Connection]:
    """The system's connection in one transaction for steps and what goes with them; all or nothing."""
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
