"""Kept facts: the scorecard of a whole pack after one new session, against working it out anew.

In turn: a session is written, the scorecard is asked for from what is kept, and once more from the
records. Both must say the same figures.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.databases import Database
from bench.figures import PeersDisagree
from bench.question import Question
from bench.table import Line
from bench.timing import of_pairs, timed
from outcomes.access.bind import system_scope
from outcomes.care.people import Person
from outcomes.core.actor import system_actor
from outcomes.core.transaction import transaction
from outcomes.frameworks.figures import Asked, document, figures
from outcomes.frameworks.kept.keeper import Kept
from outcomes.frameworks.packs import packs
from outcomes.frameworks.sources import Live, Source
from outcomes.kit.reading.view import raw_of
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.records.sessions import KeyworkerSession

GOAL_MS = 30.0
"""At region size; printed at this size as well."""

PACK = "hackney_homes"


def kept(database: Database, question: Question, runs: int) -> Iterator[Line]:
    """A line for the first look, when nothing is kept, and one for the look after a new session."""
    measures = [card.measure for card in packs()[PACK].cards]
    asked = Asked(measures, question.contracts, question.periods[-1], today=question.today)
    with database.app.app_context(), system_scope("the bench looks at a scorecard") as session:

        def look(source: Source) -> Any:
            return document(figures(source, asked))

        look(Live(session.connection()))
        first, _said = timed(lambda: look(Kept(session)))
        pairs = []
        for _ in range(runs):
            _one_more(session)
            ours, said = timed(lambda: look(Kept(session)))
            anew, heard = timed(lambda: look(Live(session.connection())))
            if said != heard:
                raise PeersDisagree("The scorecard from what is kept is not what the records say.")
            pairs.append((ours, anew))
    section = f"The scorecard of {PACK}, {len(measures)} measures"
    yield Line(section, "the first look, nothing kept yet", database.name, first * 1000, "ms")
    what = "after one new session, from what is kept"
    yield Line.of_pair(
        section, what, database.name, "worked out anew", of_pairs(pairs), GOAL_MS, goal_is_for="ours"
    )


def _one_more(session: Session) -> None:
    """One more session like the last one, through the one writer."""
    last = session.scalars(select(KeyworkerSession).order_by(KeyworkerSession.id.desc()).limit(1)).one()
    child = session.get(Person, last.person_id)
    raw = raw_of(last) | {"person_id": child}
    with transaction():
        writer.record(check(KeyworkerSession, raw, with_owner=True), by=system_actor("the bench"))
