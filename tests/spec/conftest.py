"""The databases that every spec runs on."""

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Engine

from tests.measures.databases import postgres_engine, sqlite_engine


@pytest.fixture(scope="session")
def spec_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = sqlite_engine(tmp_path_factory.mktemp("spec"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def spec_postgres(postgres_url: str) -> Iterator[Engine]:
    engine = postgres_engine(postgres_url, "outcomes_spec")
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Both databases, one after the other."""
    return request.getfixturevalue(f"spec_{request.param}")
