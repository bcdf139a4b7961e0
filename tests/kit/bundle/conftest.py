"""A bundle to import, and a second database, for what is exported from one and imported into another."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from outcomes.access.bind import system_scope
from tests.databases import Fresh
from tests.kit.bundle.folders import Bundle

Elsewhere = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    """The small bundle, in a folder of its own."""
    return Bundle(tmp_path / "bundle")


@pytest.fixture(scope="session")
def other_database(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    folder = tmp_path_factory.mktemp("elsewhere")
    return Fresh(folder, f"sqlite:///{folder / 'other.sqlite'}")


@pytest.fixture
def elsewhere(other_database: Fresh) -> Elsewhere:
    """Inside an application on an empty database, other than the test's own."""

    @contextmanager
    def inside() -> Iterator[None]:
        with other_database.empty().app_context(), system_scope("a test"):
            yield

    return inside
