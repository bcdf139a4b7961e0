"""Cards of education: who is in it, and how much of it they attend."""

from sqlalchemy.engine import Connection

from bench.answering import answers
from bench.numbers import ATTENDED_WELL, ENOUGH_SESSIONS, MET, NO_EVIDENCE, SCHOOL_AGE
from bench.pandas_script.loading import load
from bench.pandas_script.placing import (
    aged,
    answer,
    buckets,
    children,
    counted,
    in_period,
    open_at_end,
    placements,
    theirs,
    theirs_here,
)
from bench.question import Answer, Question


@answers("hackney_homes.1.3-K1", "newham_ifa.4_in_education")
def engaged(connection: Connection, question: Question) -> Answer:
    """Engaged anywhere on the last day."""
    units = aged(connection, children(placements(connection), question, at_end=True), SCHOOL_AGE)
    spells = load(connection, "education_spell", "person_id", days="valid_from valid_to", flags="is_engaged")
    now = open_at_end(theirs(units, spells), "valid_from", "valid_to")
    said = now["is_engaged"]
    spells_now, blank = counted(units, now), counted(units, now[said.isna()])
    yes = counted(units, now[said.fillna(False)]) >= 1
    return answer(units, buckets((MET, yes), (NO_EVIDENCE, (spells_now < 1) | (blank >= 1))))


@answers("hackney_homes.1.3-K2")
def attendance(connection: Connection, question: Question) -> Answer:
    """Of the children with two weeks of school."""
    placed = placements(connection)
    units = children(placed, question)
    weeks = load(
        connection, "attendance", "person_id placement_id", days="week_starting",
        numbers="sessions_possible sessions_attended",
    )  # fmt: skip
    weeks = in_period(weeks, "week_starting", question)
    weeks = theirs_here(units, weeks, placed, "week_starting", on_period=True)
    possible, attended = (counted(units, weeks, name) for name in ("sessions_possible", "sessions_attended"))
    enough = possible >= ENOUGH_SESSIONS
    well = attended * 100 > possible * ATTENDED_WELL
    return answer(units[enough], buckets((MET, well[enough])))
