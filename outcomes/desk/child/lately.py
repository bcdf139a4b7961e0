"""What happened lately to a child, from what the child's page has read already: no statement of its own.

The whole of it, with every kind, is the timeline.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from outcomes.care.people import Person
from outcomes.desk.child.care import Sessions
from outcomes.desk.child.goals import GoalSoFar
from outcomes.desk.child.health import Health
from outcomes.desk.child.people import Stay
from outcomes.desk.child.readings import View
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day
from outcomes.web.templates import lower_first

MOST = 6


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day."""

    day: date
    text: str
    href: str

    @property
    def when(self) -> str:
        return say_day(self.day)


def latest(events: Iterable[Event], day: date) -> list[Event]:
    """The last few events up to `day`, newest first."""
    past = [event for event in events if event.day <= day]
    return sorted(past, key=lambda event: event.day, reverse=True)[:MOST]


def of_goals(goals: Iterable[GoalSoFar], child: Person) -> Iterator[Event]:
    """Goals set and reviews held."""
    judgements = code_list("goal_review.judgement")
    for one in goals:
        yield Event(one.goal.set_on, f"Goal set: {one.goal.called()}", one.href(child))
        for review in one.held:
            if review.reviewed_on:
                told = judgements.label(review.judgement) if review.judgement else "Reviewed"
                yield Event(review.reviewed_on, f"{told}: {one.goal.called()}", address(review, child))


def of_views(views: Iterable[View], child: Person) -> Iterator[Event]:
    """Readings taken."""
    for view in views:
        title = f"Reading: {view.instrument.called()}, {lower_first(view.title)}"
        for taken in view.taken:
            yield Event(taken.reading.taken_on, title, address(taken.reading, child))


def of_sessions(sessions: Sessions, child: Person) -> Iterator[Event]:
    """Sessions held and missed."""
    statuses = code_list("keyworker_session.status")
    for one in sessions.sessions:
        if one.about_on:
            told = f"Key-worker session: {lower_first(statuses.label(one.status))}"
            yield Event(one.about_on, told, address(one, child))


def of_health(health: Health) -> Iterator[Event]:
    """Checks attended."""
    for row in health.rows:
        if row["attended_on"]:
            yield Event(row["attended_on"], f"{row['what']} attended", row["href"])


def of_missing(rows: Iterable[dict[str, Any]]) -> Iterator[Event]:
    """Absences, by the day on which they began."""
    for row in rows:
        yield Event(row["day"], f"{row['what']}: {lower_first(row['for'])}", row["href"])


def of_stays(stays: Iterable[Stay], child: Person) -> Iterator[Event]:
    """Moves in and out."""
    for stay in stays:
        where = f"{address(child)}/{stay.kind.replace('_', '-')}/{stay.public_id}"
        began = "Moved to" if stay.kind == "placement" else "Care episode began:"
        yield Event(stay.started_on, f"{began} {stay.name}", where)
        if stay.ended_on:
            ended = "Left" if stay.kind == "placement" else "Care episode ended:"
            yield Event(stay.ended_on, f"{ended} {stay.name}", where)
