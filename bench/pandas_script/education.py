"""Cards of education: who is in it, and how much of it they attend."""

import pandas as pd
from sqlalchemy.engine import Connection

from bench.answering import answers
from bench.numbers import ATTENDED_WELL, ENOUGH_SESSIONS, MET, NO_EVIDENCE, NOT_MET, SCHOOL_AGE
from bench.pandas_script.loading import load
from bench.pandas_script.placing import (
    aged,
    answer,
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
    bucket = pd.Series(NOT_MET, units.index)
    bucket[(spells_now < 1) | (blank >= 1)] = NO_EVIDENCE
    bucket[counted(units, now[said.fillna(False)]) >= 1] = MET
    return answer(units, bucket)


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
    return answer(units[enough], well[enough].map({True: MET, False: NOT_MET}))
