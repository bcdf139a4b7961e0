from tests.access.world import World, app, world
from tests.audit.databases import database_url, postgres_url, settings

__all__ = ["World", "app", "database_url", "postgres_url", "settings", "world"]
