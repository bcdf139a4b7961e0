"""What is due in words: one line, its date, how it stands, and the page on which it is done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from outcomes.care.organisations import CarerHousehold, Home
from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.actor import Actor
from outcomes.core.calendar import add_months
from outcomes.core.periods import containing
from outcomes.core.permissions import Permission
from outcomes.desk.child.skills import READING_MONTHS
from outcomes.desk.child.whereabouts import Whereabouts, place_name
from outcomes.desk.day.due import (
    SESSION_EVERY,
    SESSION_EVERY_WITH_CARERS,
    Dated,
    LastReading,
    LastSession,
    reading_state,
)
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day, say_moment
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Goal, GoalReview, Plan, PlanReview

STATES = ("overdue", "due", "soon")
"""In the order in which they press."""


@dataclass(frozen=True, slots=True)
class Task:
    """One line of my day, as `components/tasks.html` draws it. `on` only sorts."""

    text: str
    href: str
    about: str
    state: str
    on: date
    post: None = None

    @property
    def order(self) -> tuple[int, date, str]:
        return STATES.index(self.state), self.on, self.text


def state_on(due_on: date, day: date) -> str:
    """Overdue, due today, or coming up."""
    return "overdue" if due_on < day else "due" if due_on == day else "soon"


def due_about(due_on: date, day: date) -> str:
    """ "Was due on 3 May 2026", "Due today", "Due on 20 May 2026"."""
    if due_on < day:
        return f"Was due on {say_day(due_on)}"
    return "Due today" if due_on == day else f"Due on {say_day(due_on)}"


def most_pressing(waiting: Iterable[Dated], day: date) -> list[tuple[Dated, int]]:
    """One of those that hang on the same record (the reviews of a goal), and how many were missed before.

    That is the latest that is overdue, else the next to come: the one that a review today would be.
    """
    groups: dict[tuple[str, int], list[Dated]] = {}
    for one in waiting:
        hangs_on = one.through if isinstance(one.through, Goal) else one.record
        groups.setdefault((hangs_on.kind_name(), hangs_on.id), []).append(one)
    return [_pressing(group, day) for group in groups.values()]


def _pressing(group: list[Dated], day: date) -> tuple[Dated, int]:
    in_order = sorted(group, key=lambda one: one.due_on)
    overdue = [one for one in in_order if one.due_on <= day]
    return (overdue[-1], len(overdue) - 1) if overdue else (in_order[0], 0)


def dated_task(waiting: Dated, missed: int, child: Person, actor: Actor, day: date) -> Task | None:
    """The line of a record that waits for its date; None where it no longer matters (a closed goal).

    `missed` is how many earlier dates went by.
    """
    record = waiting.record
    if isinstance(waiting.through, Goal) and waiting.through.status != "open":
        return None
    told = _TOLD.get(record.kind_name(), _plain)
    text, about, doing = told(waiting, day)
    if missed:
        about += f", and {missed} before it"
    where = address(record, child)
    if actor.may(record.declaration.write):
        where = (
            f"{address(child)}/{doing}" if doing else f"{where}/{_VERB.get(record.kind_name(), 'correct')}"
        )
    return Task(text, where, about, state_on(waiting.due_on, day), waiting.due_on)


def _plain(waiting: Dated, day: date) -> tuple[str, str, str]:
    return waiting.record.called(), due_about(waiting.due_on, day), ""


def _health_check(waiting: Dated, day: date) -> tuple[str, str, str]:
    fields = type(waiting.record).asked_fields()
    return fields["kind"].show(waiting.record.asked_values()["kind"]), due_about(waiting.due_on, day), ""


def _goal_review(waiting: Dated, day: date) -> tuple[str, str, str]:
    assert isinstance(waiting.record, GoalReview) and waiting.through is not None
    doing = f"goal-review/new?goal={waiting.through.public_id}"
    return f"Review the goal “{waiting.through.called()}”", due_about(waiting.due_on, day), doing


def _plan_review(waiting: Dated, day: date) -> tuple[str, str, str]:
    assert isinstance(waiting.record, PlanReview)
    about = due_about(waiting.due_on, day)
    if isinstance(waiting.through, Plan):
        about += f", {waiting.through.called()}"
    return type(waiting.record).asked_fields()["kind"].show(waiting.record.kind), about, ""


def _return_interview(waiting: Dated, day: date) -> tuple[str, str, str]:
    episode = waiting.record
    assert isinstance(episode, MissingEpisode) and episode.return_interview_due_at is not None
    word = "Was due by" if waiting.due_on < day else "Due by"
    return "Return home interview", f"{word} {say_moment(episode.return_interview_due_at)}", ""


_TOLD: dict[str, Callable[[Dated, date], tuple[str, str, str]]] = {
    "health_check": _health_check,
    "goal_review": _goal_review,
    "plan_review": _plan_review,
    "missing_episode": _return_interview,
}
"""Kinds that say more than what they are called: (text, about, where it is done below the child)."""

_VERB = {"health_check": "done", "plan_review": "done"}
"""Kinds with a page of its own on which it is said that it was done (`recording/done_pages.py`)."""


def stale_task(child: Person, goal: Goal, last: date, actor: Actor) -> Task:
    """The line of a goal that nobody has looked at for long, and that no review is planned for."""
    writes = actor.may(Permission.CARE_WRITE)
    href = f"{address(child)}/goal-review/new?goal={goal.public_id}" if writes else address(goal, child)
    told = f"Set or last reviewed on {say_day(last)}, no review planned"
    return Task(f"Review the goal “{goal.called()}”", href, told, "due", last)


def session_task(
    child: Person, where: Whereabouts, last: LastSession | None, actor: Actor, day: date
) -> Task | None:
    """The next session, where the last one held here is a week ago (with foster carers four), or none was."""
    held, since = last.held_on if last else None, where.since or day
    every = SESSION_EVERY_WITH_CARERS if where.with_carers else SESSION_EVERY
    due_on = max(since, held or since) + every
    if due_on > day:
        return None
    told = f"Last held on {say_day(held)}" if held else "None held yet"
    if last and last.not_held_on and (held is None or last.not_held_on > held):
        told += f", did not happen on {say_day(last.not_held_on)}"
    sessions = f"{address(child)}/keyworker-session"
    href = f"{sessions}/new" if actor.may(Permission.CARE_WRITE) else sessions
    return Task("Key-worker session", href, told, state_on(due_on, day), due_on)


def reading_tasks(child: Person, since: date, last: list[LastReading], actor: Actor, day: date) -> list[Task]:
    """This quarter's reading with each instrument in use; a first reading where there is none."""
    quarter = containing(day, "quarter")
    where = f"{address(child)}/reading"
    href = f"{where}/new" if actor.may(Permission.CARE_WRITE) else where
    if not last:
        state = reading_state(None, since, quarter)
        return [Task("First reading", href, "None taken yet", state, quarter.last)]
    return [
        Task(
            f"Reading: {one.title}",
            href,
            f"Last taken on {say_day(one.taken_on)}, {_how_pressing(one.taken_on, day, quarter.last)}",
            state,
            quarter.last,
        )
        for one in last
        if (state := reading_state(one.taken_on, since, quarter))
    ]


def _how_pressing(taken_on: date, day: date, due_on: date) -> str:
    """A reading of more than six months ago no longer says how a child does today."""
    old = taken_on < add_months(day, -READING_MONTHS)
    return "more than 6 months ago" if old else f"due by {say_day(due_on)}"


def ending_task(
    child: Person, placement: Placement, home: Home | None, household: CarerHousehold | None, day: date
) -> Task:
    """The facts of an ending that nobody has told yet. A figure waits 28 days for them (R35)."""
    assert placement.ended_on is not None
    return Task(
        f"How the placement of {child.called()} at {place_name(home, household)} ended",
        f"{address(placement, child)}/correct",
        f"Ended on {say_day(placement.ended_on)}",
        "overdue" if (day - placement.ended_on).days > 28 else "due",
        placement.ended_on,
    )
