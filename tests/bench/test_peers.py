"""Every card has a script of each sort, and in every world all of them say the same as the engine."""

from collections.abc import Iterable, Iterator
from itertools import product
from types import ModuleType

import pytest
from sqlalchemy.engine import Connection, Engine

from bench import by_hand, orm_loop, pandas_script
from bench.answering import answers, scripts_in
from bench.figures import PeersDisagree, compare, of_engine, runs_of
from bench.question import Question, of_rows
from bench.scripts import PEERS, Peer, both
from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import cards
from outcomes.measures.engine import groups
from tests.bench.worlds import WITH_THE_WHEEL, WORLDS
from tests.measures.databases import postgres_engine, sqlite_engine

Asked = tuple[Engine, Question]
"""A filled database, and what is asked of it."""


def on_both(worlds: Iterable[str]) -> list[tuple[str, str]]:
    """Each of the worlds on each database; the name of a world comes first."""
    return list(product(worlds, ("sqlite", "postgresql")))


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    name, database = request.param
    made = (
        sqlite_engine(tmp_path_factory.mktemp("bench"))
        if database == "sqlite"
        else postgres_engine(request.getfixturevalue("postgres_url"), "bench_tests")
    )
    yield made, WORLDS[name](made)
    made.dispose()


def _rows(connection: Connection, sql: str) -> list[tuple[int, ...]]:
    cursor = connection.connection.cursor()
    cursor.execute(sql)
    return list(cursor.fetchall())


@pytest.mark.parametrize("world", on_both(WITH_THE_WHEEL), indirect=True, ids=" on ".join)
@pytest.mark.parametrize("measure", cards())
def test_the_hand_written_statement_says_the_same_as_the_card(world: Asked, measure: str) -> None:
    engine, question = world
    for plan, run, sql in runs_of(measure, question, engine.dialect.name):
        with engine.connect() as connection:
            said = of_engine(groups(connection, registry(), plan, run))
            compare(measure, "hand-written SQL", said, of_rows(_rows(connection, sql)))


@pytest.mark.parametrize("world", on_both(WORLDS), indirect=True, ids=" on ".join)
@pytest.mark.parametrize("measure", cards())
@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_script_says_the_same_as_the_card(world: Asked, peer: Peer, measure: str) -> None:
    engine, question = world
    with engine.connect() as connection, engine.connect() as of_peer:
        for ours, theirs in both(measure, peer.scripts[measure], connection, of_peer, question):
            compare(measure, peer.name, ours(), theirs())


@pytest.mark.parametrize("world", [("a small provider", "sqlite")], indirect=True, ids=" on ".join)
def test_at_a_small_provider_every_card_counts_somebody(world: Asked) -> None:
    engine, question = world
    with engine.connect() as connection:
        for measure in cards():
            for plan, run, _sql in runs_of(measure, question, engine.dialect.name):
                said = groups(connection, registry(), plan, run)
                assert said, f"{measure}: where nobody is counted, nothing is compared"


@pytest.mark.parametrize("folder", (by_hand, pandas_script, orm_loop), ids=lambda folder: folder.__name__)
def test_a_folder_has_a_script_for_every_card(folder: ModuleType) -> None:
    scripts = set(scripts_in(folder))
    assert not set(cards()) - scripts, f"Write them in {folder.__name__}, each under its @answers(…)"
    assert not scripts - set(cards()), f"{folder.__name__} answers cards that no pack has"


def test_a_second_script_for_a_card_is_refused() -> None:
    @answers("a card", "another card")
    def script() -> None: ...

    with pytest.raises(ValueError, match=r"another card is answered by tests\.bench\.test_peers\.script; "):
        answers("another card")(script)


def test_a_peer_that_says_something_else_stops_the_bench() -> None:
    with pytest.raises(PeersDisagree, match="3 against 2"):
        compare("a card", "a peer", of_rows([(0, 1, 1, 0, -1, 3)]), of_rows([(0, 1, 1, 0, -1, 2)]))
