"""The list of every kind as a file: what stands, in the reader's scope, with the fields that they may read.

Each record in a file is noted for the audit by its own identifier: a file leaves the service.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select

from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.kit.declaring.fields import Field, Link, Links
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.pages.downloads import Cell, Listing, download, file_routes
from outcomes.kit.reading.addresses import rules_of
from outcomes.kit.reading.finding import all_of, find_owner
from outcomes.kit.reading.view import readable, view_of
from outcomes.kit.words import say_list, slug_of
from outcomes.web.guard import current_actor
from outcomes.web.reads import note_read

MOST_ROWS = 10_000
"""Rows of one file. A child has far fewer records of a kind; `outcomes export` is for everything."""

Names = Mapping[str, Mapping[int, str]]
"""What linked records are called, by kind and key, as far as the reader may see them."""


@dataclass(frozen=True, slots=True)
class ListFile:
    """The list of one kind as a file."""

    kind: type[Record]

    def view(self, form: str, owner: str = "") -> Response:
        holder = find_owner(self.kind, owner)
        rows = all_of(self.kind, holder, MOST_ROWS + 1)
        if len(rows) > MOST_ROWS:
            raise Invalid.of("", f"A file holds at most {MOST_ROWS:,} rows, and there are more.")
        note_file(self.kind.kind_name(), [row.public_id for row in rows], person=_person(holder))
        return download(listing_of(self.kind, rows, current_actor()), form, current_actor())


def note_file(kind: str, identifiers: Sequence[str], *, person: str = "") -> None:
    """Note for the audit how many records a file holds, and each of them."""
    note_read(kind, "", count=len(identifiers), person=person)
    for one in identifiers:
        note_read(kind, one, person=one if kind == "person" else person)


def listing_of(kind: type[Record], rows: Sequence[Record], actor: Actor) -> Listing:
    """Records of a kind as a table of what the reader may see."""
    fields = readable(kind, actor)
    views = [view_of(row, actor) for row in rows]
    names = _names(fields, views)
    cells = [[_cell(field, view[name], names) for name, field in fields.items()] for view in views]
    return Listing(kind.slug(), kind.declaration.many, [field.label for field in fields.values()], cells)


def _names(fields: Mapping[str, Field], views: Iterable[Mapping[str, Any]]) -> Names:
    """The names of everything that is linked to: one statement for each kind, not for each row."""
    wanted: dict[str, set[int]] = {}
    for view in views:
        for name, field in fields.items():
            if isinstance(field, Link | Links):
                wanted.setdefault(field.to, set()).update(_keys(view[name]))
    return {to: _called(KINDS[to], keys) for to, keys in wanted.items()}


def _called(kind: type[Record], keys: Collection[int]) -> dict[int, str]:
    ordered, found = sorted(keys), dict[int, str]()
    for start in range(0, len(ordered), 500):
        some = select(kind).where(kind.id.in_(ordered[start : start + 500]))
        found |= {row.id: row.called() for row in db.session.scalars(some)}
    return found


def _keys(value: Any) -> list[int]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _cell(field: Field, value: Any, names: Names) -> Cell:
    if isinstance(field, Link | Links):
        return say_list([names[field.to][key] for key in _keys(value) if key in names[field.to]])
    # Numbers, dates and yes or no go into a file as what they are; everything else in words.
    return value if field.drawn in ("day", "moment", "whole", "decimal", "yes_no") else field.show(value)


def _person(holder: Record | None) -> str:
    return holder.public_id if holder is not None and holder.kind_name() == "person" else ""


def record_files(hand_made: Collection[tuple[str, str]] = ()) -> Blueprint:
    """The blueprint of every kind's files, but those (kind, "file") that are made by hand."""
    blueprint = Blueprint("files", __name__)
    for kind in KINDS:
        if (kind.kind_name(), "file") in hand_made:
            continue
        file_routes(
            blueprint,
            rules_of(kind)["list"],
            ListFile(kind).view,
            permission=kind.declaration.read,
            audit=f"{slug_of(kind.kind_name())}:download",
            endpoint=kind.kind_name(),
        )
    return blueprint
