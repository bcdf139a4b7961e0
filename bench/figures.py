"""Figures: the engine against hand-written SQL for the same figures, on the same database, in turn.

The peers are asked for the same answer, and a run whose answers differ fails: a bench that compares
two different figures says nothing.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from statistics import median
from typing import Any

import psycopg

from bench import by_hand
from bench.answering import scripts_in
from bench.by_hand.words import Words
from bench.databases import Database
from bench.question import Answer, Question, of_rows
from bench.table import Line
from bench.timing import Paired, paired
from bench.world.work import TOOL
from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import planned
from outcomes.measures import engine
from outcomes.measures.engine import Run
from outcomes.measures.figures.facts import Group
from outcomes.measures.planning.plan import Plan
from outcomes.measures.sql.databases import planned_well

GOAL = 1.5
"""At provider size; at region size it is 1.2."""

STATEMENTS = scripts_in(by_hand)


class PeersDisagree(AssertionError):
    """The engine and a peer say different figures: the bench stops."""


def asked(measure: str, question: Question, by_place: bool = False) -> tuple[Plan, Run]:
    """The plan and the run of one card."""
    plan = planned(measure)
    settings = [{"tool": TOOL} if "tool" in plan.settings else {} for _ in question.periods]
    return plan, Run(question.contracts, question.periods, question.today, settings, by_each_place=by_place)


def splits(plan: Plan) -> tuple[bool, ...]:
    """A card that counts a child at each place has its places apart from its total: two runs."""
    return (False, True) if "each place" in plan.card.split_by else (False,)


def of_engine(groups: Sequence[Group]) -> Answer:
    found: Answer = Counter()
    for one in groups:
        found[(one.period, one.contract_id, one.place, int(one.bucket), one.reason)] += one.units
    return found


def compare(measure: str, peer: str, engine_says: Answer, peer_says: Answer) -> None:
    """Raises PeersDisagree with the first figures that differ."""
    if engine_says == peer_says:
        return
    differ = sorted(key for key in engine_says | peer_says if engine_says[key] != peer_says[key])
    listed = "; ".join(f"{key}: {engine_says[key]} against {peer_says[key]}" for key in differ[:5])
    raise PeersDisagree(
        f"{measure}: the engine and {peer} differ in {len(differ)} groups "
        f"(period, contract, place, bucket, reason): {listed}"
    )


class ByHand:
    """A connection with the database's own driver, as a script would open one."""

    def __init__(self, database: Database) -> None:
        self.dialect = database.name
        self._connection: Any = _driver(database)

    def rows(self, sql: str) -> list[Any]:
        return list(self._connection.execute(sql).fetchall())

    def close(self) -> None:
        self._connection.close()


def _driver(database: Database) -> Any:
    if database.name == "sqlite":
        return sqlite3.connect(database.path)
    connection = psycopg.connect(database.address)
    # What somebody who tunes these statements finds first: both help them as much as they help the engine.
    connection.execute("SET jit = off")
    connection.execute("SET enable_nestloop = off")
    return connection


def against_hand_written(database: Database, question: Question, runs: int) -> Iterator[Line]:
    """A line for each card, and two for all of them. Raises PeersDisagree where a figure differs."""
    script = ByHand(database)
    try:
        took = partial(_card, database, script, question, runs)
        yield from card_by_card(STATEMENTS, took, database.name, "hand-written SQL", GOAL)
    finally:
        script.close()


def card_by_card(
    measures: Iterable[str], took: Callable[[str], Paired], database: str, peer_is: str, goal: float
) -> Iterator[Line]:
    """A line for each card as soon as it is timed, one for all of them and one for the card in the middle."""

    def line(what: str, one: Paired, goal: float | None = goal) -> Line:
        return Line.of_pair("Figures of 12 quarters by place", what, database, peer_is, one, goal)

    found = []
    for measure in measures:
        found.append(took(measure))
        yield line(measure, found[-1])
    ours, peer = sum(one.ours for one in found), sum(one.peer for one in found)
    yield line("all of these cards, one after the other", Paired(ours, peer, ours / peer))
    middle = Paired(ours / len(found), peer / len(found), median(one.ratio for one in found))
    yield line("the card in the middle", middle, None)


def together(halves: Sequence[Paired]) -> Paired:
    """A card of two runs takes the time of both, and counts by its slower half."""
    ratio = max(one.ratio for one in halves)
    return Paired(sum(one.ours for one in halves), sum(one.peer for one in halves), ratio)


def runs_of(measure: str, question: Question, dialect: str) -> Iterator[tuple[Plan, Run, str]]:
    """What a card takes: its plan, each of its runs, and the hand-written statement for that run."""
    for by_place in splits(planned(measure)):
        plan, run = asked(measure, question, by_place)
        words = Words(dialect, question.periods, question.contracts, question.today, by_place)
        yield plan, run, STATEMENTS[measure](words)


def _card(database: Database, script: ByHand, question: Question, runs: int, measure: str) -> Paired:
    halves = []
    # As a scorecard does: the planner's settings are settled once, as the script's are.
    with database.engine.connect() as connection, planned_well(connection):
        for plan, run, sql in runs_of(measure, question, script.dialect):
            ours = partial(engine.groups, connection, registry(), plan, run)
            peer = partial(script.rows, sql)
            compare(measure, "hand-written SQL", of_engine(ours()), of_rows(peer()))
            halves.append(paired(ours, peer, runs))
    return together(halves)
