"""What every test may ask for: an application on an empty, real database, and a world to put in it.

`app` is on SQLite; `any_app` runs the test on SQLite and on PostgreSQL. `in_app` is the first
inside an application context as the system, for tests of services; tests of pages use
`app.test_client()` and hold no context around it.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import Engine

from outcomes.access.bind import system_scope
from tests.browser import browser, live, windows
from tests.builders import World
from tests.databases import Fresh, new_postgres_database, postgres_server, quick_folder
from tests.measures.databases import postgres_engine, sqlite_engine
from tests.pagelint import LintingClient

# One browser for all folders: Playwright runs only once in a process.
__all__ = ["browser", "live", "windows"]

LONG_FILES = (
    "doors/test_writing.py",  # every text of the bank at every door that writes
    "doors/test_reading.py",  # the same at every address that is read
    "backup/test_backup.py",  # whole databases out and back, each way round
    "drills/test_crash.py",  # services that are started and killed
    "access/test_attacks_writing.py",
    "measures/test_guards.py",  # the engine made wrong, once for each guard
    "doors/test_commands.py",
    "access/test_matrix.py",  # every address as every role
    "api/test_generated.py",
    "accounts/test_sessions.py",  # waits for sessions to end
    "kit/bundle/test_size.py",  # tens of thousands of rows
)
"""The files that take longest, longest first. A file is one piece of work for one process: these start
first, so that none of them is left over when the others are done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; what is in a file, and all other files, keep their order."""
    here = Path(__file__).parent
    order = {here / name: place for place, name in enumerate(LONG_FILES)}
    items.sort(key=lambda item: order.get(item.path, len(order)))


@pytest.fixture(scope="session")
def sqlite_database() -> Iterator[Fresh]:
    with tempfile.TemporaryDirectory(dir=quick_folder()) as folder:
        yield Fresh(Path(folder), f"sqlite:///{Path(folder) / 'test.sqlite'}")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_database(postgres_url: str) -> Iterator[Fresh]:
    with tempfile.TemporaryDirectory() as folder:
        yield Fresh(Path(folder), new_postgres_database(postgres_url, "outcomes_tests"))


@pytest.fixture(scope="session")
def spec_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Every table, for the measures: specs and the engine's own tests write and take back."""
    engine = sqlite_engine(tmp_path_factory.mktemp("spec"))
    yield engine
    engine.dispose()


# Here, once: a second fixture of its own would drop this database under the open connections of the first.
@pytest.fixture(scope="session")
def spec_postgres(postgres_url: str) -> Iterator[Engine]:
    """The same on PostgreSQL."""
    engine = postgres_engine(postgres_url, "outcomes_spec")
    yield engine
    engine.dispose()


@pytest.fixture
def app(sqlite_database: Fresh) -> Flask:
    """The application on an empty SQLite database."""
    return _prepared(sqlite_database.empty())


@pytest.fixture(params=["sqlite", "postgresql"])
def any_app(request: pytest.FixtureRequest) -> Flask:
    """The application on an empty database of each sort."""
    wanted = "sqlite_database" if request.param == "sqlite" else "postgres_database"
    fresh: Fresh = request.getfixturevalue(wanted)
    return _prepared(fresh.empty())


def _prepared(app: Flask) -> Flask:
    app.test_client_class = LintingClient
    return app


@pytest.fixture
def in_app(app: Flask) -> Iterator[World]:
    """Inside the SQLite application, as the system, with a world to build in."""
    with app.app_context(), system_scope("a test"):
        yield World()


@pytest.fixture
def in_any_app(any_app: Flask) -> Iterator[World]:
    """Inside the application on each database, as the system, with a world to build in."""
    with any_app.app_context(), system_scope("a test"):
        yield World()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured: `record_property("figure", …)`, also from other processes."""
    figures = [
        said
        for report in terminalreporter.stats.get("passed", [])
        for name, said in getattr(report, "user_properties", [])
        if name == "figure"
    ]
    if figures:
        terminalreporter.section("figures")
        for said in figures:
            terminalreporter.line(str(said))
