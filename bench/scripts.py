"""Figures: the engine against an analyst's pandas script (with its load) and a plain ORM loop, card by card."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from statistics import median

from sqlalchemy import Connection

from bench.databases import Database
from bench.figures import Answer, Question, asked, compare, of_engine, splits
from bench.orm_loop.scripts import SCRIPTS as ORM
from bench.pandas_script.scripts import SCRIPTS as PANDAS
from bench.table import Line
from bench.timing import Paired, of_pairs, seconds
from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import planned
from outcomes.measures.engine import Run, groups
from outcomes.measures.planning.plan import Plan
from outcomes.measures.sql.dialects import planned_well

Answers = Callable[[], Answer]
Script = Callable[..., Answer]
"""Takes a connection and a question; `by_place` too, where a card counts a child at each place."""


@dataclass(frozen=True, slots=True)
class Peer:
    """`most` is how many runs count at most. With one, the run that is compared counts, without a warm-up."""

    name: str
    scripts: Mapping[str, Script]
    goal: float
    most: int


PEERS = (
    Peer("pandas, with its load", PANDAS, 1.0, most=3),
    # A loop that takes a hundred times as long as ours needs no second run to be told from it.
    Peer("a plain ORM loop, run once", ORM, 1 / 30, most=1),
)


def against_scripts(database: Database, question: Question, runs: int) -> Iterator[Line]:
    """A line for each peer and card, and two for all cards. Raises PeersDisagree where a figure differs."""
    for peer in PEERS:
        found = []
        for measure in peer.scripts:
            one = _card(measure, peer, database, question, min(runs, peer.most))
            found.append(one)
            yield _line(measure, peer, database, one, peer.goal)
        ours, theirs = sum(one.ours for one in found), sum(one.peer for one in found)
        total = Paired(ours, theirs, ours / theirs)
        yield _line("all of these cards, one after the other", peer, database, total, peer.goal)
        middle = Paired(ours / len(found), theirs / len(found), median(one.ratio for one in found))
        yield _line("the card in the middle", peer, database, middle, None)


def both(
    measure: str, script: Script, connection: Connection, of_peer: Connection, question: Question
) -> Iterator[tuple[Answers, Answers]]:
    """For each run that a card takes: how to ask the engine, and how to ask the script."""
    for by_place in splits(planned(measure)):
        plan, run = asked(measure, question, by_place)
        asks = Question(run.contracts, run.periods, run.today)
        yield (
            partial(_of_engine, connection, plan, run),
            partial(script, of_peer, asks, **({"by_place": True} if by_place else {})),
        )


def _of_engine(connection: Connection, plan: Plan, run: Run) -> Answer:
    return of_engine(groups(connection, registry(), plan, run))


def _card(measure: str, peer: Peer, database: Database, question: Question, runs: int) -> Paired:
    total = Paired(0, 0, 0)
    with (
        database.engine.connect() as connection,
        planned_well(connection),
        database.engine.connect() as of_peer,
    ):
        for ours, theirs in both(measure, peer.scripts[measure], connection, of_peer, question):
            said, heard = ours(), []
            first = seconds(lambda theirs=theirs, heard=heard: heard.append(theirs()))
            compare(measure, peer.name, said, heard[0])
            pairs = [(seconds(ours), first)] if runs == 1 else []
            one = of_pairs(pairs or [(seconds(ours), seconds(theirs)) for _ in range(runs)])
            # A card of two runs counts by its slower half.
            total = Paired(total.ours + one.ours, total.peer + one.peer, max(total.ratio, one.ratio))
    return total


def _line(what: str, peer: Peer, database: Database, one: Paired, goal: float | None) -> Line:
    return Line("Figures of 12 quarters by place", what, database.name, one.ours * 1000, "ms",
                peer.name, one.peer * 1000, one.ratio, goal)  # fmt: skip
