"""Figures: the engine against an analyst's pandas script (with its load) and a plain ORM loop, card by card."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from bench import orm_loop, pandas_script
from bench.answering import Script, scripts_in
from bench.databases import Database
from bench.figures import asked, card_by_card, compare, of_engine, splits, together
from bench.question import Answer, Question
from bench.table import Line
from bench.timing import Paired, of_pairs, seconds, timed
from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import planned
from outcomes.measures.engine import Run, groups
from outcomes.measures.planning.plan import Plan
from outcomes.measures.sql.databases import planned_well

Answers = Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class Peer:
    """A script takes a connection and a question; `by_place` too, where a card counts a child at each place.

    `most` is how many runs count at most. With one, the run that is compared counts, without a warm-up.
    """

    name: str
    scripts: Mapping[str, Script]
    goal: float
    most: int


PEERS = (
    Peer("pandas, with its load", scripts_in(pandas_script), 1.0, most=3),
    # A loop that takes a hundred times as long as ours needs no second run to be told from it.
    Peer("a plain ORM loop, run once", scripts_in(orm_loop), 1 / 30, most=1),
)


def against_scripts(database: Database, question: Question, runs: int) -> Iterator[Line]:
    """A line for each peer and card, and two for all cards. Raises PeersDisagree where a figure differs."""
    for peer in PEERS:
        took = partial(_card, peer, database, question, min(runs, peer.most))
        yield from card_by_card(peer.scripts, took, database.name, peer.name, peer.goal)


def both(
    measure: str, script: Script, connection: Connection, of_peer: Connection, question: Question
) -> Iterator[tuple[Answers, Answers]]:
    """For each run that a card takes: how to ask the engine, and how to ask the script."""
    for by_place in splits(planned(measure)):
        plan, run = asked(measure, question, by_place)
        yield (
            partial(_of_engine, connection, plan, run),
            partial(script, of_peer, question, **({"by_place": True} if by_place else {})),
        )


def _of_engine(connection: Connection, plan: Plan, run: Run) -> Answer:
    return of_engine(groups(connection, registry(), plan, run))


def _card(peer: Peer, database: Database, question: Question, runs: int, measure: str) -> Paired:
    halves = []
    with (
        database.engine.connect() as connection,
        planned_well(connection),
        database.engine.connect() as of_peer,
    ):
        for ours, theirs in both(measure, peer.scripts[measure], connection, of_peer, question):
            said = ours()
            first, heard = timed(theirs)
            compare(measure, peer.name, said, heard)
            pairs = [(seconds(ours), first)] if runs == 1 else []
            halves.append(of_pairs(pairs or [(seconds(ours), seconds(theirs)) for _ in range(runs)]))
    return together(halves)
