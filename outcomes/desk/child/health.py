"""The health of a child at a glance, and the checks of the last two years: one statement each kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import func, select

from outcomes.care.people import Person
from outcomes.core.calendar import add_months
from outcomes.desk.asking import DAY, Question, ask_of, of_the_child
from outcomes.desk.child.mark import Mark
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day
from outcomes.records.health import HealthCheck, HealthRegistration, ImmunisationStatus
from outcomes.web.templates import lower_first

HEALTH_MONTHS = 24
MOST_CHECKS = 400
"""More than a childhood of appointments: what is older than so many is in the list of all checks."""

AT_A_GLANCE = (
    ("Dental check", ("dental",)),
    ("Eye test", ("optical",)),
    ("Health assessment", ("initial_health_assessment", "review_health_assessment")),
)
"""The checks that are due again and again, each with the kinds that count as one."""


@dataclass(frozen=True, slots=True)
class Health:
    """At a glance; what waits, and the latest of each check that was attended or missed; how many more."""

    marks: list[Mark]
    rows: list[dict[str, Any]]
    more: int


def health_of(child: Person, day: date) -> Health:
    """The child's health as it stands on a day."""
    checks = ask_of(child, _checks()).scalars().all()
    marks = [*_registrations(child, day), *_last_checks(checks, child, day), _immunisations(child, day)]
    lately = [one for one in checks if _about(one) > add_months(day, -HEALTH_MONTHS)]
    shown = _telling(lately)
    return Health(marks, [_row(one, child, day) for one in shown], len(checks) - len(shown))


# -- at a glance ---------------------------------------------------------------------------------


def _registrations(child: Person, day: date) -> list[Mark]:
    """GP, dentist and optician: registered, no longer registered, or nothing recorded."""
    latest = {one.kind: one for one in ask_of(child, _registered(), day=day).scalars()}
    kinds = code_list("health_registration.kind").labels
    return [_registration(label, latest.get(kind), child, day) for kind, label in kinds.items()]


@cache
def _registered() -> Question:
    return (
        select(HealthRegistration)
        .where(of_the_child(HealthRegistration.person_id), HealthRegistration.standing())
        .where(HealthRegistration.valid_from <= DAY)
        .order_by(HealthRegistration.valid_from, HealthRegistration.id)
    )


def _registration(label: str, one: HealthRegistration | None, child: Person, day: date) -> Mark:
    if one is None:
        return Mark(label, "unknown", "Not known", "No registration recorded")
    where, href = one.provider_name or "", address(one, child)
    if one.valid_to is not None and one.valid_to <= day:
        until = f"{where}, until {say_day(one.valid_to)}" if where else f"Until {say_day(one.valid_to)}"
        return Mark(label, "no", "Not registered", until, href)
    since = f"{where}, since {say_day(one.valid_from)}" if where else f"Since {say_day(one.valid_from)}"
    return Mark(label, "yes", "Registered", since, href)


def _last_checks(checks: Sequence[HealthCheck], child: Person, day: date) -> list[Mark]:
    """Each recurring check: when it was last attended, and when it is due next."""
    return [
        _last_check(what, [one for one in checks if one.kind in kinds], child, day)
        for what, kinds in AT_A_GLANCE
    ]


def _last_check(what: str, checks: Sequence[HealthCheck], child: Person, day: date) -> Mark:
    attended = max((one for one in checks if one.attended_on), key=_about_attended, default=None)
    due_on = next_due(checks, attended)
    href = address(attended, child) if attended else None
    last = f"Last on {say_day(attended.attended_on)}" if attended and attended.attended_on else ""
    if due_on is not None and due_on < day:
        return Mark(what, "no", f"Overdue since {say_day(due_on)}", last or "Never attended", href)
    following = f"Next due on {say_day(due_on)}" if due_on else "No next date recorded"
    if not attended:
        return Mark(what, "unknown", "None recorded", following)
    return Mark(what, "yes", last, following, href)


def next_due(checks: Sequence[HealthCheck], attended: HealthCheck | None) -> date | None:
    """When a check is due next: what waits for its date, else the recall of the last one attended."""
    waiting = [one.due_on for one in checks if one.due_on and not one.attended_on and not one.missed_reason]
    if waiting:
        return min(waiting)
    if attended and attended.attended_on and attended.recall_months:
        return add_months(attended.attended_on, attended.recall_months)
    return None


def _immunisations(child: Person, day: date) -> Mark:
    """The latest that is known by the day; not known stays not known (R21)."""
    one = ask_of(child, _immunised(), day=day).scalars().first()
    if one is None:
        return Mark("Immunisations", "unknown", "Not known", "Nothing recorded")
    source = code_list("immunisation_status.source").label(one.source) if one.source else ""
    told = f" ({lower_first(source)})" if source else ""
    known, href = f"As known on {say_day(one.assessed_on)}{told}", address(one, child)
    if one.up_to_date is None:
        words = "Not known; a vaccination was declined" if one.declined else "Not known"
        return Mark("Immunisations", "unknown", words, known, href)
    if one.up_to_date:
        return Mark("Immunisations", "yes", "Up to date", known, href)
    declined = ": a vaccination was declined" if one.declined else ""
    return Mark("Immunisations", "no", f"Not up to date{declined}", known, href)


@cache
def _immunised() -> Question:
    return (
        select(ImmunisationStatus)
        .where(of_the_child(ImmunisationStatus.person_id), ImmunisationStatus.standing())
        .where(ImmunisationStatus.assessed_on <= DAY)
        .order_by(ImmunisationStatus.assessed_on.desc(), ImmunisationStatus.id.desc())
        .limit(1)
    )


# -- the checks one by one -----------------------------------------------------------------------


@cache
def _checks() -> Question:
    about = func.coalesce(HealthCheck.due_on, HealthCheck.attended_on)
    return (
        select(HealthCheck)
        .where(of_the_child(HealthCheck.person_id), HealthCheck.standing(), about.is_not(None))
        .order_by(about.desc(), HealthCheck.id.desc())
        .limit(MOST_CHECKS)
    )


def _about(one: HealthCheck) -> date:
    return one.due_on or _about_attended(one)


def _about_attended(one: HealthCheck) -> date:
    return one.attended_on or date.min


def _telling(checks: Sequence[HealthCheck]) -> list[HealthCheck]:
    """What waits, and the latest of each check that was attended or missed."""
    waiting = [one for one in checks if not one.attended_on and not one.missed_reason]
    latest: dict[tuple[str, bool], HealthCheck] = {}
    for one in checks:
        if one.attended_on or one.missed_reason:
            latest.setdefault((one.kind, bool(one.attended_on)), one)
    return sorted([*waiting, *latest.values()], key=checks.index)


def _row(one: HealthCheck, child: Person, day: date) -> dict[str, Any]:
    return {
        "what": code_list("health_check.kind").label(one.kind),
        "href": address(one, child),
        "due": say_day(one.due_on) if one.due_on else None,
        "attended_on": one.attended_on,
        "attended": say_day(one.attended_on) if one.attended_on else None,
        "state": _state(one, day),
    }


def _state(one: HealthCheck, day: date) -> tuple[str, str]:
    """The words and the tone of a tag. Refused and not yet due are not the same as missed."""
    if one.attended_on:
        return "✓ Attended", "green"
    if one.missed_reason:
        return code_list("missed_reason").label(one.missed_reason), "orange"
    if one.due_on and one.due_on < day:
        return "Overdue", "red"
    return ("Due today", "yellow") if one.due_on == day else ("Not due yet", "grey")
