"""With whom a child is registered for their health, and whether their vaccinations are up to date."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from outcomes.demo.child import Child
from outcomes.demo.entry import Entry, entry
from outcomes.demo.window import Window

PRACTICES = {
    "gp": ("Harbour Street Surgery", "Old Mill Practice"),
    "dentist": ("Riverside Dental Care", "The Green Dentists"),
    "optician": ("Market Row Opticians",),
}
LAPSE_DAYS = 100
"""Longer than a quarter, so that an end of a quarter finds the child without a practice."""


def registrations(child: Child, window: Window) -> Iterator[Entry]:
    """A GP brought along, a dentist and an optician within weeks; for some a lapse when the practice closed."""
    rng = child.rng("registrations")
    came = max(child.stays[0].first, window.first)
    for kind, practices in PRACTICES.items():
        begins = (
            child.born + timedelta(days=400) if kind == "gp" else came + timedelta(days=rng.randint(3, 40))
        )
        lapse = came + timedelta(days=170)
        if kind != "optician" and child.number % 6 in (1, 2) and lapse < window.today:
            yield _registered(child, kind, practices[0], begins, lapse)
            begins = lapse + timedelta(days=LAPSE_DAYS)
        if begins <= window.today:
            yield _registered(child, kind, practices[-1], begins, None)


def _registered(child: Child, kind: str, practice: str, first: date, last: date | None) -> Entry:
    return entry(
        "health_registration",
        author=child.key_worker_on(max(first, child.stays[0].first)),
        person_id=child.reference,
        kind=kind,
        provider_name=practice,
        valid_from=first,
        valid_to=last,
    )


def immunisations(child: Child, window: Window) -> Iterator[Entry]:
    """What was known some weeks after coming, and a year later: for some nothing, for some a refusal."""
    came = max(child.stays[0].first, window.first)
    others: dict[str, Any] = {"up_to_date": True, "source": "gp_record"}
    unusual: dict[int, dict[str, Any]] = {
        1: {"up_to_date": None, "source": "child"},
        3: {"up_to_date": False, "declined": True, "source": "parent_carer"},
        4: {"up_to_date": False, "source": "health_assessment"},
    }
    first = unusual.get(child.number % 6, others)
    later: dict[str, Any] = (
        {"up_to_date": True, "source": "health_assessment"} if child.number % 6 != 3 else first
    )
    for day, said in ((came + timedelta(days=30), first), (came + timedelta(days=370), later)):
        if day <= window.today:
            yield entry(
                "immunisation_status",
                author=child.key_worker_on(day),
                person_id=child.reference,
                assessed_on=day,
                **said,
            )
