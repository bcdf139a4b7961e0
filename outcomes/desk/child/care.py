"""The care of a child lately: sessions and missing episodes, one statement each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from outcomes.care.people import Person
from outcomes.core.calendar import add_months
from outcomes.core.clock import london_date, now, start_of
from outcomes.core.database import Moment
from outcomes.desk.asking import DAY, SINCE, Question, ask_of, of_the_child
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day, say_list, say_moment
from outcomes.records.missing import MissingEpisode
from outcomes.records.sessions import KeyworkerSession

SESSIONS_MONTHS, MISSING_MONTHS = 3, 12
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions of the last three months, latest first."""

    sessions: Sequence[KeyworkerSession]

    @property
    def summary(self) -> str:
        """ "9 held, 1 missed by staff and 2 missed by the child"."""
        counts = Counter(one.status for one in self.sessions)
        labels = code_list("keyworker_session.status")
        told = [f"{counts[code]} {labels.label(code).lower()}" for code in labels.labels if counts[code]]
        return say_list(told)

    def lines(self, child: Person) -> list[dict[str, Any]]:
        """Each session for the timeline component: what became of it, and the child's words."""
        return [_session_line(one, child) for one in self.sessions]


def _session_line(one: KeyworkerSession, child: Person) -> dict[str, Any]:
    status = code_list("keyworker_session.status").label(one.status)
    reason = code_list("missed_reason").label(one.missed_reason) if one.missed_reason else ""
    words = [f"“{one.child_words}”"] if one.child_words else []
    words += [f"Next: {one.next_action}"] if one.next_action else []
    return {
        "title": f"{status}: {reason[:1].lower()}{reason[1:]}" if reason else status,
        "href": address(one, child),
        "by": None,
        "when": say_day(one.about_on) if one.about_on else "No date",
        "datetime": one.about_on.isoformat() if one.about_on else "",
        "text": "\n".join(words) or None,
    }


def sessions_of(child: Person, day: date) -> Sessions:
    """The sessions held or planned in the three months up to `day`."""
    rows = ask_of(child, _sessions(), since=add_months(day, -SESSIONS_MONTHS), day=day)
    return Sessions(rows.scalars().all())


@cache
def _sessions() -> Question:
    about = func.coalesce(KeyworkerSession.held_on, KeyworkerSession.planned_on)
    return (
        select(KeyworkerSession)
        .where(of_the_child(KeyworkerSession.person_id), KeyworkerSession.standing())
        .where(about > SINCE, about <= DAY)
        .order_by(about.desc(), KeyworkerSession.id.desc())
        .limit(MOST_ROWS)
    )


def missing_rows(child: Person, day: date) -> list[dict[str, Any]]:
    """Absences of the last year, latest first: how long, and what became of the interview."""
    rows = ask_of(child, _missing(), from_then=start_of(add_months(day, -MISSING_MONTHS))).scalars()
    return [
        {
            "what": code_list("missing_episode.kind").label(one.kind),
            "href": address(one, child),
            "day": london_date(one.started_at),
            "from": say_moment(one.started_at),
            "for": how_long(one.ended_at - one.started_at) if one.ended_at else "Not back yet",
            "interview": interview(one),
        }
        for one in rows
    ]


@cache
def _missing() -> Question:
    started = MissingEpisode.started_at
    return (
        select(MissingEpisode)
        .where(of_the_child(MissingEpisode.person_id), MissingEpisode.standing())
        .where(started >= bindparam("from_then", type_=Moment))
        .order_by(started.desc())
        .limit(MOST_ROWS)
    )


def how_long(span: timedelta) -> str:
    """ "2 days 3 hours", "5 hours 20 minutes", "15 minutes"."""
    days, rest = span.days, span.seconds // 60
    hours, minutes = divmod(rest, 60)
    parts = [(days, "day"), (hours, "hour"), (minutes if not days else 0, "minute")]
    told = [f"{number} {unit}{'s' if number != 1 else ''}" for number, unit in parts if number]
    return " ".join(told) or "Under a minute"


def interview(one: MissingEpisode) -> str:
    """What became of the return home interview, against its due time."""
    due, held = one.return_interview_due_at, one.return_interview_held_at
    if held is not None:
        late = due is not None and held > due
        return f"Held {'late' if late else 'in time' if due else ''}, {say_day_of(held)}".replace(" ,", ",")
    if one.return_interview_declined:
        return "Declined by the child"
    if due is None:
        return "None due"
    return f"{'Overdue since' if due < now() else 'Due by'} {say_moment(due)}"


def say_day_of(moment: Any) -> str:
    """The London day of an instant, in words."""
    return say_moment(moment).split(" at ")[0]
