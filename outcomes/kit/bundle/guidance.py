"""What a sender needs to know about each column of a bundle: its meaning, and how it is written.

Taken from the declarations of the kinds, so that the guidance cannot disagree with what an import
accepts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch

from outcomes.kit.bundle.layout import Layout, layout_of, layout_of_part
from outcomes.kit.declaring.codes import CodeList
from outcomes.kit.declaring.fields import (
    Choice,
    Day,
    Field,
    Instant,
    Link,
    Links,
    Many,
    Number,
    Pairs,
    Text,
    Whole,
    YesNo,
)
from outcomes.kit.declaring.record import KINDS, Part, Record

REFERENCE = "Text of at most 64 characters"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `field` is None for the sender's own reference, which is no field of the record."""

    sheet: str
    name: str
    required: bool
    meaning: str
    written: str
    codes: CodeList | None = None
    field: Field | None = None


def columns_of(kind: type[Record]) -> list[Column]:
    """The columns of a kind's sheet, in the order in which an export writes them."""
    return [_column(layout_of(kind), name) for name in layout_of(kind).columns]


def columns_of_part(kind: type[Record], part: type[Part]) -> list[Column]:
    """The columns of the sheet of a kind's parts."""
    layout = layout_of_part(part)
    return [
        Column(
            layout.name, name, True, f"Which row of the sheet {kind.kind_name()} is it part of?", REFERENCE
        )
        if name == part.part_of
        else _column(layout, name)
        for name in layout.columns
    ]


def sheets(kinds: list[type[Record]]) -> Iterator[tuple[str, list[Column]]]:
    """The sheets of these kinds, each followed by that of its parts, in the order of KINDS."""
    for kind in KINDS:
        if kind not in kinds:
            continue
        yield kind.kind_name(), columns_of(kind)
        if part := kind.declaration.part:
            yield part.__tablename__, columns_of_part(kind, part)


def _column(layout: Layout, name: str) -> Column:
    field = layout.fields.get(name)
    required = name in layout.required
    if field is None:
        meaning = "Your own reference for this row. Keep it the same in every file you send."
        return Column(layout.name, name, required, meaning, REFERENCE)
    meaning = f"{field.question} {field.hint}.".replace(" .", "").replace("..", ".")
    codes = field.code_list if isinstance(field, Choice | Many) else None
    return Column(layout.name, name, required, meaning, written(field), codes, field)


@singledispatch
def written(field: Field) -> str:
    """How the values of a field are written in a cell."""
    raise AssertionError(f"Unhandled field: {field}")


@written.register
def _(field: Text) -> str:
    return f"Text of at most {field.most:,} characters"


@written.register
def _(field: Day) -> str:
    return "A date: 27/03/2026 or 2026-03-27"


@written.register
def _(field: Instant) -> str:
    return "A date and time: 27/03/2026 22:15 or 2026-03-27T22:15, as the clock in London showed it"


@written.register
def _(field: YesNo) -> str:
    return "yes or no" if field.required else "yes or no; blank where it is not known"


@written.register
def _(field: Choice) -> str:
    return "One of the codes" + _or_other(field.code_list)


@written.register
def _(field: Many) -> str:
    return "Codes with | between them" + _or_other(field.code_list)


@written.register
def _(field: Pairs) -> str:
    return f"{field.in_a_cell[:1].upper()}{field.in_a_cell[1:]}"


@written.register
def _(field: Whole) -> str:
    return f"A whole number from {field.least:,} to {field.most:,}"


@written.register
def _(field: Number) -> str:
    return f"A number from {field.least:,} to {field.most:,}, with at most three decimals"


@written.register
def _(field: Link) -> str:
    return f"A reference from the sheet {field.to}, of this workbook or of one sent before"


@written.register
def _(field: Links) -> str:
    return f"References from the sheet {field.to}, with | between them"


def _or_other(codes: CodeList) -> str:
    return ", or a code of your own (small letters, digits and _)" if codes.open else ""
