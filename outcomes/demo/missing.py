"""Missing episodes as the stories tell them, with who was told and the return home interview."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from outcomes.core import clock
from outcomes.demo.child import Child
from outcomes.demo.entry import Entry, entry
from outcomes.demo.window import Window, at

DUE_HOURS = 72


def missing_episodes(child: Child, window: Window) -> Iterator[Entry]:
    """Every absence of a child that is over by today."""
    rng = child.rng("missing")
    told_so_far = 0
    for told in child.story.missing:
        day = window.day(told["at"]) + timedelta(days=child.shift)
        stay = child.stay_on(day)
        started = at(day, rng.randint(17, 21), rng.choice((0, 10, 25, 40)))
        ended = started + timedelta(hours=told["hours"], minutes=rng.choice((0, 15, 30, 45)))
        if stay is None or day < window.first or ended > clock.start_of(window.today):
            continue
        told_so_far += 1
        yield entry(
            "missing_episode",
            f"missing-{child.number:02d}-{told_so_far}",
            author=child.key_worker_on(day),
            person_id=child.reference,
            home_id=stay.place.reference if stay.place.kind == "home" else None,
            kind=told.get("kind", "missing"),
            started_at=started,
            ended_at=ended,
            **_told(told, started, rng),
            **_interview(told, ended, window),
        )


def _told(told: Mapping[str, Any], started: datetime, rng: Random) -> dict[str, Any]:
    """Who was told when. A blank under `told` means that nobody wrote it down."""
    noticed = started + timedelta(minutes=rng.choice((15, 30, 45)))
    if told.get("kind") == "agreed_absence":
        return {}
    procedure = told["told"] if told["told"] != "" else None
    late = timedelta(hours=0 if procedure else 4)
    return {
        "noticed_at": noticed,
        "procedure_followed": procedure,
        "police_told_at": noticed + timedelta(minutes=40) + late,
        "out_of_hours_team_told_at": noticed + timedelta(minutes=55) + late
        if procedure is not None
        else None,
    }


def _interview(told: Mapping[str, Any], ended: datetime, window: Window) -> dict[str, Any]:
    """The return home interview: in time, late, declined, or never held."""
    became = told.get("interview", "not_held")
    if became == "not_held":
        return {}
    hours = {"in_time": 42, "late": DUE_HOURS + 51, "declined": 40}[became]
    when = ended + timedelta(hours=hours)
    offered = ended + timedelta(hours=20)
    # An interview that is still to come has not been held, nor offered.
    past = clock.start_of(window.today)
    fields: dict[str, Any] = {"return_interview_offered_at": offered if offered < past else None}
    if when >= past:
        return fields
    if became == "declined":
        return fields | {"return_interview_declined": True}
    return fields | {
        "return_interview_held_at": when,
        "return_interview_by": "independent_person",
        "return_interview_declined": False,
    }
