from tests.access.world import World, world

__all__ = ["World", "world"]
