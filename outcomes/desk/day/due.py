"""What is due for the children of today, each question one statement for all of them.

Dated dues come from the kinds' own declarations (`Due`), so that a new kind with a due date is
on my day without a line here. What has no row until it happens (a session this week, a reading
this quarter) is worked out from the last one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from outcomes.care.organisations import CarerHousehold, Home
from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.actor import Actor
from outcomes.core.calendar import add_months
from outcomes.core.clock import start_of
from outcomes.core.database import Moment, db
from outcomes.core.periods import Period
from outcomes.desk.child.whereabouts import placed_today
from outcomes.kit.fields import Link
from outcomes.kit.record import KINDS, PersonRecord, Record, day_of
from outcomes.records.plans import Goal, GoalReview, PlanReview
from outcomes.records.readings import Instrument, Reading
from outcomes.records.sessions import KeyworkerSession

AHEAD = timedelta(days=14)
"""How far ahead my day looks."""

SESSION_EVERY = timedelta(days=7)
"""A key-worker session a week in a home: ours, no regulation or contract of the sources sets another."""

SESSION_EVERY_WITH_CARERS = timedelta(days=28)
"""With foster carers once in four weeks: ours, in the rhythm of a supervising social worker's visits."""

STALE_MONTHS = 3
"""A goal is looked at once a quarter at least: ours, in the rhythm of the quarterly measures."""

ENDING_FACTS = ("end_reason", "ending_planned", "ending_was_breakdown")
"""What must be known of an ending before a figure can count it (R35)."""

ENDINGS_BACK = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Dated:
    """A standing record that waits for its date, and the record that it hangs on (a review's goal)."""

    record: PersonRecord
    due_on: date
    through: Record | None = None


@dataclass(frozen=True, slots=True)
class LastSession:
    """The last session held with a child, and the last that was planned and did not happen."""

    held_on: date | None
    not_held_on: date | None


@dataclass(frozen=True, slots=True)
class LastReading:
    """The last complete reading of a child with one instrument, whoever took it."""

    instrument_code: str
    title: str
    taken_on: date


def children_here() -> Any:
    """The keys of the children who are placed today, as a subquery."""
    return select(Placement.person_id).where(placed_today())


def dated(actor: Actor, day: date) -> Iterator[Dated]:
    """Every record with a due date up to two weeks ahead that is neither done nor settled."""
    for kind in KINDS:
        said = kind.declaration
        if said.due is None or not issubclass(kind, PersonRecord) or not _may_see(kind, said.due.on, actor):
            continue
        for record, through in _waiting(kind, day + AHEAD):
            due_on = day_of(getattr(record, said.due.on))
            assert due_on is not None
            yield Dated(record, due_on, through)


def _may_see(kind: type[Record], name: str, actor: Actor) -> bool:
    level = kind.asked_fields()[name].level
    return level is not None and actor.may_read(level)


def _waiting(kind: type[PersonRecord], until: date) -> Iterator[tuple[PersonRecord, Record | None]]:
    said = kind.declaration
    assert said.due is not None
    on = getattr(kind, said.due.on)
    column = on.property.columns[0]
    # A due instant is due on its London day; the day after `until` begins the first one out of sight.
    limit: Any = until + timedelta(days=1)
    if isinstance(column.type, Moment):
        limit = start_of(limit)
    conditions = [kind.standing(), kind.person_id.in_(children_here()), on < limit]
    conditions += [_open(kind, name) for name in (said.due.done, *said.due.settled)]
    if kind is GoalReview:
        conditions.append(~_reviewed_since())
    if kind is PlanReview:
        conditions.append(~_plan_reviewed_since())
    if said.owner_through is None:
        for (record,) in db.session.execute(select(kind).where(*conditions)):
            yield record, None
        return
    link = kind.asked_fields()[said.owner_through]
    assert isinstance(link, Link)
    through = KINDS[link.to]
    hangs_on = getattr(kind, said.owner_through)
    # A review need not name its plan; of a plan that was withdrawn none is due.
    stands = or_(hangs_on.is_(None), through.standing())
    joined = select(kind, through).outerjoin(through, hangs_on == through.id)
    for record, hung_on in db.session.execute(joined.where(*conditions, stands)):
        yield record, hung_on


