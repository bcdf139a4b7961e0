"""The crash drill at a small size; `make test-crash` is the long one. And what the drill would notice."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.drills import crash

MOST_KILLS = 6


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not in pytest's own folder: PostgreSQL's user could not read it.
    with tempfile.TemporaryDirectory(prefix="outcomes-crash-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def test_what_was_acknowledged_outlives_a_kill_on_both(
    folder: Path, monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    monkeypatch.setattr(crash, "POSTMASTER_EVERY", 2)
    with crash.drills(folder, seed=1) as both:
        for name, drill in both:
            for _ in range(2):
                drill.kill_once()
            record_property("figure", f"killed while {crash.CLERKS} clients write, {name}: {drill.found}")
            assert drill.found.problems == []
            assert drill.found.acknowledged >= 2 * crash.ACKNOWLEDGED_FIRST


@pytest.mark.parametrize(
    ("fault", "says"),
    [("audit-apart", "a version without its audit entry"), ("dropped", "acknowledged and lost")],
)
def test_the_drill_notices(folder: Path, fault: str, says: str) -> None:
    drill = crash.Drill(folder, f"sqlite:///{folder}/crash.sqlite", fault=fault)
    # A kill shows the fault only where it hits between two of its steps.
    for _ in range(MOST_KILLS):
        drill.kill_once()
        if any(problem.startswith(says) for problem in drill.found.problems):
            return
    raise AssertionError(f"{MOST_KILLS} kills, and nobody noticed: {drill.found.problems}")
