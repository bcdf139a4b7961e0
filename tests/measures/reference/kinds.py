"""What must be said of each kind of record: its days, its links, and whether it follows the placement.

Said here once more, in tables, and not read from the declarations of the kinds: two answers are
independent only while neither is taken from the other. Where a card is the first to read a kind,
the kind is named here.
"""

from datetime import date, datetime
from typing import Any

from outcomes.core.clock import london_date
from outcomes.frameworks.binding import registry
from tests.measures.reference.question import Question
from tests.measures.reference.stays import FOREVER
from tests.measures.world import Row

ENDS = {
    "placement": ("started_on", "ended_on"),
    "care_episode": ("started_on", "ended_on"),
    "goal": ("set_on", "closed_on"),
    "plan": ("started_on", "ended_on"),
    "health_registration": ("valid_from", "valid_to"),
    "education_spell": ("valid_from", "valid_to"),
    "keyworker_assignment": ("valid_from", "valid_to"),
}
POINTED = {
    "goal_review": (("goal_id", "goal"), ("session_id", "keyworker_session")),
    "placement": (("person_id", "person"),),
    "missing_episode": (("person_id", "person"),),
    "keyworker_session": (("person_id", "person"),),
    "goal": (("person_id", "person"), ("plan_id", "plan")),
    "plan_review": (("person_id", "person"), ("plan_id", "plan")),
    "reading": (("person_id", "person"),),
    "care_episode": (("person_id", "person"),),
}
FOLLOWS_PLACEMENT = (
    "missing_episode",
    "keyworker_session",
    "goal_review",
    "plan_review",
    "attendance",
    "activity",
    "reading",
)
WAITS = ("goal_review", "plan_review")
"""What may be due and not done."""
DAY_OF = {
    "missing_episode": ("started_at",),
    "keyworker_session": ("held_on", "planned_on"),
    "goal_review": ("reviewed_on", "due_on"),
    "plan_review": ("held_on", "due_on"),
    "attendance": ("week_starting",),
    "activity": ("took_part_on",),
    "reading": ("taken_on",),
}


def as_day(value: Any) -> Any:
    """A moment as its day in London; a day as it is."""
    return london_date(value) if isinstance(value, datetime) else value


def day_of(kind: str, row: Row) -> date | None:
    """The day that the record is about."""
    return as_day(next((row[name] for name in DAY_OF[kind] if row.get(name) is not None), None))


def lasts(kind: str, row: Row) -> tuple[date, date]:
    """From when until when a lasting record holds."""
    starts, ends = ENDS[kind]
    return row[starts], row.get(ends) or FOREVER


def open_on(day: date, kind: str, row: Row) -> bool:
    starts, ends = lasts(kind, row)
    return starts <= day < ends


def has_field(kind: str, name: str) -> bool:
    return name in registry()[kind].fields or "." in name


def field_of(question: Question, kind: str, row: Row, name: str) -> Any:
    """A field of the record, or of the record it points to (rule 7 of the language)."""
    head, _, tail = name.partition(".")
    if not tail and head in registry()[kind].fields:
        return row.get(head)
    for link, to in POINTED.get(kind, ()):
        wanted = tail or head
        if (not tail or head in (to, link.removesuffix("_id"))) and wanted in registry()[to].fields:
            rows = question.world.rows[to] if to == "person" else question.standing(to)
            other = next((one for one in rows if one["id"] == row.get(link)), None)
            return None if other is None else other.get(wanted)
    raise AssertionError(f"{kind} has no {name}")
