"""Figures: the engine against hand-written SQL for the same figures, on the same database, in turn.

The peers are asked for the same answer, and a run whose answers differ fails: a bench that compares
two different figures says nothing.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

import psycopg
from sqlalchemy.engine import Connection

from bench.by_hand.statements import STATEMENTS
from bench.by_hand.words import Words
from bench.databases import Database
from bench.table import Line
from bench.timing import Paired, paired
from bench.world.work import TOOL
from outcomes.core.periods import Period
from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import planned
from outcomes.measures import engine
from outcomes.measures.engine import Run
from outcomes.measures.figures.facts import Group
from outcomes.measures.planning.plan import Plan
from outcomes.measures.sql.dialects import planned_well

GOAL = 1.5
"""At provider size; at region size it is 1.2."""

Answer = Counter[tuple[int, int, int, int, int]]
"""Units by period, contract, place, bucket and reason."""


class PeersDisagree(AssertionError):
    """The engine and a peer say different figures: the bench stops."""


@dataclass(frozen=True)
class Question:
    """Every contract, these periods, split by place."""

    contracts: Sequence[int]
    periods: Sequence[Period]
    today: date


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


def of_rows(rows: Sequence[Any]) -> Answer:
    found: Answer = Counter()
    for *key, units in rows:
        found[tuple(int(one) for one in key)] += units  # type: ignore[index]
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
    """A line for each card, and one for all of them."""
    by_hand, found = ByHand(database), []
    try:
        for measure in STATEMENTS:
            # As a scorecard does: the planner's settings are settled once, as the script's are.
            with database.engine.connect() as connection, planned_well(connection):
                one = _card(measure, connection, by_hand, question, runs)
            found.append(one)
            yield _line(measure, database.name, one, GOAL)
    finally:
        by_hand.close()
    ours, peer = sum(one.ours for one in found), sum(one.peer for one in found)
    yield _line(
        "all of these cards, one after the other", database.name, Paired(ours, peer, ours / peer), GOAL
    )
    middle = median(one.ratio for one in found)
    yield _line(
        "the card in the middle", database.name, Paired(ours / len(found), peer / len(found), middle), None
    )


def runs_of(measure: str, question: Question, dialect: str) -> Iterator[tuple[Plan, Run, str]]:
    """What a card takes: its plan, each of its runs, and the hand-written statement for that run."""
    for by_place in splits(planned(measure)):
        plan, run = asked(measure, question, by_place)
        words = Words(dialect, question.periods, question.contracts, question.today, by_place)
        yield plan, run, STATEMENTS[measure](words)


def _card(measure: str, connection: Connection, by_hand: ByHand, question: Question, runs: int) -> Paired:
    total = Paired(0, 0, 0)
    for plan, run, sql in runs_of(measure, question, by_hand.dialect):

        def ours(plan: Plan = plan, run: Run = run) -> list[Group]:
            return engine.groups(connection, registry(), plan, run)

        def peer(sql: str = sql) -> list[Any]:
            return by_hand.rows(sql)

        compare(measure, "hand-written SQL", of_engine(ours()), of_rows(peer()))
        one = paired(ours, peer, runs)
        # A card of two runs counts by its slower half.
        total = Paired(total.ours + one.ours, total.peer + one.peer, max(total.ratio, one.ratio))
    return total


def _line(what: str, database: str, one: Paired, goal: float | None) -> Line:
    return Line(
        section="Figures of 12 quarters by place",
        what=what,
        database=database,
        ours=one.ours * 1000,
        unit="ms",
        peer_is="hand-written SQL",
        peer=one.peer * 1000,
        ratio=one.ratio,
        goal=goal,
    )
