"""A whole pack worked out from the records, as a scorecard of twelve quarters by place would ask for it.

Twice: with its statements built already, against the hand-written statements of the same cards; and
cold, as the first who asks after a start waits, when the statements are built and compiled as well.
Nothing is kept in between. That both say the same was seen card by card (`figures.py`).

The goal for a cold pack is one of 46 cards, at most ten times the six hand-written statements that
were measured for it. Fewer cards exist, so each pack's goal is its part of that.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import create_engine

from bench.databases import Database
from bench.figures import GOAL, ByHand, runs_of
from bench.question import Question
from bench.table import Line
from bench.timing import Paired, of_pairs, paired, seconds
from outcomes.core.database import prepare_engine
from outcomes.frameworks.packs import packs
from outcomes.frameworks.sources import Live, Need
from outcomes.measures.sql.statements import tallies_statement

SIX = (
    "newham_ifa.6_progress_quarter",
    "newham_ifa.5a_planned_endings",
    "newham_ifa.5b_long_term_stability",
    "hackney_homes.1.4-K2",
    "hackney_homes.3.1-M1",
    "hackney_homes.3.2-K5",
)
TIMES_SIX, FOR_CARDS = 10.0, 46


def whole_packs(database: Database, question: Question, runs: int) -> Iterator[Line]:
    """Two lines for each pack."""
    for name, pack in packs().items():
        measures = [card.measure for card in pack.cards]
        what = f"{name}, {len(measures)} cards"
        warm = _warm(database, question, measures, runs)
        yield _line(what, database.name, "hand-written SQL of its cards", warm, GOAL)
        cold = _cold(database, question, measures, runs)
        goal = TIMES_SIX * len(measures) / FOR_CARDS
        yield _line(what, database.name, "the six hand-written statements, cold", cold, round(goal, 1))


def _asked(measures: Sequence[str], question: Question, dialect: str) -> tuple[list[Need], list[str]]:
    """What the service is asked for the cards, and the statements that are their peers."""
    found = [one for measure in measures for one in runs_of(measure, question, dialect)]
    return [Need(plan, run) for plan, run, _sql in found], [sql for _plan, _run, sql in found]


def _warm(database: Database, question: Question, measures: Sequence[str], runs: int) -> Paired:
    needs, statements = _asked(measures, question, database.name)
    by_hand = ByHand(database)
    try:
        with database.engine.connect() as connection:
            return paired(lambda: Live(connection).read(needs), lambda: _all(by_hand, statements), runs)
    finally:
        by_hand.close()


def _cold(database: Database, question: Question, measures: Sequence[str], runs: int) -> Paired:
    needs, _statements = _asked(measures, question, database.name)
    _needs, six = _asked(SIX, question, database.name)
    return of_pairs([(_first(database, needs), _first_by_hand(database, six)) for _ in range(runs)])


def _first(database: Database, needs: Sequence[Need]) -> float:
    """Seconds of one look by a process that has built no statement yet."""
    tallies_statement.cache_clear()
    # What was compiled is kept by the engine: a new one has compiled nothing.
    fresh = create_engine(database.url, hide_parameters=True)
    prepare_engine(fresh)
    try:
        with fresh.connect() as connection:
            return seconds(lambda: Live(connection).read(needs))
    finally:
        fresh.dispose()


def _first_by_hand(database: Database, statements: Sequence[str]) -> float:
    by_hand = ByHand(database)
    try:
        return seconds(lambda: _all(by_hand, statements))
    finally:
        by_hand.close()


def _all(by_hand: ByHand, statements: Sequence[str]) -> None:
    for sql in statements:
        by_hand.rows(sql)


def _line(what: str, database: str, peer_is: str, one: Paired, goal: float) -> Line:
    return Line.of_pair(
        "A whole pack from the records, 12 quarters by place", what, database, peer_is, one, goal
    )
