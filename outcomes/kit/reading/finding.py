"""Finding the record that an address names, in the reader's scope, and noting that it was opened."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from outcomes.core.database import db
from outcomes.core.errors import NotFound
from outcomes.kit.declaring.record import PersonRecord, Record
from outcomes.kit.reading.addresses import owner_kind
from outcomes.web.limits import PageWanted
from outcomes.web.reads import note_read


def find(kind: type[Record], public_id: str, owner: Record | None = None) -> Record:
    """The record, opened and noted for the audit. NotFound where it is not there or not yours."""
    asked = {"public_id": public_id} | ({"owner": owner.id} if owner is not None else {})
    record = db.session.scalar(_by_public_id(kind, owned=owner is not None), asked)
    if record is None:
        raise NotFound
    note_read(kind.kind_name(), record.public_id, person=_person(record, owner))
    return record


@cache
def _by_public_id(kind: type[Record], owned: bool) -> Select[Any]:
    """Built once for each kind: every page about a record asks it."""
    wanted = select(kind).where(kind.public_id == bindparam("public_id"))
    return wanted.where(getattr(kind, str(kind.declaration.owner)) == bindparam("owner")) if owned else wanted


def find_owner(kind: type[Record], public_id: str) -> Record | None:
    """The record that an address names as the owner of a kind's records; None where it names none."""
    holder = owner_kind(kind)
    return find(holder, public_id) if holder is not None and public_id else None


def named_owner(kind: type[Record], holder: Record | None) -> dict[str, Any]:
    """The link to the owner, as the schema takes it: from the address, never from what was sent."""
    link = kind.declaration.owner
    return {link: holder} if link and holder is not None else {}


def list_of(kind: type[Record], owner: Record | None, wanted: PageWanted) -> tuple[Sequence[Record], int]:
    """One page of the standing records of a kind, newest first, and how many there are in all."""
    standing = _standing(kind, owner)
    total = db.session.scalar(select(func.count()).select_from(kind).where(*standing)) or 0
    rows = db.session.scalars(
        _newest_first(kind).where(*standing).limit(wanted.per_page).offset(wanted.offset)
    ).all()
    note_list(kind, rows, owner)
    return rows, total


def all_of(kind: type[Record], owner: Record | None, most: int) -> Sequence[Record]:
    """The standing records of a kind, newest first, `most` at most. Who shows them notes them."""
    return db.session.scalars(_newest_first(kind).where(*_standing(kind, owner)).limit(most)).all()


def _standing(kind: type[Record], owner: Record | None) -> list[Any]:
    link = kind.declaration.owner
    return [kind.standing(), *([getattr(kind, str(link)) == owner.id] if owner is not None else [])]


def _newest_first(kind: type[Record]) -> Any:
    said = kind.declaration
    order = [getattr(kind, name).desc() for name in (said.about, said.about_else) if name]
    return select(kind).order_by(*order, kind.id.desc())


def note_list(kind: type[Record], rows: Sequence[Record], owner: Record | None = None) -> None:
    """Note what a list shows, for the audit: each child by themself, of other kinds how many.

    A list of children has opened something of each, and "who has seen this child" must find it. The
    records of one child need one entry, which names the child.
    """
    if kind.kind_name() == "person" and rows:
        for row in rows:
            note_read("person", row.public_id, person=row.public_id)
        return
    note_read(kind.kind_name(), "", count=len(rows), person=_person(None, owner))


def _person(record: Record | None, owner: Record | None) -> str | None:
    if owner is not None and owner.kind_name() == "person":
        return owner.public_id
    if record is not None and record.kind_name() == "person":
        return record.public_id
    assert not isinstance(record, PersonRecord), "a child's record is opened through its child"
    return None
