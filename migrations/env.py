"""How alembic reaches our database: always through `outcomes.core.migrating`, never by itself."""

from alembic import context
from sqlalchemy.types import TypeDecorator

from outcomes.core.database import db


def plain_types(kind, item, _context):
    """Migrations speak plain SQL types: they must read the same when our own types have changed."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=db.metadata,
    render_item=plain_types,
    compare_type=True,
    compare_server_default=True,
    # SQLite cannot change a table in place. A batch rebuilds it, and drops its triggers and checks:
    # tests/migrations holds the inventory of both against a fresh schema.
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
