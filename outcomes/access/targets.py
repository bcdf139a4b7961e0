"""Finding the record that a command names, by public id or by the sender's own reference."""

from sqlalchemy import or_, select

from outcomes.access.bind import system_scope
from outcomes.core.errors import Invalid
from outcomes.kit.record import KINDS


def find_record(kind: str, given: str) -> int:
    """The key of one standing record. Raises Invalid where there is none, or more than one."""
    model = KINDS[kind]
    with system_scope("find what a command names") as session:
        named = or_(model.public_id == given, model.sender_reference == given)
        keys = session.scalars(select(model.id).where(named, model.standing()).limit(2)).all()
    what = model.declaration.title.lower()
    if not keys:
        raise Invalid.of(
            kind, f"There is no {what} {given!r}. Give its id or the reference it was imported with."
        )
    if len(keys) > 1:
        raise Invalid.of(kind, f"More than one {what} is called {given!r}. Give its id.")
    return keys[0]
