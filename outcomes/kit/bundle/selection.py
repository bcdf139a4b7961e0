"""Which records an export holds: all that stand, or those of one contract's children.

With a contract, a record is in when it is the contract's or belongs to a child placed under it; and
everything that such a record links to is in as well, so that the bundle can be imported by itself.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, or_, select, tuple_
from sqlalchemy.orm import Session

from outcomes.core.errors import Invalid
from outcomes.kit.bundle.layout import natural_links
from outcomes.kit.bundle.lookup import chunks
from outcomes.kit.declaring.fields import Link, Links
from outcomes.kit.declaring.record import KINDS, Record

Chosen = dict[str, list[int]]
"""The keys of the records of each kind, in the order in which they were recorded."""


def all_standing(session: Session) -> Chosen:
    """Every record that stands."""
    return {kind.kind_name(): _in_order(session, kind) for kind in KINDS}


def of_contract(session: Session, contract: str, sender: str) -> Chosen:
    """The records of the children placed under a contract, and what they need.

    `contract` is the sender's reference or the public identifier. Raises Invalid where there is none.
    """
    key = _contract_key(session, contract, sender)
    placement = KINDS["placement"]
    under = select(placement.person_id).where(placement.contract_id == key, placement.standing())  # type: ignore[attr-defined]
    children = set(session.scalars(under))
    needed: dict[str, set[int]] = defaultdict(set)
    needed["contract"].add(key)
    needed["person"] |= children
    by_nature: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
    # Links point to earlier kinds only: going backwards, all that need a kind come before it.
    for kind in reversed(list(KINDS)):
        name = kind.kind_name()
        needed[name] |= _belonging(session, kind, children, key)
        if by_nature[name]:
            columns = [getattr(kind, column) for column in kind.declaration.natural_key]
            needed[name] |= set(
                session.scalars(select(kind.id).where(tuple_(*columns).in_(sorted(by_nature[name]))))
            )
        for some in chunks(sorted(needed[name])):
            for record in session.scalars(select(kind).where(kind.id.in_(some))):
                _note_needs(record, needed, by_nature)
    return {kind.kind_name(): _in_order(session, kind, needed[kind.kind_name()]) for kind in KINDS}


def _contract_key(session: Session, contract: str, sender: str) -> int:
    kind = KINDS["contract"]
    by_reference = (kind.sender == sender) & (kind.sender_reference == contract)
    found = session.scalar(
        select(kind.id).where(or_(by_reference, kind.public_id == contract), kind.standing())
    )
    if found is None:
        raise Invalid.of(
            "contract",
            f"Contract: there is no contract {contract!r} from the source {sender!r}. Name one by its reference "
            "or its identifier.",
        )
    return found


def _belonging(session: Session, kind: type[Record], children: set[int], contract: int) -> set[int]:
    fields, found = kind.asked_fields(), set()
    if kind.declaration.owner == "person_id":
        for some in chunks(sorted(children)):
            found |= set(session.scalars(select(kind.id).where(kind.person_id.in_(some), kind.standing())))  # type: ignore[attr-defined]
    elif kind.declaration.owner == "contract_id" and "contract_id" in fields:
        theirs: ColumnElement[bool] = kind.contract_id == contract  # type: ignore[attr-defined]
        found |= set(session.scalars(select(kind.id).where(theirs, kind.standing())))
    return found


def _note_needs(
    record: Record, needed: dict[str, set[int]], by_nature: dict[str, set[tuple[Any, ...]]]
) -> None:
    for name, field in type(record).asked_fields().items():
        value = getattr(record, name)
        if isinstance(field, Link) and value is not None:
            needed[field.to].add(value)
        elif isinstance(field, Links):
            needed[field.to].update(value or ())
    for link in natural_links(type(record)):
        by_nature[link.to].add(tuple(getattr(record, column) for column in link.columns))


def _in_order(session: Session, kind: type[Record], wanted: Iterable[int] | None = None) -> list[int]:
    # Of two records on one date the later recorded one counts: an import must see the same order.
    ids = session.scalars(select(kind.id).where(kind.standing()).order_by(kind.recorded_at, kind.id))
    kept = None if wanted is None else set(wanted)
    return [one for one in ids if kept is None or one in kept]
