"""How SQLite goes about the statements of the packs' cards, by its own account (`EXPLAIN QUERY PLAN`).

It knows nothing of how many rows a table has (nobody runs ANALYZE), so that the plan is the same without any.
"""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from outcomes.core.periods import containing
from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import cards, planned
from outcomes.measures import engine
from outcomes.measures.engine import Run

TODAY = date(2026, 6, 1)
PERIODS = 12
SCANNED = re.compile(r"SCAN .* LEFT-JOIN")
"""Each row of the left side is held against every row of the right one: the square of the children."""


@pytest.mark.parametrize("measure", cards())
def test_what_was_found_is_joined_by_an_index(measure: str, spec_sqlite: Engine) -> None:
    with spec_sqlite.connect() as connection:
        steps = _plan_of(measure, connection)
    assert any("periods" in step for step in steps), "This is not the plan of a card"
    assert not [step for step in steps if SCANNED.search(step)]


def test_a_join_by_scan_would_be_seen(spec_sqlite: Engine) -> None:
    """SQLite words it as the test above looks for it."""
    joined = "SELECT * FROM (VALUES (1)) AS a LEFT JOIN (VALUES (1), (2)) AS b ON a.column1 < b.column1"
    with spec_sqlite.connect() as connection:
        assert any(SCANNED.search(step) for step in _steps(connection, joined, ()))


def _plan_of(measure: str, connection: Connection) -> list[str]:
    """The steps of the plan of the card's own statement, as the engine runs it."""
    plan, sent = planned(measure), []

    def see(_connection: Any, _cursor: Any, statement: str, bound: Any, *_more: Any) -> None:
        sent.append((statement, bound))

    last = containing(TODAY, plan.card.period).earlier()
    periods = [last.earlier(number) for number in reversed(range(PERIODS))]
    event.listen(connection, "before_cursor_execute", see)
    engine.groups(connection, registry(), plan, Run([1], periods, TODAY))
    event.remove(connection, "before_cursor_execute", see)
    return _steps(connection, *sent[-1])


def _steps(connection: Connection, statement: str, bound: Any) -> list[str]:
    return [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", bound)]
