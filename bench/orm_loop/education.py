"""Cards of education: who is in it, and how much of it they attend."""

from sqlalchemy import Connection

from bench.answering import answers
from bench.numbers import ATTENDED_WELL, ENOUGH_SESSIONS, MET, NO_EVIDENCE, NOT_MET, SCHOOL_AGE
from bench.orm_loop.models import standing
from bench.orm_loop.placing import Child, Judged, judged, open_on
from bench.question import Answer, Question


@answers("hackney_homes.1.3-K1", "newham_ifa.4_in_education")
def engaged(connection: Connection, question: Question) -> Answer:
    """Engaged anywhere on the last day."""

    def judge(child: Child) -> Judged:
        if child.age < SCHOOL_AGE:
            return None
        said = [
            one.is_engaged
            for one in standing(child.person.education_spells)
            if open_on(child.period.last, one.valid_from, one.valid_to)
        ]
        if True in said:
            return MET, -1
        return (NO_EVIDENCE if not said or None in said else NOT_MET), -1

    return judged(connection, question, judge, at_end=True)


@answers("hackney_homes.1.3-K2")
def attendance(connection: Connection, question: Question) -> Answer:
    """Of the children with two weeks of school."""

    def judge(child: Child) -> Judged:
        weeks = [
            one
            for one in standing(child.person.attendances)
            if one.week_starting in child.period and child.here(one, one.week_starting)
        ]
        possible = sum(one.sessions_possible or 0 for one in weeks)
        attended = sum(one.sessions_attended or 0 for one in weeks)
        if possible < ENOUGH_SESSIONS:
            return None
        return (MET if attended * 100 > possible * ATTENDED_WELL else NOT_MET), -1

    return judged(connection, question, judge)
