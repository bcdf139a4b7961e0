"""The benchmarks' own floor: their peers say the same figures as the engine, and a difference is found."""

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy.engine import Connection, Engine

from bench import by_hand, orm_loop, pandas_script
from bench.answering import answers, scripts_in
from bench.figures import STATEMENTS, PeersDisagree, compare, of_engine, runs_of
from bench.imports import measured
from bench.question import Question, of_rows
from bench.scripts import PEERS, Peer, both
from bench.table import Line
from bench.world.filling import fill
from bench.world.inventing import invented
from bench.world.size import provider, small
from outcomes.core.periods import containing
from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import cards
from outcomes.measures.engine import groups
from tests.measures.databases import postgres_engine, sqlite_engine

TODAY = date(2025, 10, 20)
LAST = containing(TODAY, "quarter").earlier()
QUESTION = Question((1, 2, 3), [LAST.earlier(n) for n in reversed(range(8))], TODAY)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Each database with a small invented provider in it."""
    made = (
        sqlite_engine(tmp_path_factory.mktemp("bench"))
        if request.param == "sqlite"
        else postgres_engine(request.getfixturevalue("postgres_url"), "bench_tests")
    )
    fill(made, invented(small(TODAY)))
    yield made
    made.dispose()


def _rows(connection: Connection, sql: str) -> list[tuple[int, ...]]:
    cursor = connection.connection.cursor()
    cursor.execute(sql)
    return list(cursor.fetchall())


@pytest.mark.parametrize("measure", STATEMENTS)
def test_the_hand_written_statement_says_the_same_as_the_card(filled: Engine, measure: str) -> None:
    for plan, run, sql in runs_of(measure, QUESTION, filled.dialect.name):
        with filled.connect() as connection:
            said = of_engine(groups(connection, registry(), plan, run))
            assert said, "a world in which nobody is counted compares nothing"
            compare(measure, "hand-written SQL", said, of_rows(_rows(connection, sql)))


@pytest.mark.parametrize("measure", STATEMENTS)
@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_script_says_the_same_as_the_card(filled: Engine, peer: Peer, measure: str) -> None:
    with filled.connect() as connection, filled.connect() as of_peer:
        for ours, theirs in both(measure, peer.scripts[measure], connection, of_peer, QUESTION):
            compare(measure, peer.name, ours(), theirs())


@pytest.mark.parametrize("folder", (by_hand, pandas_script, orm_loop), ids=lambda folder: folder.__name__)
def test_a_folder_has_a_script_for_every_card(folder: ModuleType) -> None:
    scripts = set(scripts_in(folder))
    assert not set(cards()) - scripts, f"Write them in {folder.__name__}, each under its @answers(…)"
    assert not scripts - set(cards()), f"{folder.__name__} answers cards that no pack has"


def test_a_second_script_for_a_card_is_refused() -> None:
    @answers("a card", "another card")
    def script() -> None: ...

    with pytest.raises(ValueError, match=r"another card is answered by tests\.bench\.test_bench\.script; "):
        answers("another card")(script)


def test_a_peer_that_says_something_else_stops_the_bench() -> None:
    with pytest.raises(PeersDisagree, match="3 against 2"):
        compare("a card", "a peer", of_rows([(0, 1, 1, 0, -1, 3)]), of_rows([(0, 1, 1, 0, -1, 2)]))


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
