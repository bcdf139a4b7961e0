"""What is no workbook, a damaged one, or one made to grow: refused, in little time and memory."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from xlsxwriter.workbook import Workbook

from outcomes.kit.bundle import unpacking
from tests.builders import World
from tests.kit.bundle.folders import SMALL
from tests.kit.bundle.workbooks import change, must_load, part_of, sheets, the_fault, workbook_of


def not_xlsx() -> dict[str, bytes]:
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return {
        "nothing": b"",
        "words": b"person_id,person_kind\n",
        "an old .xls or a locked .xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        "half an archive": b"PK\x03\x04rest",
        "a document": document.getvalue(),
    }


@pytest.mark.parametrize("why", not_xlsx())
def test_what_is_no_workbook_is_told_what_was_expected(in_app: World, tmp_path: Path, why: str) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(not_xlsx()[why])
    fault = the_fault(book)
    assert (fault.file, fault.row) == ("book.xlsx", None)
    assert "Expected an XLSX workbook with one sheet for each kind of record" in fault.message
    if "locked" in why:
        assert "without a password" in fault.message


@pytest.mark.parametrize("kept", [10, 400, 3000, -30])
def test_a_cut_workbook_is_damaged(in_app: World, tmp_path: Path, kept: int) -> None:
    book = workbook_of(SMALL, tmp_path / "book.xlsx")
    book.write_bytes(book.read_bytes()[:kept])
    assert "damaged" in the_fault(book).message


BREAKS: dict[str, Callable[[bytes], bytes]] = {
    "cut XML": lambda xml: xml[:600],
    "a document type": lambda xml: xml.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1),
    "an address of nothing": lambda xml: xml.replace(b'r="A2"', b'r="A2B"', 1),
    "a row of nothing": lambda xml: xml.replace(b'<row r="2"', b'<row r="-2"', 1),
    "bytes of nothing": lambda xml: b"\x00" * 50,
}


@pytest.mark.parametrize("why", BREAKS)
def test_broken_parts_are_damaged(in_app: World, tmp_path: Path, why: str) -> None:
    book = workbook_of(SMALL, tmp_path / "book.xlsx")
    change(book, part_of(book, "person"), BREAKS[why])
    assert "damaged" in the_fault(book).message


def big(path: Path, *parts: tuple[str, int]) -> Path:
    """A workbook with further parts of so many zeros."""
    workbook_of(SMALL, path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, size in parts:
            archive.writestr(name, b"0" * size)
    return path


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ([("xl/media/a.bin", 60 * 1024 * 1024)], "Unpacked, the workbook is larger than 50 MB"),
        ([(f"xl/media/{n}.bin", 60_000) for n in range(900)], "Unpacked, the workbook is larger than 50 MB"),
        ([("xl/worksheets/bomb.xml", 2_000_000)], "more than 100 times"),
        ([(f"xl/media/{n}.bin", 1) for n in range(1_000)], "at most 1,000"),
        ([("xl/workbook.xml", 10)], "holds a part twice"),
    ],
    ids=["one huge part", "many parts", "a part that grows", "too many parts", "a part twice"],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_bomb_is_refused_before_it_grows(
    in_app: World, tmp_path: Path, parts: list[tuple[str, int]], says: str
) -> None:
    book = big(tmp_path / "bomb.xlsx", *parts)
    tracemalloc.start()
    started = time.monotonic()
    fault = the_fault(book)
    took, (_, peak) = time.monotonic() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert says in fault.message
    assert peak < 20 * 1024 * 1024
    assert took < 5


def test_a_part_that_says_less_than_it_is_grows_no_further(tmp_path: Path) -> None:
    """The size that a part declares is the sender's word: what is inflated is no more than that."""
    packed = big(tmp_path / "liar.xlsx", ("xl/worksheets/liar.xml", 40 * 1024 * 1024)).read_bytes()
    size = (40 * 1024 * 1024).to_bytes(4, "little")
    assert packed.count(size) == 2
    tracemalloc.start()
    with pytest.raises(unpacking.NotAWorkbook, match="damaged"):
        unpacking.unpacked(packed.replace(size, (3_000).to_bytes(4, "little")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * 1024 * 1024


def test_a_stray_cell_takes_no_memory(in_app: World, tmp_path: Path) -> None:
    """The reader of workbooks makes room for every cell between the first and the last."""

    def write(book: Workbook, row: int, column: int) -> None:
        sheet = book.add_worksheet("person")
        sheet.write_row(0, 0, ["person_id", "person_kind", "date_of_birth"])
        sheet.write_string(row, column, "x")

    fault = the_fault(sheets(tmp_path / "stray.xlsx", lambda book: write(book, 1_048_575, 16_383)))
    assert (fault.file, fault.row) == ("person", 1_048_576)
    assert "at most 250,000 rows" in fault.message
    fault = the_fault(sheets(tmp_path / "near.xlsx", lambda book: write(book, 240_000, 40)))
    assert "Delete what stands to the right of the table and below it" in fault.message
    # The same far corner without anything in it, as a spreadsheet leaves behind: no fault.
    book = workbook_of(SMALL, tmp_path / "book.xlsx")
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    change(book, part_of(book, "person"), lambda xml: xml.replace(b"</sheetData>", far))
    must_load(book)
