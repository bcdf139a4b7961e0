"""What the tests of access share: their worlds, and faults seeded into rules."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from outcomes.access.enforcement import forget_conditions
from tests.access.attacked.building import build
from tests.access.attacked.town import Town
from tests.access.world import World, world
from tests.databases import furnished

__all__ = ["World", "world"]


@pytest.fixture
def anew() -> Iterator[Callable[[], None]]:
    """Has conditions built anew: to be called after a rule was patched, and again after it was mended."""
    yield forget_conditions
    forget_conditions()


@pytest.fixture
def town(app: Flask) -> Town:
    """The attacked town on SQLite."""
    return _attacked(app)


@pytest.fixture
def any_town(any_app: Flask) -> Town:
    """The attacked town on each database."""
    return _attacked(any_app)


def _attacked(app: Flask) -> Town:
    # Pages are linted elsewhere; here hundreds of them are only searched.
    app.test_client_class = FlaskClient
    return furnished(app, build)
