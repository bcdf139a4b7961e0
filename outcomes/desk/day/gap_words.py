"""What is missing in words: one line, and the page on which it is put right, filled in as far as known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from outcomes.care.people import Person
from outcomes.core.actor import Actor, Level
from outcomes.desk.child.identity import age_of
from outcomes.desk.day.due import LastReading
from outcomes.desk.day.due_words import Task, due_about, state_on
from outcomes.desk.day.gaps import REGISTERED_WITH, SchoolWeeks, tool_for_age
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.declaring.record import KINDS
from outcomes.kit.reading.addresses import list_address
from outcomes.kit.words import say_day
from outcomes.records.health import HealthCheck
from outcomes.records.plans import Plan
from outcomes.records.readings import Instrument

REGISTERED_WITHIN = timedelta(days=28)
"""From then on a missing GP or dentist is overdue: ours, four weeks to find a practice with room."""

ENTERED_WITHIN = timedelta(days=14)
"""A school week is overdue two weeks after its Monday: ours."""


@dataclass(frozen=True, slots=True)
class About:
    """Whose gaps these are: the child, since when they live here, who reads, and on which day."""

    child: Person
    since: date
    actor: Actor
    day: date

    def form(self, kind: str, /, **filled: str) -> str:
        """The form of a new record with answers filled in; the list of them for who may not write."""
        declared = KINDS[kind]
        where = list_address(declared, self.child)
        if not self.actor.may(declared.declaration.write):
            return where
        return f"{where}/new?{urlencode(filled)}" if filled else f"{where}/new"


def registration_tasks(of: About, having: set[str]) -> Iterator[Task]:
    """A line for each of GP and dentist that is missing."""
    if not of.actor.may_read(Level.HEALTH):
        return
    labels = code_list("health_registration.kind")
    by = of.since + REGISTERED_WITHIN
    for kind in REGISTERED_WITH:
        if kind not in having:
            label = labels.label(kind)
            text = f"Register with a {label if label.isupper() else label.lower()}"
            state = "overdue" if by < of.day else "due"
            yield Task(
                text,
                of.form("health_registration", kind=kind),
                "No registration recorded",
                state,
                by,
            )


def recall_task(of: About, check: HealthCheck, due_on: date) -> Task | None:
    """The line of a check that comes round again with nothing on the record."""
    if not of.actor.may_read(Level.HEALTH):
        return None
    kind = "review_health_assessment" if check.kind == "initial_health_assessment" else check.kind
    return Task(
        code_list("health_check.kind").label(kind),
        of.form("health_check", kind=kind, due_on=due_on.isoformat()),
        f"{due_about(due_on, of.day)}, nothing booked",
        state_on(due_on, of.day),
        due_on,
    )


def plan_task(of: About, plan: Plan) -> Task:
    """The line of a plan whose next review nobody planned."""
    due_on = plan.next_review_due_on
    assert due_on is not None
    return Task(
        f"Review of the {plan.called()[:1].lower()}{plan.called()[1:]}",
        of.form("plan_review", plan_id=plan.public_id, due_on=due_on.isoformat()),
        f"{due_about(due_on, of.day)}, no review planned",
        state_on(due_on, of.day),
        due_on,
    )


def attendance_task(of: About, weeks: SchoolWeeks) -> Task | None:
    """One line for the school weeks that nobody entered: it opens the oldest."""
    missing = weeks.missing(of.day, of.since)
    if not missing:
        return None
    first = missing[0]
    text = "Attendance of a week" if len(missing) == 1 else f"Attendance of {len(missing)} weeks"
    href = of.form("attendance", week_starting=first.isoformat())
    about = f"Not entered: {'from ' if len(missing) > 1 else 'week of '}{say_day(first)}"
    return Task(text, href, about, "overdue" if of.day - first > ENTERED_WITHIN else "due", first)


def skills_task(of: About, last: Iterable[LastReading], tools: Iterable[Instrument]) -> Task | None:
    """The line of skills that nobody rated yet, where a level is expected at this age.

    What was rated once is on my day as the reading of the quarter.
    """
    tool = tool_for_age(tools, age_of(of.child))
    if tool is None or any(one.instrument_code == tool.instrument_code for one in last):
        return None
    told = f"Not rated yet; a level is expected at {age_of(of.child)}"
    return Task(f"Skills: {tool.called()}", of.form("reading"), told, "due", of.day)
