"""An import of many rows: no statement for each row, and memory that grows with little."""

import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event

from outcomes.core.database import db
from tests.builders import World
from tests.kit.bundle.folders import Bundle, counts
from tests.kit.bundle.generated import write_bundle


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        sent.append(sql)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_statements_grow_with_batches_not_with_rows(in_app: World, tmp_path: Path) -> None:
    bundle = Bundle(tmp_path / "bundle", empty=True)
    rows = write_bundle(bundle.folder, 30)
    assert rows > 3_500
    # New: one statement for each child's placements, a few for each batch of 500.
    with counting() as sent:
        bundle.must_load()
    assert len(sent) < rows / 20
    # There already.
    with counting() as sent:
        assert counts(bundle.must_load())[:2] == (0, 0)
    assert len(sent) < rows / 20
    # Corrected.
    sessions = bundle.folder / "keyworker_session.csv"
    sessions.write_text(sessions.read_text(encoding="utf-8").replace(",40,", ",50,"), encoding="utf-8")
    with counting() as sent:
        assert counts(bundle.must_load())[1] == 900
    assert len(sent) < rows / 20


def test_memory_and_time_stay_within_bounds(in_app: World, tmp_path: Path) -> None:
    """A part of 100,000 rows in 60 seconds and 300 MB, with room for a slow machine and for tracing."""
    bundle = Bundle(tmp_path / "bundle", empty=True)
    rows = write_bundle(bundle.folder, 20)
    started = time.monotonic()
    tracemalloc.start()
    bundle.must_load()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / rows < 6_000
    assert time.monotonic() - started < 30
