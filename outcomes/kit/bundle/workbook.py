"""The sheets of an XLSX workbook as tables of a bundle, one for each kind or part.

Cells come as the spreadsheet typed them and leave as the text that a CSV file would hold, so that
what follows knows no difference. A formula is never worked out: it is its own text.
"""

import hashlib
import posixpath
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import python_calamine

from outcomes.kit.bundle.cells import CELLS_MOST, COLUMNS_MOST, Cells, Unwalkable, walk
from outcomes.kit.bundle.faults import Faults
from outcomes.kit.bundle.folder import Folder, table_names
from outcomes.kit.bundle.formulas import as_meant
from outcomes.kit.bundle.reading import ROWS_MOST, TOO_MANY_ROWS, Remark, Row, Unreadable, names_in
from outcomes.kit.bundle.unpacking import EXPECTED, NotAWorkbook, packed, read_file, unpacked

GUIDANCE, CODES = "Guidance", "Codes"
"""The sheets of a template that hold no records."""

_DAMAGED = f"The workbook is damaged and cannot be read. Save it again. {EXPECTED}"


def open_workbook(path: Path, faults: Faults) -> Folder:
    """Look into the workbook. Empty sheets, and those of a template's guidance, are passed over."""
    folder = Folder(suffix="")
    try:
        content = read_file(path)
        sheets = _sheets(content)
    except NotAWorkbook as fault:
        faults.add(path.name, None, str(fault))
        return folder
    expected = table_names()
    for sheet in sheets:
        if sheet.file in expected:
            folder.tables[sheet.file] = sheet
        elif sheet.file not in (GUIDANCE, CODES) and not sheet.is_empty:
            folder.refuse(sheet.file, faults)
    if not folder.tables and not faults.found:
        faults.add(path.name, None, f"The workbook holds no sheet of a bundle. {EXPECTED}")
    return folder


class SheetTable:
    """One sheet of a workbook. Its rows are counted as the spreadsheet counts them."""

    misfit = "Take out what stands beside the table, or name its column in the first row."

    def __init__(self, name: str, digest: str, cells: Cells, book: python_calamine.CalamineWorkbook) -> None:
        self.file = self.name = name
        self.digest = digest
        self.size = cells.rows
        self._cells, self._book = cells, book
        self._records = self._read()
        self._header: list[str] = []

    @property
    def is_empty(self) -> bool:
        return self._cells.rows == 0

    def header(self) -> list[str]:
        """The names in the first row. Raises Unreadable."""
        self._refuse_strays()
        self._header = names_in(next(self._records, (1, []))[1])
        return self._header

    def rows(self) -> Iterator[Row]:
        """The rows below the header that hold anything. Raises Unreadable."""
        width = len(self._header)
        for number, cells in self._records:
            if any(cell.strip() for cell in cells):
                # A sheet is as wide as its widest row: what is blank beyond the header was never typed.
                while len(cells) > width and not cells[-1].strip():
                    cells.pop()
                yield number, cells + [""] * (width - len(cells))

    def remarks(self) -> Iterator[Remark]:
        """Every cell below the header that held a formula."""
        for row, column in self._cells.formulas:
            if row > 1 and column <= len(self._header):
                text = self._cells.unlike[row][column]
                yield Remark(
                    row,
                    self._header[column - 1],
                    text,
                    "This cell holds a formula. It is taken as its text, not as what it works out to; if you "
                    "meant the result, copy the cell and paste it as a value.",
                )

    def _refuse_strays(self) -> None:
        # Before the sheet is opened: the reader makes room for every cell up to the furthest.
        rows, columns = self._cells.rows, self._cells.columns
        if rows > ROWS_MOST + 1:
            raise Unreadable(rows, f"A cell in this row is in use. {TOO_MANY_ROWS}")
        if columns > COLUMNS_MOST or rows * columns > CELLS_MOST:
            raise Unreadable(
                1,
                f"Column {columns:,} of row {rows:,} is in use; a sheet holds at most {COLUMNS_MOST} columns and "
                f"{CELLS_MOST:,} cells. Delete what stands to the right of the table and below it.",
            )

    def _read(self) -> Iterator[Row]:
        try:
            sheet = self._book.get_sheet_by_name(self.name)
            # Rows come from the top of the sheet, cells from the first column in use.
            first = (sheet.start or (0, 0))[1]
            for number, values in enumerate(sheet.iter_rows(), start=1):
                cells = [""] * first + [as_meant(_as_text(value)) for value in values]
                for column, said in self._cells.unlike.get(number, {}).items():
                    cells[column - 1] = said
                yield number, cells
        except python_calamine.CalamineError as fault:
            raise Unreadable(1, _DAMAGED) from fault


def _sheets(content: bytes) -> list[SheetTable]:
    parts = unpacked(content)
    digest = hashlib.sha256(content).hexdigest()
    try:
        # Every part, whatever its name: which of them is a sheet, only the reader decides.
        walked = {name: walk(part) for name, part in parts.items()}
        places = _places(parts)
        book = python_calamine.CalamineWorkbook.from_filelike(packed(parts))
        return [SheetTable(name, digest, walked[places[name]], book) for name in book.sheet_names]
    except (
        Unwalkable,
        LookupError,
        StopIteration,
        ElementTree.ParseError,
        python_calamine.CalamineError,
    ) as fault:
        raise NotAWorkbook(_DAMAGED) from fault


def _places(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part that holds each sheet, by the sheet's name. Raises where a sheet or the list of them is missing.

    `walk` has refused whatever declares entities.
    """
    links = {
        link.get("Id"): posixpath.normpath(posixpath.join("xl", link.get("Target", ""))).lstrip("/")
        for link in ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314
    }
    book = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314
    return {
        sheet.get("name", ""): links[next(said for key, said in sheet.items() if key.endswith("}id"))]
        for sheet in book.iter()
        if sheet.tag.rpartition("}")[2] == "sheet"
    }


def _as_text(value: Any) -> str:
    """A value as a CSV file would hold it. A day is a midnight: Excel knows no other."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    if isinstance(value, datetime):
        moment = value + timedelta(microseconds=500_000)
        return moment.replace(microsecond=0).isoformat()
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00"
    return value.isoformat() if isinstance(value, time) else str(value)
