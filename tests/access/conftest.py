from tests.access.attacked import built_town
from tests.access.world import World, world

__all__ = ["World", "built_town", "world"]
