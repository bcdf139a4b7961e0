"""The kinds of field that a record can have. One class each, so that nothing else branches on it.

A field knows its question, its bounds and its confidentiality, and its crossings:
the schema (`schema_field`), a typed form (`from_form`), a cell of a bundle (`from_cell`, `to_cell`),
what people read (`show`), and what programs are told of it (`json_schema`, `answered_schema`).
A value crosses every door in one canonical shape: JSON's.
"""

from outcomes.kit.declaring.fields.base import Field
from outcomes.kit.declaring.fields.codes import Choice, Many, Pairs
from outcomes.kit.declaring.fields.links import Link, Links
from outcomes.kit.declaring.fields.plain import (
    LINE_MOST,
    WORDS_MOST,
    Day,
    Instant,
    Number,
    Text,
    Whole,
    YesNo,
)

__all__ = [
    "LINE_MOST", "WORDS_MOST", "Choice", "Day", "Field", "Instant", "Link", "Links", "Many", "Number", "Pairs",
    "Text", "Whole", "YesNo",
]  # fmt: skip
