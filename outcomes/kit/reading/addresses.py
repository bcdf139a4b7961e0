"""Where records are found: the address of every kind's pages. Others may rely on them.

A kind of its own has a collection (`/children`); a kind that belongs to another stands below its
owner (`/children/<id>/health-check/<record>`). Every identifier in an address is random.
"""

from outcomes.core.database import db
from outcomes.kit.declaring.fields import Link
from outcomes.kit.declaring.record import KINDS, Record

COLLECTIONS = {
    "person": "children",
    "home": "homes",
    "contract": "contracts",
    "organisation": "organisations",
    "instrument": "instruments",
}
"""Kinds with pages of their own, below no owner."""


def owner_kind(kind: type[Record]) -> type[Record] | None:
    """The kind that this one belongs to; None for a kind of its own."""
    link = kind.declaration.owner
    if link is None:
        return None
    field = kind.asked_fields()[link]
    assert isinstance(field, Link), f"{kind.__name__}.{link} must be made with link()"
    return KINDS[field.to]


def owner_of(record: Record) -> Record | None:
    """The record that this one belongs to, as far as the reader may see it."""
    kind = owner_kind(type(record))
    if kind is None:
        return None
    return db.session.get(kind, getattr(record, str(record.declaration.owner)))


def list_address(kind: type[Record], owner: Record | None = None) -> str:
    """The list of a kind's records: all, or those of `owner`."""
    if owner is None:
        return f"/{COLLECTIONS[kind.kind_name()]}"
    return f"/{COLLECTIONS[owner.kind_name()]}/{owner.public_id}/{kind.slug()}"


def address(record: Record, owner: Record | None = None) -> str:
    """The page of one record. `owner` saves a look-up where it is at hand."""
    if record.kind_name() in COLLECTIONS:
        return f"/{COLLECTIONS[record.kind_name()]}/{record.public_id}"
    return f"{list_address(type(record), owner or owner_of(record))}/{record.public_id}"


def rules_of(kind: type[Record]) -> dict[str, str]:
    """The address of each verb as a routing rule. A kind with a collection shows its records
    there, whether or not it belongs to another."""
    holder = owner_kind(kind)
    below = f"/{COLLECTIONS[holder.kind_name()]}/<public_id:owner>/{kind.slug()}" if holder else ""
    at = f"/{COLLECTIONS[kind.kind_name()]}" if kind.kind_name() in COLLECTIONS else below
    one = f"{at}/<public_id:record>"
    return {
        "list": below or at,
        "new": f"{below or at}/new",
        "show": one,
        "correct": f"{one}/correct",
        "withdraw": f"{one}/withdraw",
    }
