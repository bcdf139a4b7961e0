"""What names a child on every page: the identity bar's name, address and three facts."""

from typing import Any

from outcomes.care.people import Person
from outcomes.core.calendar import age_on
from outcomes.core.clock import today
from outcomes.desk.child.whereabouts import Whereabouts, whereabouts_of
from outcomes.kit.declaring.record import Record
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day


def identity(child: Record) -> dict[str, Any]:
    """A child for the identity bar: name, href, facts (age, home, key worker)."""
    assert isinstance(child, Person), "only a child has an identity bar"
    return identity_with(child, whereabouts_of([child])[child.id])


def identity_with(child: Person, where: Whereabouts) -> dict[str, Any]:
    """The same where the whereabouts are at hand."""
    return {"name": child.called(), "href": address(child), "facts": facts_of(child, where)}


def facts_of(child: Person, where: Whereabouts) -> list[str]:
    """ "Age 13", "Elm House since 3 May 2025", "Key worker Ada Obi"."""
    facts = [f"Died on {say_day(child.died_on)}" if child.died_on else f"Age {age_of(child)}"]
    if where.place and where.since:
        facts.append(f"{where.place} since {say_day(where.since)}")
    else:
        facts.append("Not placed here today")
    facts.append(f"Key worker {where.key_worker}" if where.key_worker else "No key worker")
    return facts


def age_of(child: Person) -> int:
    """The child's age in completed years today."""
    return age_on(child.date_of_birth, today())
