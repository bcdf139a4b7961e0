"""What is missing for the children of today, where no record waits for a date: one statement a question.

No GP or dentist, a check whose recall comes up with nothing booked, a plan whose review nobody
planned, a school week that nobody entered, skills that nobody rated.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from outcomes.core.calendar import add_months
from outcomes.core.database import db
from outcomes.desk.child.education import SCHOOLS, WEEK, at_school, last_weeks
from outcomes.desk.child.readings import expected_levels
from outcomes.desk.child.whereabouts import open_on
from outcomes.desk.day.due import AHEAD, children_here
from outcomes.records.education import Attendance, EducationSpell
from outcomes.records.health import HealthCheck, HealthRegistration
from outcomes.records.plans import Plan, PlanReview
from outcomes.records.readings import Instrument

REGISTERED_WITH = ("gp", "dentist")
"""Everybody has these two; an optician not everybody needs, so it is on the child's page only."""

WEEKS_BACK = 4
"""Attendance is asked for so many weeks back: who remembers longer looks into the school's own list."""

HELD_EARLY = timedelta(days=28)
"""A review held so shortly before its date was the one that was due."""


@dataclass(frozen=True, slots=True)
class SchoolWeeks:
    """Of one child: the spells at a school, and the weeks entered."""

    spells: list[EducationSpell] = field(default_factory=list)
    entered: set[date] = field(default_factory=set)

    def missing(self, day: date, since: date) -> list[date]:
        """The weeks at school since the child came here that nobody entered, oldest first."""
        return [
            monday
            for monday in last_weeks(day, WEEKS_BACK)
            if monday >= since and monday not in self.entered and at_school(self.spells, monday)
        ]


def registered(day: date) -> Mapping[int, set[str]]:
    """With whom each child is registered today, by the child's key."""
    rows = db.session.execute(
        select(HealthRegistration.person_id, HealthRegistration.kind)
        .where(HealthRegistration.standing(), HealthRegistration.person_id.in_(children_here()))
        .where(open_on(HealthRegistration.valid_from, HealthRegistration.valid_to, day))
    )
    found: dict[int, set[str]] = {}
    for key, kind in rows:
        found.setdefault(key, set()).add(kind)
    return found


def recalls(day: date) -> list[tuple[HealthCheck, date]]:
    """Checks that come round again within two weeks, or did, without a later one on the record."""
    later = aliased(HealthCheck)
    followed = (
        select(later.id)
        .where(later.person_id == HealthCheck.person_id, later.kind == HealthCheck.kind)
        .where(later.withdrawn_at.is_(None), later.id != HealthCheck.id)
        .where(func.coalesce(later.due_on, later.attended_on) > HealthCheck.attended_on)
    )
    rows = db.session.scalars(
        select(HealthCheck)
        .where(HealthCheck.standing(), HealthCheck.person_id.in_(children_here()))
        .where(HealthCheck.attended_on.is_not(None), HealthCheck.recall_months.is_not(None))
        .where(~followed.exists())
        .order_by(HealthCheck.attended_on)
    )
    due = [(one, add_months(one.attended_on or day, one.recall_months or 0)) for one in rows]
    return [(one, on) for one, on in due if on <= day + AHEAD]


def unplanned_reviews(day: date) -> list[Plan]:
    """Plans whose next review comes up within two weeks, or came, and of which no review says anything."""
    last = func.max(func.coalesce(PlanReview.held_on, PlanReview.due_on))
    rows = db.session.execute(
        select(Plan, last)
        .outerjoin(PlanReview, (PlanReview.plan_id == Plan.id) & PlanReview.standing())
        .where(Plan.standing(), Plan.person_id.in_(children_here()))
        .where(or_(Plan.ended_on.is_(None), Plan.ended_on > day), Plan.next_review_due_on <= day + AHEAD)
        .group_by(Plan.id)
    )
    return [
        plan
        for plan, known in rows
        if plan.next_review_due_on and (known is None or known < plan.next_review_due_on - HELD_EARLY)
    ]


def school_weeks(day: date) -> Mapping[int, SchoolWeeks]:
    """The last school weeks of each child, by the child's key. Two statements."""
    since = last_weeks(day, WEEKS_BACK)[0]
    found: dict[int, SchoolWeeks] = {}
    spells = db.session.scalars(
        select(EducationSpell)
        .where(EducationSpell.standing(), EducationSpell.person_id.in_(children_here()))
        .where(EducationSpell.setting_type.in_(SCHOOLS))
        .where(or_(EducationSpell.valid_to.is_(None), EducationSpell.valid_to > since))
    )
    for spell in spells:
        found.setdefault(spell.person_id, SchoolWeeks()).spells.append(spell)
    entered = db.session.execute(
        select(Attendance.person_id, Attendance.week_starting)
        .where(Attendance.standing(), Attendance.person_id.in_(children_here()))
        .where(Attendance.week_starting >= since, Attendance.week_starting < since + WEEK * WEEKS_BACK)
    )
    for key, monday in entered:
        if key in found:
            found[key].entered.add(monday)
    return found


def skills_tools() -> list[Instrument]:
    """The instruments that say what is expected at an age, the newest version of each."""
    rows = db.session.scalars(select(Instrument).where(Instrument.standing()).order_by(Instrument.id))
    newest = {one.instrument_code: one for one in rows}
    return [one for one in newest.values() if one.expected_level_by_age]


def tool_for_age(tools: Iterable[Instrument], age: int) -> Instrument | None:
    """The first that expects something at this age."""
    return next((one for one in tools if expected_levels(one, age)), None)
