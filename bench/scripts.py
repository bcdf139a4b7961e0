"""Figures: the engine against an analyst's pandas script (with its load) and a plain ORM loop."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from bench import orm_loop, pandas_script
from bench.databases import Database
from bench.figures import Answer, Question, asked, compare, of_engine
from bench.pandas_script import CARDS
from bench.table import Line
from bench.timing import paired
from outcomes.frameworks.binding import registry
from outcomes.measures.engine import groups

Script = Callable[[Connection, Question], dict[str, Answer]]


def against_scripts(database: Database, question: Question, runs: int) -> Iterator[Line]:
    """The three cards that count records, together: a script loads once for all of them."""
    peers: tuple[tuple[str, Script, float], ...] = (
        ("pandas, with its load", pandas_script.answers, 1.0),
        ("a plain ORM loop", orm_loop.answers, 1 / 30),
    )
    for name, script, goal in peers:
        with database.engine.connect() as connection:

            def ours(connection: Connection = connection) -> dict[str, Answer]:
                runs = {card: asked(card, question) for card in CARDS}
                return {card: of_engine(groups(connection, registry(), *run)) for card, run in runs.items()}

            def peer(connection: Connection = connection, script: Script = script) -> dict[str, Answer]:
                return script(connection, question)

            said, heard = ours(), peer()
            for card in CARDS:
                compare(card, name, said[card], heard[card])
            one = paired(ours, peer, min(runs, 3))
        yield Line("The three cards that count records", "12 quarters by place", database.name, one.ours * 1000, "ms",
                   name, one.peer * 1000, one.ratio, goal)  # fmt: skip
