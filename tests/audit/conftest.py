from tests.audit.databases import app, database_url, postgres_url, settings

__all__ = ["app", "database_url", "postgres_url", "settings"]
