"""What stands on the record of each child of today in a word and a day or two: four questions, one statement.

The last sessions, the last reading with each instrument, with whom a child is registered, the school
weeks entered. Each answer is a row of the same few columns, so that the database is asked once.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from outcomes.desk.asking import DAY, SINCE, UNTIL, Here, of_these
from outcomes.desk.child.education import WEEK, last_weeks
from outcomes.desk.child.readings import of_its_version
from outcomes.desk.child.whereabouts import open_on
from outcomes.desk.day.due import LastReading, LastSession
from outcomes.desk.day.gaps import WEEKS_BACK
from outcomes.records.education import Attendance
from outcomes.records.health import HealthRegistration
from outcomes.records.readings import Instrument, Reading
from outcomes.records.sessions import KeyworkerSession


@dataclass(slots=True)
class Standing:
    """Of one child; readings by instrument, weeks by their Monday."""

    session: LastSession | None = None
    readings: list[LastReading] = field(default_factory=list)
    registered: set[str] = field(default_factory=set)
    weeks: set[date] = field(default_factory=set)


def standing_of(here: Here) -> dict[int, Standing]:
    """What stands of each of these children, by key."""
    found = {key: Standing() for key in here.children}
    since = last_weeks(here.day, WEEKS_BACK)[0]
    for row in here.ask(_standing(), since=since, until=since + WEEK * WEEKS_BACK):
        one = found[row.child]
        if row.told == "session":
            one.session = LastSession(row.day, row.other_day)
        elif row.told == "reading":
            one.readings.append(LastReading(row.code, row.title or row.code, row.day))
        elif row.told == "registered":
            one.registered.add(row.code)
        else:
            one.weeks.add(row.day)
    for one in found.values():
        one.readings.sort(key=lambda reading: reading.instrument_code)
    return found


@cache
def _standing() -> CompoundSelect[Any]:
    return union_all(_sessions(), _readings(), _registered(), _weeks())


def _row(
    told: str, child: Any, *, code: Any = None, title: Any = None, day: Any = None, other_day: Any = None
) -> Select[Any]:
    """One answer. A blank says its type, as PostgreSQL takes it from the first."""
    no_word, no_day = cast(null(), String), cast(null(), Date)
    return select(
        literal(told, String).label("told"),
        child.label("child"),
        (no_word if code is None else code).label("code"),
        (no_word if title is None else title).label("title"),
        (no_day if day is None else day).label("day"),
        (no_day if other_day is None else other_day).label("other_day"),
    )


def _sessions() -> Select[Any]:
    kind = KeyworkerSession
    held = func.max(case((kind.status == "held", kind.held_on)))
    not_held = func.max(case((kind.status != "held", kind.planned_on)))
    row = _row("session", kind.person_id, day=held, other_day=not_held)
    return row.where(kind.standing(), of_these(kind.person_id)).group_by(kind.person_id)


def _readings() -> Select[Any]:
    kind = Reading
    last, title = func.max(kind.taken_on), func.max(Instrument.title)
    return (
        _row("reading", kind.person_id, code=kind.instrument_code, title=title, day=last)
        .join(Instrument, of_its_version())
        .where(kind.standing(), kind.status == "complete", of_these(kind.person_id))
        .group_by(kind.person_id, kind.instrument_code)
    )


def _registered() -> Select[Any]:
    kind = HealthRegistration
    return _row("registered", kind.person_id, code=kind.kind).where(
        kind.standing(), of_these(kind.person_id), open_on(kind.valid_from, kind.valid_to, DAY)
    )


def _weeks() -> Select[Any]:
    kind = Attendance
    week = kind.week_starting
    return _row("week", kind.person_id, day=week).where(
        kind.standing(), of_these(kind.person_id), week >= SINCE, week < UNTIL
    )
