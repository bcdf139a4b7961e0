"""The cells of a sheet, walked once in its XML before it is read: how far they reach, and which of
them hold a formula or an error.

The reader of workbooks makes room for every cell between the first and the last, and gives a
formula's last result in place of the formula. So a stray cell far off is found here, and what a
formula says.
"""

import re
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

COLUMNS_MOST = 200
"""Columns that a sheet may use. The widest kind has far fewer."""

SHARED = "=(as the cell above)"
"""The text of a formula that has none of its own, because it was filled down from another cell."""

CELLS_MOST = 5_000_000
"""Cells from the first to the furthest in use, blank ones among them."""

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})\Z", re.ASCII)
_TEXT_MOST = 8_192

Place = tuple[int, int]
"""Row and column, counted from 1."""


class Unwalkable(Exception):
    """The XML is broken, or holds what no spreadsheet writes."""


@dataclass(slots=True)
class Cells:
    """What was found: the furthest row and column in use, where the formulas are, and, by row and
    column, the text of what the reader tells otherwise: a formula's own, and an error's code."""

    rows: int = 0
    columns: int = 0
    formulas: list[Place] = field(default_factory=list)
    unlike: dict[int, dict[int, str]] = field(default_factory=dict)


def walk(xml: bytes) -> Cells:
    """Walk one sheet's XML. Raises Unwalkable."""
    walker = _Walker()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = walker.start
    parser.EndElementHandler = walker.end
    parser.CharacterDataHandler = walker.words
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as fault:
        raise Unwalkable(str(fault)) from fault
    return walker.found


class _Walker:
    """Follows rows and cells; a row or cell without an address comes after the one before it."""

    def __init__(self) -> None:
        self.found = Cells()
        self._row = self._column = 0
        self._type = ""
        self._heard: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self._cell(attributes)
        elif tag == "row":
            self._row = _number(attributes.get("r"), self._row + 1)
            self._column = 0
        elif tag in ("v", "is", "f"):
            self._fill()
            if tag == "f" or (tag == "v" and self._type == "e"):
                self._heard = []

    def words(self, text: str) -> None:
        if self._heard is not None:
            self._heard.append(text)

    def end(self, name: str) -> None:
        if self._heard is None:
            return
        said, of_row = "".join(self._heard)[:_TEXT_MOST], self.found.unlike.setdefault(self._row, {})
        if name.rpartition(" ")[2] == "f":
            self.found.formulas.append((self._row, self._column))
            of_row[self._column] = f"={said}" if said else SHARED
        else:
            # The error that a formula came to says less than the formula.
            of_row.setdefault(self._column, said)
        self._heard = None

    def _cell(self, attributes: dict[str, str]) -> None:
        self._type = attributes.get("t", "")
        at = _REFERENCE.match(attributes.get("r", ""))
        if at:
            self._column = _column_of(at[1])
            self._row = int(at[2])
        elif "r" in attributes:
            raise Unwalkable(f"A cell has the address {attributes['r'][:20]!a}.")
        else:
            self._column += 1

    def _fill(self) -> None:
        self.found.rows = max(self.found.rows, self._row)
        self.found.columns = max(self.found.columns, self._column)


def _number(text: str | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise Unwalkable(f"A row has the number {text[:20]!a}.")
    return int(text)


def _column_of(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _refuse_doctype(*_: object) -> NoReturn:
    raise Unwalkable("It declares a document type.")
