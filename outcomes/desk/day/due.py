"""What is due for the children of today, each question one statement for all of them.

The statements are built once and asked with the children's keys and the day (`desk/asking.py`).

Dated dues come from the kinds' own declarations (`Due`), so that a new kind with a due date is
on my day without a line here. What has no row until it happens (a session this week, a reading
this quarter) is worked out from the last one (`standing.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from outcomes.care.organisations import CarerHousehold, Home
from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.actor import Actor
from outcomes.core.calendar import add_months
from outcomes.core.clock import start_of
from outcomes.core.database import Moment, db
from outcomes.core.periods import Period
from outcomes.desk.asking import DAY, SINCE, Here, Question, of_these
from outcomes.kit.declaring.fields import Link
from outcomes.kit.declaring.record import KINDS, PersonRecord, Record, day_of
from outcomes.records.plans import Goal, GoalReview, PlanReview

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


def dated(here: Here, actor: Actor) -> Iterator[Dated]:
    """Every record with a due date up to two weeks ahead that is neither done nor settled."""
    for kind in KINDS:
        said = kind.declaration
        if said.due is None or not issubclass(kind, PersonRecord) or not _may_see(kind, said.due.on, actor):
            continue
        # A due instant is due on its London day; the day after the last one begins the first out of sight.
        first_out_of_sight: Any = here.day + AHEAD + timedelta(days=1)
        if _is_moment(kind):
            first_out_of_sight = start_of(first_out_of_sight)
        for record, *through in here.ask(_waiting(kind), first_out_of_sight=first_out_of_sight):
            due_on = day_of(getattr(record, said.due.on))
            assert due_on is not None
            yield Dated(record, due_on, *through)


def _may_see(kind: type[Record], name: str, actor: Actor) -> bool:
    level = kind.asked_fields()[name].level
    return level is not None and actor.may_read(level)


def _is_moment(kind: type[Record]) -> bool:
    assert kind.declaration.due is not None
    return isinstance(getattr(kind, kind.declaration.due.on).property.columns[0].type, Moment)


@cache
def _waiting(kind: type[PersonRecord]) -> Question:
    """The records of a kind that wait for their date, and with each the one that it hangs on, if it may."""
    said = kind.declaration
    assert said.due is not None
    on = getattr(kind, said.due.on)
    conditions = [kind.standing(), of_these(kind.person_id)]
    conditions += [on < bindparam("first_out_of_sight", type_=on.property.columns[0].type)]
    conditions += [_open(kind, name) for name in (said.due.done, *said.due.settled)]
    if kind is GoalReview:
        conditions.append(~_reviewed_since())
    if kind is PlanReview:
        conditions.append(~_plan_reviewed_since())
    if said.owner_through is None:
        return select(kind).where(*conditions)
    link = kind.asked_fields()[said.owner_through]
    assert isinstance(link, Link)
    through = KINDS[link.to]
    hangs_on = getattr(kind, said.owner_through)
    # A review need not name its plan; of a plan that was withdrawn none is due.
    stands = or_(hangs_on.is_(None), through.standing())
    return select(kind, through).outerjoin(through, hangs_on == through.id).where(*conditions, stands)


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


def stale_goals(here: Here) -> list[tuple[Goal, date]]:
    """Open goals without a review planned that nobody reviewed for three months, with the last day somebody did."""
    rows = here.ask(_stale_goals(), since=add_months(here.day, -STALE_MONTHS))
    return [(goal, last or goal.set_on) for goal, last in rows]


@cache
def _stale_goals() -> Question:
    held = func.max(GoalReview.reviewed_on)
    planned = func.count(case((GoalReview.reviewed_on.is_(None), GoalReview.due_on)))
    return (
        select(Goal, held)
        .outerjoin(GoalReview, and_(GoalReview.goal_id == Goal.id, GoalReview.standing()))
        .where(Goal.standing(), Goal.status == "open", of_these(Goal.person_id))
        .group_by(Goal.id)
        .having(planned == 0, func.coalesce(held, Goal.set_on) < SINCE)
    )


def untold_endings(day: date) -> list[tuple[Person, Placement, Home | None, CarerHousehold | None]]:
    """Placements that ended in the last three months and whose ending is not told in full."""
    rows = db.session.execute(_untold_endings(), {"day": day, "since": day - ENDINGS_BACK})
    return [(row[0], row[1], row[2], row[3]) for row in rows]


@cache
def _untold_endings() -> Question:
    untold = or_(*(getattr(Placement, name).is_(None) for name in ENDING_FACTS))
    return (
        select(Person, Placement, Home, CarerHousehold)
        .join(Placement, Placement.person_id == Person.id)
        .outerjoin(Home, Home.id == Placement.home_id)
        .outerjoin(CarerHousehold, CarerHousehold.id == Placement.carer_household_id)
        .where(Placement.standing(), Placement.ended_on <= DAY)
        .where(Placement.ended_on > SINCE, untold, Person.standing())
        .order_by(Placement.ended_on)
    )


def reading_state(last: date | None, here_since: date, quarter: Period) -> str:
    """How a reading stands: "" when one was taken this quarter, else due, or overdue when a whole
    quarter has gone by without one."""
    if last is not None and last >= quarter.first:
        return ""
    waiting_since = last or here_since
    return "overdue" if waiting_since < quarter.earlier().first else "due"
