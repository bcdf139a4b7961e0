"""Workbooks for tests: a folder of CSV as a spreadsheet would hold it, and ways to break and to import one."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from outcomes.core.clock import LONDON
from outcomes.kit.bundle.faults import Fault
from outcomes.kit.bundle.layout import layout_of, layout_of_part
from outcomes.kit.bundle.writing import Result, import_bundle
from outcomes.kit.declaring.checks import iso_from_british
from outcomes.kit.declaring.fields import Day, Field, Instant, Number, Whole, YesNo
from outcomes.kit.declaring.record import KINDS
from tests.kit.bundle.folders import BY

Rows = list[list[Any]]


def workbook_of(folder: Path, path: Path, *, date_1904: bool = False) -> Path:
    """The bundle in `folder` as one workbook, with its dates, times, numbers and yes/no typed as such."""
    with Workbook(str(path), {"date_1904": date_1904}) as book:
        forms = {"day": book.add_format({"num_format": "dd/mm/yyyy"})}
        forms["moment"] = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for file in sorted(folder.glob("*.csv")):
            fields = fields_of(file.stem)
            with file.open(encoding="utf-8-sig", newline="") as stream:
                header, *rows = csv.reader(stream)
            sheet = book.add_worksheet(file.stem)
            sheet.write_row(0, 0, header)
            for row, cells in enumerate(rows, start=1):
                for column, cell in enumerate(cells):
                    if cell:
                        _write(sheet, row, column, cell, fields.get(header[column]), forms)
    return path


def _write(
    sheet: Worksheet, row: int, column: int, cell: str, field: Field | None, forms: dict[str, Any]
) -> None:
    if cell.startswith("="):
        sheet.write_string(row, column, cell)
    elif isinstance(field, Day):
        sheet.write_datetime(row, column, datetime.fromisoformat(iso_from_british(cell)), forms["day"])
    elif isinstance(field, Instant):
        moment = datetime.fromisoformat(iso_from_british(cell))
        local = moment.astimezone(LONDON).replace(tzinfo=None) if moment.tzinfo else moment
        sheet.write_datetime(row, column, local, forms["moment"])
    elif isinstance(field, Whole | Number):
        sheet.write_number(row, column, float(cell))
    elif isinstance(field, YesNo):
        sheet.write_boolean(row, column, cell == "yes")
    else:
        sheet.write_string(row, column, cell)


def fields_of(name: str) -> dict[str, Field]:
    """The fields of a kind or part, by the name of its sheet."""
    for kind in KINDS:
        part = kind.declaration.part
        if kind.kind_name() == name:
            return layout_of(kind).fields
        if part and part.__tablename__ == name:
            return layout_of_part(part).fields
    raise KeyError(name)


def sheets(path: Path, write: Callable[[Workbook], object]) -> Path:
    """A workbook with whatever `write` puts into it."""
    with Workbook(str(path)) as book:
        write(book)
    return path


def table(path: Path, name: str, *rows: list[Any]) -> Path:
    """A workbook with one sheet."""

    def write(book: Workbook) -> None:
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)

    return sheets(path, write)


def change(path: Path, part: str, new: Callable[[bytes], bytes]) -> Path:
    """The workbook with one part of its archive replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        assert part in old.namelist(), old.namelist()
        for name in old.namelist():
            out.writestr(name, new(old.read(name)) if name == part else old.read(name))
    path.write_bytes(made.getvalue())
    return path


def part_of(path: Path, sheet: str) -> str:
    """The part of the archive that holds a sheet of a workbook written by xlsxwriter."""
    with zipfile.ZipFile(path) as archive:
        names = re.findall(r'<sheet name="([^"]+)"', archive.read("xl/workbook.xml").decode())
    return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"


def load(path: Path, *, dry_run: bool = False) -> Result:
    return import_bundle(path, dry_run=dry_run, by=BY)


def must_load(path: Path) -> Result:
    result = load(path)
    assert not result.faults.found, result.faults.found[:5]
    assert result.kept
    return result


def the_fault(path: Path) -> Fault:
    result = load(path)
    assert not result.kept
    (fault,) = result.faults.found
    return fault
