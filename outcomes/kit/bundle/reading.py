"""Tables of a bundle as rows of cells: a CSV file read as a stream, with its faults named by row.

What the columns mean is not known here, nor where else a table may come from (`workbook.py`).
"""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from outcomes.kit.bundle.formulas import as_meant

LINE_MOST = 1_000_000
"""Bytes of one line. A file without line ends must not fill the memory."""

ROWS_MOST = 250_000
"""Rows of one file: what is staged stands in memory."""

TOO_MANY_ROWS = f"A file or sheet holds at most {ROWS_MOST:,} rows. Send the children in several bundles."

AS_CSV = "In the spreadsheet, save it again as “CSV UTF-8 (comma delimited)”."

Row = tuple[int, list[str]]
"""The number of a row as a spreadsheet counts, and its cells."""


class Remark(NamedTuple):
    """Something to warn of, in one cell."""

    row: int
    column: str
    value: str
    message: str


class Unreadable(Exception):
    """The file cannot be read from this row on."""

    def __init__(self, row: int, message: str) -> None:
        super().__init__(message)
        self.row, self.message = row, message


class Table(Protocol):
    """The rows of one kind or part, from a file or from a sheet. `size` is for the progress only."""

    @property
    def file(self) -> str:
        """What people call it: person.csv, or the sheet's name."""

    @property
    def name(self) -> str:
        """The kind or part that it holds."""

    @property
    def size(self) -> int: ...

    @property
    def misfit(self) -> str:
        """What to do about a row that has more or fewer cells than the first."""

    @property
    def digest(self) -> str:
        """The SHA-256 of the file it is in, once all rows were read."""

    def header(self) -> list[str]:
        """The names in the first row. Raises Unreadable."""

    def rows(self) -> Iterator[Row]:
        """The rows below the header that hold anything. Raises Unreadable."""

    def remarks(self) -> Iterator[Remark]:
        """What was read otherwise than a reader may expect, once all rows were read."""


class CsvTable:
    """One CSV file: UTF-8 with or without BOM, separated by commas, quoted by `"`."""

    misfit = (
        "Look for a comma that should stand in quotation marks, or a cell too few. Add or take out a cell."
    )

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.name
        self.name = path.stem
        self.size = path.stat().st_size
        self.row = 0
        self._hash = hashlib.sha256()
        self._records = self._read()

    @property
    def digest(self) -> str:
        """The SHA-256 of what has been read: of the whole file, once `rows` has come to its end."""
        return self._hash.hexdigest()

    def header(self) -> list[str]:
        """The names in the first row. Raises Unreadable."""
        names = names_in(next(self._records, []))
        if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
            used = "semicolons" if ";" in names[0] else "tabs"
            raise Unreadable(1, f"The columns are separated by {used}, expected commas. {AS_CSV}")
        return names

    def rows(self) -> Iterator[Row]:
        """The rows below the header that hold anything. Raises Unreadable."""
        for cells in self._records:
            if self.row > ROWS_MOST + 1:
                raise Unreadable(self.row, TOO_MANY_ROWS)
            if any(cell.strip() for cell in cells):
                yield self.row, [as_meant(cell) for cell in cells]

    def remarks(self) -> Iterator[Remark]:
        """None: a CSV file is read as it stands."""
        yield from ()

    def _read(self) -> Iterator[list[str]]:
        with self.path.open("rb") as stream:
            records = csv.reader(self._lines(stream), strict=True)
            while True:
                self.row += 1
                try:
                    cells = next(records)
                except StopIteration:
                    return
                except csv.Error as fault:
                    raise Unreadable(self.row, _in_words(str(fault))) from None
                yield cells

    def _lines(self, stream: BinaryIO) -> Iterator[str]:
        number = 0
        while raw := stream.readline(LINE_MOST + 1):
            number += 1
            if number == 1:
                self._refuse_strangers(raw)
            if len(raw) > LINE_MOST:
                raise Unreadable(
                    self.row, f"This line is longer than {LINE_MOST:,} bytes. Is it a CSV file? {AS_CSV}"
                )
            self._hash.update(raw)
            yield self._decoded(raw.removeprefix(b"\xef\xbb\xbf") if number == 1 else raw)

    def _decoded(self, raw: bytes) -> str:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as fault:
            byte = raw[fault.start]
            raise Unreadable(
                self.row, f"The file is not UTF-8 (byte 0x{byte:02x} in this row). {AS_CSV}"
            ) from None

    def _refuse_strangers(self, start: bytes) -> None:
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Unreadable(1, f"The file is UTF-16, expected UTF-8. {AS_CSV}")
        if start.startswith(b"PK\x03\x04"):
            raise Unreadable(1, f"The file is a workbook or an archive, expected CSV. {AS_CSV}")


def names_in(cells: Sequence[str]) -> list[str]:
    """The names of the columns in a first row, without blanks at its end. Raises Unreadable where there is none."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise Unreadable(1, "The first row is empty. It must hold the names of the columns.")
    return names


def _in_words(fault: str) -> str:
    if "field limit" in fault:
        return (
            f"A cell is longer than {csv.field_size_limit():,} characters. Shorten it; if no cell is that "
            "long, a quotation mark was opened and never closed: close it."
        )
    if "new-line" in fault:
        return f"The lines end in an old way (a lone carriage return). {AS_CSV}"
    return (
        'The quotation marks do not match. A cell with a comma, a line break or a " must stand in '
        'quotation marks, and each " inside it must be doubled. Mend this row.'
    )
