"""Cards of health: doctors, dentists and vaccinations."""

from sqlalchemy import Connection

from bench.answering import answers
from bench.numbers import CHECK_UP_MONTHS, MET, NO_EVIDENCE, NOT_MET
from bench.orm_loop.models import standing
from bench.orm_loop.placing import Child, Judged, judged, latest, open_on
from bench.question import Answer, Question
from outcomes.core.calendar import add_months


@answers("hackney_homes.2.1-K1")
def with_a_doctor(connection: Connection, question: Question) -> Answer:

    def judge(child: Child) -> Judged:
        return (MET if _registered(child, "gp") else NOT_MET), -1

    return judged(connection, question, judge, at_end=True)


@answers("hackney_homes.2.1-K2")
def with_a_dentist(connection: Connection, question: Question) -> Answer:
    """Registered, and seen within the year."""

    def judge(child: Child) -> Judged:
        end = child.period.last
        since = add_months(end, -CHECK_UP_MONTHS)
        seen = any(
            one.kind == "dental" and one.attended_on is not None and since <= one.attended_on <= end
            for one in standing(child.person.health_checks)
        )
        return (MET if seen and _registered(child, "dentist") else NOT_MET), -1

    return judged(connection, question, judge, at_end=True)


@answers("hackney_homes.2.1-K3")
def vaccinated(connection: Connection, question: Question) -> Answer:
    """By the latest word at the period's end."""

    def judge(child: Child) -> Judged:
        known = [
            one
            for one in standing(child.person.immunisations)
            if one.assessed_on is not None and one.assessed_on <= child.period.last
        ]
        word = latest(known, "assessed_on")
        if word is None or (word.up_to_date is None and word.declined is not True):
            return NO_EVIDENCE, -1
        return (MET if word.up_to_date else NOT_MET), -1

    return judged(connection, question, judge, at_end=True)


def _registered(child: Child, kind: str) -> bool:
    return any(
        one.kind == kind and open_on(child.period.last, one.valid_from, one.valid_to)
        for one in standing(child.person.registrations)
    )
