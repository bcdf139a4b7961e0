"""What is missing for the children of today, where no record waits for a date: one statement a question.

No GP or dentist, a check whose recall comes up with nothing booked, a plan whose review nobody
planned, a school week that nobody entered, skills that nobody rated.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from outcomes.core.calendar import add_months
from outcomes.desk.asking import DAY, SINCE, UNTIL, Here, Question, of_these
from outcomes.desk.child.education import SCHOOLS, at_school, last_weeks
from outcomes.desk.child.readings import expected_levels
from outcomes.desk.child.skills import newest_instruments
from outcomes.desk.day.due import AHEAD
from outcomes.records.education import EducationSpell
from outcomes.records.health import HealthCheck
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


def recalls(here: Here) -> list[tuple[HealthCheck, date]]:
    """Checks that come round again within two weeks, or did, without a later one on the record."""
    rows = here.ask(_recalls()).scalars()
    due = [(one, add_months(one.attended_on or here.day, one.recall_months or 0)) for one in rows]
    return [(one, on) for one, on in due if on <= here.day + AHEAD]


@cache
def _recalls() -> Question:
    later = aliased(HealthCheck)
    followed = (
        select(later.id)
        .where(later.person_id == HealthCheck.person_id, later.kind == HealthCheck.kind)
        .where(later.withdrawn_at.is_(None), later.id != HealthCheck.id)
        .where(func.coalesce(later.due_on, later.attended_on) > HealthCheck.attended_on)
    )
    return (
        select(HealthCheck)
        .where(HealthCheck.standing(), of_these(HealthCheck.person_id))
        .where(HealthCheck.attended_on.is_not(None), HealthCheck.recall_months.is_not(None))
        .where(~followed.exists())
        .order_by(HealthCheck.attended_on)
    )


def unplanned_reviews(here: Here) -> list[Plan]:
    """Plans whose next review comes up within two weeks, or came, and of which no review says anything."""
    return [
        plan
        for plan, known in here.ask(_plans_to_review(), until=here.day + AHEAD)
        if plan.next_review_due_on and (known is None or known < plan.next_review_due_on - HELD_EARLY)
    ]


@cache
def _plans_to_review() -> Question:
    """With each plan the last day that a review of it was held or is to be held on."""
    last = func.max(func.coalesce(PlanReview.held_on, PlanReview.due_on))
    return (
        select(Plan, last)
        .outerjoin(PlanReview, (PlanReview.plan_id == Plan.id) & PlanReview.standing())
        .where(Plan.standing(), of_these(Plan.person_id), or_(Plan.ended_on.is_(None), Plan.ended_on > DAY))
        .where(Plan.next_review_due_on <= UNTIL)
        .group_by(Plan.id)
    )


def school_weeks(here: Here) -> Mapping[int, SchoolWeeks]:
    """The children with a spell at a school in the last weeks, by key; which weeks were entered is not known yet."""
    found: dict[int, SchoolWeeks] = {}
    for spell in here.ask(_spells(), since=last_weeks(here.day, WEEKS_BACK)[0]).scalars():
        found.setdefault(spell.person_id, SchoolWeeks()).spells.append(spell)
    return found


@cache
def _spells() -> Question:
    return (
        select(EducationSpell)
        .where(EducationSpell.standing(), of_these(EducationSpell.person_id))
        .where(EducationSpell.setting_type.in_(SCHOOLS))
        .where(or_(EducationSpell.valid_to.is_(None), EducationSpell.valid_to > SINCE))
    )


def skills_tools() -> list[Instrument]:
    """The instruments that say what is expected at an age, the newest version of each."""
    return [one for one in newest_instruments().values() if one.expected_level_by_age]


def tool_for_age(tools: Iterable[Instrument], age: int) -> Instrument | None:
    """The first that expects something at this age."""
    return next((one for one in tools if expected_levels(one, age)), None)
