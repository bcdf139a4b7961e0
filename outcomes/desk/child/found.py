"""The child that an address names, opened and noted for the audit."""

from outcomes.care.people import Person
from outcomes.core.errors import Forbidden
from outcomes.kit.declaring.record import Record
from outcomes.kit.reading.finding import find
from outcomes.web.guard import current_actor


def child_of(public_id: str, about: type[Record] | None = None) -> Person:
    """The child, in the reader's scope. Raises NotFound where there is none, or none of theirs.

    `about` is the kind whose page by hand this is: Forbidden to readers who lack its level, as such
    a page shows the record whole.
    """
    if about is not None and not current_actor().may_read(about.declaration.level):
        raise Forbidden
    found = find(Person, public_id)
    assert isinstance(found, Person)
    return found
