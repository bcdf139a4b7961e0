"""Counts and sums that share a pass say what each of them says by itself, on both databases."""

import pytest
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine

from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import planned
from outcomes.measures.engine import statement_of
from outcomes.measures.planning.planner import plan
from outcomes.measures.sql.postgresql import Postgresql
from outcomes.measures.sql.sqlite import Sqlite
from tests.measures.chance.cards import RandomCard
from tests.measures.chance.records import RandomWorld
from tests.measures.databases import undone
from tests.measures.test_agreement import by_hand, by_the_engine, run_for

ALWAYS, NEVER = 1, 99
COMPILERS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}


@pytest.mark.parametrize("pays_for", [ALWAYS, NEVER], ids=["always", "never"])
@pytest.mark.parametrize("seed", [2, 5, 7])
def test_sharing_a_pass_changes_no_answer(
    seed: int, pays_for: int, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for dialect in (Sqlite, Postgresql):
        monkeypatch.setattr(dialect, "pass_pays_for", pays_for)
    world = RandomWorld(seed).world
    with undone(engine) as connection:
        world.save(connection)
        for number in range(6):
            card = RandomCard(seed * 100 + number).card()
            made, run = plan(card, registry()), run_for(card, world)
            assert by_the_engine(connection, made, world, run) == by_hand(card, world, run), card


@pytest.mark.parametrize("dialect", COMPILERS)
def test_six_counts_of_the_same_reviews_are_one_look(dialect: str) -> None:
    statement = statement_of(dialect, registry(), planned("hackney_homes.3.2-K1"))
    assert str(statement.compile(dialect=COMPILERS[dialect])).count("JOIN goal_review AS") == 1
