"""One record to be written, as a frozen value. Links are references of other entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of a kind. `author` is the reference of the member of staff who writes it.

    `reference` is blank for kinds that nothing refers to: they get a number when they are written.
    """

    kind: str
    values: Mapping[str, Any]
    reference: str = ""
    author: str = ""


def entry(kind: str, reference: str = "", /, *, author: str = "", **values: Any) -> Entry:
    """An entry without the fields that were left blank."""
    kept = {name: value for name, value in values.items() if value is not None}
    return Entry(kind, kept, reference, author)
