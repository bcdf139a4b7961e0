"""The benchmarks' own floor: the provider that they invent, how they measure, and what they print."""

import os
import sys
from datetime import date
from pathlib import Path

import pytest

from bench.imports import measured
from bench.table import Line
from bench.world.inventing import invented
from bench.world.size import provider

TODAY = date(2025, 10, 20)


def test_the_same_seed_invents_the_same_provider_of_the_size_that_is_promised() -> None:
    one, other = invented(provider(TODAY)), invented(provider(TODAY))
    assert one.tables == other.tables
    counts = one.counts()
    promised = {
        "person": 276,
        "placement": 940,
        "reading": 1_470,
        "goal_review": 10_900,
        "keyworker_session": 18_700,
    }
    for kind, count in promised.items():
        assert abs(counts[kind] - count) < 0.1 * count, (kind, counts[kind])


def test_a_line_says_by_how_much_a_goal_was_missed() -> None:
    def line(ratio: float) -> Line:
        return Line("figures", "a card", "sqlite", 3, "ms", "a peer", 2, ratio, goal=1.5)

    assert (line(1.4).met, line(3.0).met) == (True, False)
    assert "2.0 times the goal" in line(3.0).printed()


def test_what_the_bench_holds_is_not_counted_to_a_command(tmp_path: Path) -> None:
    held = bytearray(b"x" * 300_000_000)
    memory, _processor = measured(
        [sys.executable, "-S", "-c", "bytearray(b'x' * 50_000_000)"], os.environ, tmp_path / "usage"
    )
    assert len(held) > memory * 1e6 > 50_000_000


def test_a_command_that_failed_says_how(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 3: no such luck"):
        measured(
            [sys.executable, "-S", "-c", "print('no such luck'); raise SystemExit(3)"],
            os.environ,
            tmp_path / "usage",
        )
