"""The benchmarks' own floor: their peers say the same figures as the engine, and a difference is found."""

import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection, Engine

from bench.by_hand.statements import STATEMENTS
from bench.by_hand.words import Words
from bench.figures import PeersDisagree, Question, asked, compare, of_engine, of_rows, splits
from bench.imports import measured
from bench.scripts import PEERS, Peer, both
from bench.table import Line
from bench.world.filling import fill
from bench.world.inventing import invented
from bench.world.size import provider, small
from outcomes.core.periods import containing
from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import packs, planned
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
    for by_place in splits(planned(measure)):
        plan, run = asked(measure, QUESTION, by_place)
        sql = STATEMENTS[measure](Words(filled.dialect.name, run.periods, run.contracts, TODAY, by_place))
        with filled.connect() as connection:
            said = of_engine(groups(connection, registry(), plan, run))
            assert said, "a world in which nobody is counted compares nothing"
            compare(measure, "hand-written SQL", said, of_rows(_rows(connection, sql)))


def test_every_card_has_a_statement() -> None:
    cards = {card.measure for pack in packs().values() for card in pack.cards}
    assert set(STATEMENTS) == cards


@pytest.mark.parametrize("measure", STATEMENTS)
@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_script_says_the_same_as_the_card(filled: Engine, peer: Peer, measure: str) -> None:
    with filled.connect() as connection, filled.connect() as of_peer:
        for ours, theirs in both(measure, peer.scripts[measure], connection, of_peer, QUESTION):
            compare(measure, peer.name, ours(), theirs())


def test_every_card_has_its_scripts() -> None:
    cards = {card.measure for pack in packs().values() for card in pack.cards}
    for peer in PEERS:
        assert set(peer.scripts) == cards, peer.name


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
