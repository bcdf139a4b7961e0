"""An import of many rows: no query for each row, and memory that grows with little."""

import time
import tracemalloc
from pathlib import Path

import pytest
from sqlalchemy import event

from outcomes.core.database import db
from tests.builders import World
from tests.kit.bundle.folders import Bundle
from tests.kit.bundle.generated import write_bundle


@pytest.fixture
def load(tmp_path: Path):
    def counted(children: int) -> tuple[int, int]:
        """Import a generated bundle: its rows, and the statements that it took."""
        bundle = Bundle(tmp_path / str(children), empty=True)
        rows = write_bundle(bundle.folder, children)
        statements = []
        event.listen(db.engine, "before_cursor_execute", lambda *_: statements.append(1))
        bundle.must_load(sender=str(children))
        return rows, len(statements)

    return counted


def test_statements_grow_with_batches_not_with_rows(load, in_app: World) -> None:
    rows, statements = load(30)
    assert rows > 3_500
    # One for each child's placements, some for each batch of 500; with one for each row it would be 7,000.
    assert statements < rows / 10


def test_memory_and_time_stay_within_bounds(load, in_app: World) -> None:
    """A hundredth of 100,000 rows in 60 seconds and 200 MB, with room for a slow machine and tracing."""
    started = time.monotonic()
    tracemalloc.start()
    rows, _ = load(20)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows > 2_500
    assert peak / rows < 6_000
    assert time.monotonic() - started < 30
