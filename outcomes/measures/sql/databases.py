"""The databases that we speak to, and their planners' settings while a statement of ours runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from outcomes.measures.sql.dialect import Dialect
from outcomes.measures.sql.postgresql import Postgresql
from outcomes.measures.sql.sqlite import Sqlite

SETTLED = "outcomes_planned_well"
"""Marks a connection on which the planner's settings hold already."""


@contextmanager
def planned_well(connection: Connection) -> Iterator[None]:
    """Have the planner's settings hold for our statements, and no longer.

    Around several runs it is settled once for all of them: each trip to the database counts.
    """
    settings = DIALECTS[connection.dialect.name].planner
    if not settings or connection.info.get(SETTLED):
        yield
        return
    # Read below, set above: the inner select is worked out first.
    before = select(*(func.current_setting(name).label(name) for name in settings)).offset(0).subquery()
    settle = (func.set_config(name, value, True) for name, value in settings.items())
    was = connection.execute(select(*before.c, *settle)).one()[: len(settings)]
    back = (func.set_config(name, value, True) for name, value in zip(settings, was, strict=True))
    connection.info[SETTLED] = True
    over = False
    try:
        yield
    except DBAPIError:
        # The transaction is over, and the settings with it.
        over = True
        raise
    finally:
        del connection.info[SETTLED]
        if not over:
            connection.execute(select(*back))


DIALECTS: dict[str, Dialect] = {"sqlite": Sqlite(), "postgresql": Postgresql()}
