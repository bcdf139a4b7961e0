"""What an import says of itself: a table for people, CSV for a spreadsheet, JSON for programs."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from outcomes.kit.bundle.faults import MOST_FAULTS, Fault
from outcomes.kit.bundle.formulas import as_text
from outcomes.kit.bundle.writing import Result

HEADINGS = ("File", "Row", "Column", "Value", "What is wrong")


def verdict(result: Result) -> str:
    """What became of the bundle, in one sentence."""
    if result.is_refused:
        found = len(result.faults.found)
        more = "or more " if result.faults.are_cut else ""
        return f"Refused: {found:,} {more}{'fault' if found == 1 else 'faults'}. Nothing was kept."
    new = sum(file.new for file in result.files)
    corrected = sum(file.corrected for file in result.files)
    unchanged = sum(file.unchanged for file in result.files)
    counts = f"{new:,} new, {corrected:,} corrected, {unchanged:,} already there"
    return (
        f"Nothing is wrong with it: {counts}. Nothing was kept." if result.dry_run else f"Imported: {counts}."
    )


def files_table(result: Result) -> Iterator[str]:
    """One line for each file: its rows and what became of them."""
    rows = [
        (one.file, f"{one.rows:,}", f"{one.new:,}", f"{one.corrected:,}", f"{one.unchanged:,}")
        for one in result.files
    ]
    return table(("File", "Rows", "New", "Corrected", "Unchanged"), rows, right=(1, 2, 3, 4))


def faults_table(faults: Iterable[Fault]) -> Iterator[str]:
    """One line for each fault."""
    return table(HEADINGS, [_cells(fault) for fault in faults])


def table(
    headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, right: tuple[int, ...] = ()
) -> Iterator[str]:
    """Lines of plain text in columns as wide as they need to be."""
    widths = [max(len(row[i]) for row in (headings, *rows)) for i in range(len(headings))]
    for row in (headings, *rows):
        cells = (
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def write_csv(path: Path, result: Result) -> None:
    """Faults and warnings as CSV. The values came from outside: no cell of it runs as a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        rows = csv.writer(stream, quoting=csv.QUOTE_ALL)
        rows.writerow(("sort", "file", "row", "column", "value", "what_is_wrong"))
        for sort, faults in (("fault", result.faults.found), ("warning", result.faults.warnings)):
            rows.writerows((sort, *(as_text(cell) for cell in _cells(fault))) for fault in faults)


def as_json(result: Result) -> dict[str, Any]:
    """The whole result as one document."""
    return {
        "kept": result.kept,
        "dry_run": result.dry_run,
        "source": result.sender,
        "files": [asdict(file) for file in result.files],
        "faults": [asdict(fault) for fault in result.faults.found],
        "more_faults": result.faults.are_cut,
        "most_faults": MOST_FAULTS,
        "warnings": [asdict(fault) for fault in result.faults.warnings],
    }


def _cells(fault: Fault) -> tuple[str, ...]:
    return (fault.file, str(fault.row or ""), fault.column, fault.value, fault.message)
