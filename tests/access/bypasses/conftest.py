"""Somebody whose scope others try to get around."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.access.bypasses import MANAGER
from tests.access.world import World


@pytest.fixture
def scoped(world: World) -> Iterator[Session]:
    with world.acting(MANAGER) as session:
        yield session
