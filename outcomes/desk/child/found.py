"""The child that an address names, opened and noted for the audit."""

from outcomes.care.people import Person
from outcomes.kit.finding import find


def child_of(public_id: str) -> Person:
    """The child, in the reader's scope. Raises NotFound where there is none, or none of theirs."""
    found = find(Person, public_id)
    assert isinstance(found, Person)
    return found
