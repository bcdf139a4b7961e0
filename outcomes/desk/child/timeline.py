"""Everything of a child's record by the day it is about, newest first: which rows are on a page.

One statement over all kinds finds the page's rows, one counts them. What the rows say is
`timeline_words.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Select, String, desc, func, literal, select, union_all

from outcomes.care.people import Person
from outcomes.core.actor import Actor
from outcomes.core.clock import start_of
from outcomes.core.database import Moment, db
from outcomes.core.periods import Period
from outcomes.kit.declaring.record import KINDS, PersonRecord
from outcomes.web.limits import PageWanted

Kind = type[PersonRecord]


@dataclass(frozen=True, slots=True)
class Found:
    """One row of the timeline: which record in which state, and the day that it is about."""

    kind: str
    key: int
    public_id: str
    revision: int
    about: date


def kinds_shown(actor: Actor) -> list[Kind]:
    """The kinds about a day whose level this reader has. The others are not hinted at."""
    return [
        kind
        for kind in KINDS
        if issubclass(kind, PersonRecord)
        and kind.declaration.about
        and actor.may_read(kind.declaration.level)
    ]


def page_of_timeline(
    child: Person, kinds: Sequence[Kind], period: Period | None, wanted: PageWanted
) -> tuple[list[Found], int]:
    """One page of the child's standing records of these kinds, and how many there are."""
    counts = union_all(*(_counted(kind, child, period) for kind in kinds))
    total = sum(db.session.scalars(counts))
    rows = db.session.execute(
        union_all(*(_found(kind, child, period) for kind in kinds))
        .order_by(desc("about"), desc("recorded_at"), desc("key"))
        .limit(wanted.per_page)
        .offset(wanted.offset)
    )
    return [Found(row[0], row[1], row[2], row[3], row[4]) for row in rows], total


def _found(kind: Kind, child: Person, period: Period | None) -> Select[Any]:
    return select(
        literal(kind.kind_name(), String).label("kind"),
        kind.id.label("key"),
        kind.public_id.label("public_id"),
        kind.revision.label("revision"),
        _about(kind).label("about"),
        kind.recorded_at.label("recorded_at"),
    ).where(*_conditions(kind, child, period))


def _counted(kind: Kind, child: Person, period: Period | None) -> Select[Any]:
    return select(func.count(kind.id)).where(*_conditions(kind, child, period))


def _about(kind: Kind) -> Any:
    """The day a record is about. For an instant the day in UTC: it orders, and is never shown."""
    column = _column(kind)
    return func.date(column, type_=Date) if _is_moment(kind) else column


def _column(kind: Kind) -> Any:
    said = kind.declaration
    about = getattr(kind, str(said.about))
    return func.coalesce(about, getattr(kind, said.about_else)) if said.about_else else about


def _is_moment(kind: Kind) -> bool:
    return isinstance(getattr(kind, str(kind.declaration.about)).property.columns[0].type, Moment)


def _conditions(kind: Kind, child: Person, period: Period | None) -> list[Any]:
    about = _column(kind)
    conditions = [kind.person_id == child.id, kind.standing(), about.is_not(None)]
    if period is not None:
        first: Any = period.first
        after: Any = period.last + timedelta(days=1)
        if _is_moment(kind):
            first, after = start_of(first), start_of(after)
        conditions += [about >= first, about < after]
    return conditions
