"""Cards of health: doctors, dentists and vaccinations."""

from bench.answering import answers
from bench.numbers import CHECK_UP_MONTHS
from bench.orm_loop.judging import UNKNOWN, Judged, each_child, met
from bench.orm_loop.models import standing
from bench.orm_loop.placing import Child, latest, open_on
from outcomes.core.calendar import add_months


@answers("hackney_homes.2.1-K1")
@each_child(at_end=True)
def with_a_doctor(child: Child) -> Judged:
    return met(_registered(child, "gp"))


@answers("hackney_homes.2.1-K2")
@each_child(at_end=True)
def with_a_dentist(child: Child) -> Judged:
    """Registered, and seen within the year."""
    end = child.period.last
    since = add_months(end, -CHECK_UP_MONTHS)
    seen = any(
        one.kind == "dental" and one.attended_on is not None and since <= one.attended_on <= end
        for one in standing(child.person.health_checks)
    )
    return met(seen and _registered(child, "dentist"))


@answers("hackney_homes.2.1-K3")
@each_child(at_end=True)
def vaccinated(child: Child) -> Judged:
    """By the latest word at the period's end."""
    known = [
        one
        for one in standing(child.person.immunisations)
        if one.assessed_on is not None and one.assessed_on <= child.period.last
    ]
    word = latest(known, "assessed_on")
    if word is None or (word.up_to_date is None and word.declined is not True):
        return UNKNOWN
    return met(word.up_to_date)


def _registered(child: Child, kind: str) -> bool:
    return any(
        one.kind == kind and open_on(child.period.last, one.valid_from, one.valid_to)
        for one in standing(child.person.registrations)
    )
