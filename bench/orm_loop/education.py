"""Cards of education: who is in it, and how much of it they attend."""

from bench.answering import answers
from bench.numbers import ATTENDED_WELL, ENOUGH_SESSIONS, SCHOOL_AGE
from bench.orm_loop.judging import UNKNOWN, Judged, each_child, met
from bench.orm_loop.models import standing
from bench.orm_loop.placing import Child, open_on


@answers("hackney_homes.1.3-K1", "newham_ifa.4_in_education")
@each_child(at_end=True)
def engaged(child: Child) -> Judged:
    """Engaged anywhere on the last day."""
    if child.age < SCHOOL_AGE:
        return None
    said = [
        one.is_engaged
        for one in standing(child.person.education_spells)
        if open_on(child.period.last, one.valid_from, one.valid_to)
    ]
    if True in said:
        return met(True)
    return UNKNOWN if not said or None in said else met(False)


@answers("hackney_homes.1.3-K2")
@each_child()
def attendance(child: Child) -> Judged:
    """Of the children with two weeks of school."""
    weeks = [
        one
        for one in standing(child.person.attendances)
        if one.week_starting in child.period and child.here(one, one.week_starting)
    ]
    possible = sum(one.sessions_possible or 0 for one in weeks)
    attended = sum(one.sessions_attended or 0 for one in weeks)
    if possible < ENOUGH_SESSIONS:
        return None
    return met(attended * 100 > possible * ATTENDED_WELL)
