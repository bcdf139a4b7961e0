"""The columns of a table: which a kind or part has, which must be there, and whether a header fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from outcomes.kit.bundle.faults import Faults
from outcomes.kit.declaring.fields import Field, Links
from outcomes.kit.declaring.record import KINDS, Part, Record
from outcomes.kit.words import say_list


class NaturalLink(NamedTuple):
    """A link by the natural key of another kind: a reading names its instrument by code and version."""

    to: str
    columns: tuple[str, ...]
    their_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table may and must hold. `key` names the columns that tell its rows apart."""

    name: str
    fields: dict[str, Field]
    key: tuple[str, ...]
    required: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column, in the order in which an export writes them."""
        return tuple(dict.fromkeys((*self.key, *self.fields)))


def layout_of(kind: type[Record]) -> Layout:
    """A kind's columns: the sender's identifier, unless the kind has a natural key, and its fields.

    The identifier is always needed: only by it can the next import tell a mended row from a new one.
    """
    fields = dict(kind.asked_fields())
    key = kind.declaration.natural_key or (kind.identifier(),)
    needed = [name for name, field in fields.items() if field.required]
    return Layout(kind.kind_name(), fields, key, tuple(dict.fromkeys((*key, *needed))))


def layout_of_part(part: type[Part]) -> Layout:
    """A part's columns: the owner's identifier and its fields."""
    fields = {name: field for name, field in part.asked_fields().items() if name != part.part_of}
    needed = [name for name, field in fields.items() if field.required]
    key = (part.part_of, part.part_key)
    return Layout(part.__tablename__, fields, key, tuple(dict.fromkeys((*key, *needed))))


def natural_links(kind: type[Record]) -> list[NaturalLink]:
    """The links of a kind that go by another kind's natural key."""
    keys = (key for key in kind.metadata.tables[kind.kind_name()].foreign_key_constraints)
    return [
        NaturalLink(
            key.referred_table.name,
            tuple(element.parent.name for element in key.elements),
            tuple(element.column.name for element in key.elements),
        )
        for key in sorted(keys, key=lambda key: key.referred_table.name)
        if len(key.elements) > 1 and key.referred_table.name in KINDS
    ]


def in_a_list(kind: str) -> bool:
    """True where some field holds a list of references to this kind: `|` separates them."""
    return any(
        isinstance(field, Links) and field.to == kind
        for other in KINDS
        for field in other.asked_fields().values()
    )


def check_header(file: str, header: Sequence[str], layout: Layout, faults: Faults) -> bool:
    """Report what is wrong with a header. True where its rows can be read all the same."""
    known = set(layout.columns)
    for position, name in enumerate(header, start=1):
        if not name:
            faults.add(file, 1, f"Column {position} has no name. Name it or take it out.")
        elif name not in known:
            faults.add(file, 1, _stranger(name, file, layout), column=name)
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        faults.add(file, 1, "This column stands twice. Keep one of them.", column=name)
    missing = [name for name in layout.required if name not in header]
    for name in missing:
        faults.add(file, 1, _missing(name, layout), column=name)
    return not missing and len(set(header)) == len(header)


def _stranger(name: str, file: str, layout: Layout) -> str:
    plain = name.lower().replace(" ", "_").replace("-", "_")
    near = get_close_matches(plain, layout.columns, n=1, cutoff=0.7)
    if near:
        return f"There is no such column in {file}. Did you mean {near[0]}? Rename it or take it out."
    return (
        f"There is no such column in {file}. Take it out, or give it one of these names: "
        f"{say_list(list(layout.columns))}."
    )


def _missing(name: str, layout: Layout) -> str:
    if name in layout.key and name not in layout.fields:
        return (
            "This column is missing. Add it, with your own reference for each row (any text up to 64 "
            "characters) that stays the same in every file you send."
        )
    return "This column is missing. Add it; it must be filled in for every row."