def _reviewed_since() -> Any:
    """The goal was reviewed on or after the day that this review was due: what was missed cannot be made good."""
    later = aliased(GoalReview)
    return exists().where(
        later.goal_id == GoalReview.goal_id,
        later.withdrawn_at.is_(None),
        later.reviewed_on >= GoalReview.due_on,
    )


def _plan_reviewed_since() -> Any:
    """A review of the same sort was held on or after the day that this one was due."""
    later = aliased(PlanReview)
    return exists().where(
        later.person_id == PlanReview.person_id,
        later.kind == PlanReview.kind,
        later.withdrawn_at.is_(None),
        later.held_on >= PlanReview.due_on,
    )


def _open(kind: type[Record], name: str) -> ColumnElement[bool]:
    """The field is blank; for a yes or no, not yes."""
    column = getattr(kind, name)
    if isinstance(column.property.columns[0].type, Boolean):
        return or_(column.is_(None), column.is_(False))
    blank: ColumnElement[bool] = column.is_(None)
    return blank


def last_sessions() -> dict[int, LastSession]:
    """The last session of each child placed today, by the child's key; no entry where there was none."""
    held = KeyworkerSession.status == "held"
    rows = db.session.execute(
        select(
            KeyworkerSession.person_id,
            func.max(case((held, KeyworkerSession.held_on))),
            func.max(case((~held, KeyworkerSession.planned_on))),
        )
        .where(KeyworkerSession.standing(), KeyworkerSession.person_id.in_(children_here()))
        .group_by(KeyworkerSession.person_id)
    )
    return {key: LastSession(last_held, missed) for key, last_held, missed in rows}


def last_readings() -> dict[int, list[LastReading]]:
    """For each child placed today, the last complete reading with each instrument in use."""
    rows = db.session.execute(
        select(
            Reading.person_id, Reading.instrument_code, func.max(Instrument.title), func.max(Reading.taken_on)
        )
        .join(
            Instrument,
            and_(
                Instrument.instrument_code == Reading.instrument_code, Instrument.version == Reading.version
            ),
        )
        .where(Reading.standing(), Reading.status == "complete", Reading.person_id.in_(children_here()))
        .group_by(Reading.person_id, Reading.instrument_code)
        .order_by(Reading.instrument_code)
    )
    found: dict[int, list[LastReading]] = {}
    for key, code, title, taken_on in rows:
        found.setdefault(key, []).append(LastReading(code, title or code, taken_on))
    return found


def stale_goals(day: date) -> list[tuple[Goal, date]]:
    """Open goals without a review planned that nobody reviewed for three months, with the last day somebody did."""
    held = func.max(GoalReview.reviewed_on)
    planned = func.count(case((GoalReview.reviewed_on.is_(None), GoalReview.due_on)))
    rows = db.session.execute(
        select(Goal, held)
        .outerjoin(GoalReview, and_(GoalReview.goal_id == Goal.id, GoalReview.standing()))
        .where(Goal.standing(), Goal.status == "open", Goal.person_id.in_(children_here()))
        .group_by(Goal.id)
        .having(planned == 0, func.coalesce(held, Goal.set_on) < add_months(day, -STALE_MONTHS))
    )
    return [(goal, last or goal.set_on) for goal, last in rows]


def untold_endings(day: date) -> list[tuple[Person, Placement, Home | None, CarerHousehold | None]]:
    """Placements that ended in the last three months and whose ending is not told in full."""
    untold = or_(*(getattr(Placement, name).is_(None) for name in ENDING_FACTS))
    rows = db.session.execute(
        select(Person, Placement, Home, CarerHousehold)
        .join(Placement, Placement.person_id == Person.id)
        .outerjoin(Home, Home.id == Placement.home_id)
        .outerjoin(CarerHousehold, CarerHousehold.id == Placement.carer_household_id)
        .where(Placement.standing(), Placement.ended_on <= day, Placement.ended_on > day - ENDINGS_BACK)
        .where(untold, Person.standing())
        .order_by(Placement.ended_on)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def reading_state(last: date | None, here_since: date, quarter: Period) -> str:
    """How a reading stands: "" when one was taken this quarter, else due, or overdue when a whole
    quarter has gone by without one."""
    if last is not None and last >= quarter.first:
        return ""
    waiting_since = last or here_since
    return "overdue" if waiting_since < quarter.earlier().first else "due"
