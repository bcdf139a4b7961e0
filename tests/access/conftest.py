"""What the tests of access share: their worlds, and faults seeded into rules."""

from collections.abc import Callable, Iterator

import pytest

from outcomes.access.enforcement import forget_conditions
from tests.access.attacked import built_town
from tests.access.world import World, world

__all__ = ["World", "anew", "built_town", "world"]


@pytest.fixture
def anew() -> Iterator[Callable[[], None]]:
    """Has conditions built anew: to be called after a rule was patched, and again after it was mended."""
    yield forget_conditions
    forget_conditions()
