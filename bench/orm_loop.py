"""A plain ORM loop for the cards that count records: walk the placements, and each one's records.

What is usually written first; each placement's records are loaded when they are looked at.
"""

from collections import Counter
from datetime import date, datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session, registry, relationship

from bench.figures import Answer, Question
from bench.gaps import gaps
from bench.pandas_script import CARDS, MISSED
from outcomes.core.clock import london_date
from outcomes.core.database import db


class Placed:
    """A placement with its records."""


class Met:
    """A key-worker session."""


class Gone:
    """A missing episode."""


class Touched:
    """A review of a goal."""


def _mapped() -> None:
    tables, mappers = db.metadata.tables, registry()
    review, session = tables["goal_review"], tables["keyworker_session"]
    mappers.map_imperatively(Touched, review, include_properties=["id", "session_id", "withdrawn_at"])
    mappers.map_imperatively(
        Met, session, properties={"reviews": relationship(Touched, primaryjoin=review.c.session_id == session.c.id, foreign_keys=[review.c.session_id])}
    )  # fmt: skip
    mappers.map_imperatively(Gone, tables["missing_episode"])
    placement = tables["placement"]
    mappers.map_imperatively(
        Placed,
        placement,
        properties={
            name: relationship(kind, primaryjoin=table.c.placement_id == placement.c.id, foreign_keys=[table.c.placement_id])
            for name, kind, table in (("sessions", Met, session), ("episodes", Gone, tables["missing_episode"]))
        },
    )  # fmt: skip


_mapped()


def answers(connection: Connection, question: Question) -> dict[str, Answer]:
    """The figures of the three cards."""
    found: dict[str, Answer] = {card: Counter() for card in CARDS}
    with Session(connection) as session:
        standing = [one for one in session.scalars(select(Placed)) if one.withdrawn_at is None]
        under = [one for one in standing if one.contract_id in question.contracts]
        for placed in under:
            place = placed.home_id or -placed.carer_household_id
            for record in (*placed.sessions, *placed.episodes):
                _count(found, record, question, placed.contract_id, place)
        between = gaps(
            (
                one.person_id,
                one.contract_id,
                one.home_id or -one.carer_household_id,
                one.started_on,
                one.ended_on,
            )
            for one in under
        )
        for kind in (Met, Gone):
            for record in session.scalars(select(kind).where(kind.placement_id.is_(None))):  # type: ignore[attr-defined]
                day = _day(record)
                for since, until, contract, place in between.get(record.person_id, ()):
                    if day is not None and since <= day < until:
                        _count(found, record, question, contract, place)
    return found


def _count(
    found: dict[str, Answer], record: Met | Gone, question: Question, contract: int, place: int
) -> None:
    for card, day in _counts_for(record):
        n = next((n for n, period in enumerate(question.periods) if day in period), None)
        if n is not None:
            found[card][(n, contract, place, 0, -1)] += 1


def _counts_for(record: Met | Gone) -> list[tuple[str, date]]:
    if record.withdrawn_at is not None:  # type: ignore[union-attr]
        return []
    if isinstance(record, Gone):
        return [(CARDS[2], london_date(record.started_at))] if record.kind == "missing" else []  # type: ignore[attr-defined]
    counted = []
    worth = record.topics or any(one.withdrawn_at is None for one in record.reviews)  # type: ignore[attr-defined]
    if record.status == "held" and worth:  # type: ignore[attr-defined]
        counted.append((CARDS[0], record.held_on))  # type: ignore[attr-defined]
    if record.status in MISSED and record.planned_on is not None:  # type: ignore[attr-defined]
        counted.append((CARDS[1], record.planned_on))  # type: ignore[attr-defined]
    return counted


def _day(record: Met | Gone) -> date | None:
    if isinstance(record, Gone):
        started: datetime = record.started_at  # type: ignore[attr-defined]
        return london_date(started)
    return record.held_on or record.planned_on  # type: ignore[attr-defined, no-any-return]
