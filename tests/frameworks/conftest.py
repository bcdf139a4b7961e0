"""The databases of the figures' tests, the same as the spec tables'; and the small provider of the demo."""

from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy.orm import Session

from outcomes.core.database import db
from tests.builders import World
from tests.demo.loading import SMALL, load
from tests.spec.conftest import engine

__all__ = ["engine"]

DAY = "2026-11-22 12:00 +0000"


@pytest.fixture
def demo(in_any_app: World) -> Iterator[Session]:
    """A small provider with two contracts, on a day in the middle of a quarter."""
    with time_machine.travel(DAY, tick=False):
        load(SMALL)
        yield db.session()
