"""A workbook is read as a folder of CSV is: the same records, the same faults, by sheet, row and column."""

import filecmp
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from xlsxwriter.workbook import Workbook

from outcomes.audit.entry import AuditEntry
from outcomes.care.people import Contact, Person
from outcomes.core.database import db
from outcomes.kit.bundle.cells import COLUMNS_MOST
from outcomes.kit.bundle.exporting import export_bundle
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Goal
from tests.builders import World
from tests.kit.bundle.conftest import Elsewhere
from tests.kit.bundle.folders import BY, SMALL, Bundle
from tests.kit.bundle.workbooks import change, must_load, part_of, sheets, table, the_fault, workbook_of


def wall(*parts: int) -> datetime:
    """What a spreadsheet knows of a time: what the clock on the wall showed."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.parametrize("date_1904", [False, True])
def test_a_workbook_gives_the_records_that_the_folder_gives(
    in_any_app: World, elsewhere: Elsewhere, tmp_path: Path, date_1904: bool
) -> None:
    book = workbook_of(SMALL, tmp_path / "small.xlsx", date_1904=date_1904)
    result = must_load(book)
    assert (sum(file.new for file in result.files), result.faults.warnings) == (31, [])
    export_bundle(tmp_path / "of-book", by=BY)
    with elsewhere():
        Bundle(tmp_path / "bundle").must_load()
        export_bundle(tmp_path / "of-folder", by=BY)
    files = sorted(file.name for file in SMALL.iterdir())
    same, *others = filecmp.cmpfiles(tmp_path / "of-book", tmp_path / "of-folder", files, shallow=False)
    assert (same, others) == (files, [[], []])


def test_a_workbook_and_a_folder_correct_each_other(in_app: World, tmp_path: Path) -> None:
    Bundle(tmp_path / "bundle").must_load()
    again = must_load(workbook_of(SMALL, tmp_path / "small.xlsx"))
    assert sum(file.unchanged for file in again.files) == 31
    changed = Bundle(tmp_path / "changed").replace("contact.csv", "CT1,A,", "CT1,A,Old ")
    assert (
        sum(file.corrected for file in must_load(workbook_of(changed.folder, tmp_path / "b.xlsx")).files) == 1
    )


def test_each_sheet_stands_in_the_audit_with_the_workbooks_hash(in_app: World, tmp_path: Path) -> None:
    must_load(workbook_of(SMALL, tmp_path / "small.xlsx"))
    found = db.session.execute(
        select(AuditEntry.kind, AuditEntry.reason).where(AuditEntry.action == "bundle:import")
    ).all()
    assert {"person", "reading_score"} <= {kind for kind, _ in found}
    assert len({reason for _, reason in found}) == 1


def test_what_excel_types_is_read_right(in_app: World, tmp_path: Path) -> None:
    Bundle(tmp_path / "bundle").must_load()

    def write(book: Workbook) -> None:
        day, moment = (book.add_format({"num_format": form}) for form in ("dd/mm/yyyy", "dd/mm/yyyy hh:mm"))
        people = book.add_worksheet("person")
        people.write_row(0, 0, ["person_id", "person_kind", "date_of_birth", "given_name"])
        # A number for a reference, a day with a time of nothing, a name that looks like a number.
        people.write_row(1, 0, [1007, "child"])
        people.write_datetime(1, 2, wall(2012, 2, 29), moment)
        people.write_number(1, 3, 7.5)
        missing = book.add_worksheet("missing_episode")
        missing.write_row(0, 0, ["episode_id", "person_id", "kind", "started_at", "ended_at"])
        missing.write_row(1, 0, [2.0, "A", "missing"])
        missing.write_datetime(1, 3, wall(2024, 7, 1), day)  # midnight, shown as a day
        missing.write_datetime(1, 4, wall(2024, 7, 1, 6, 59, 59, 999_600), moment)

    must_load(sheets(tmp_path / "typed.xlsx", write))
    person = db.session.scalars(select(Person).where(Person.sender_reference == "1007")).one()
    assert (person.date_of_birth, person.given_name) == (date(2012, 2, 29), "7.5")
    episode = db.session.scalars(select(MissingEpisode).where(MissingEpisode.sender_reference == "2")).one()
    # Summer: the wall clock in London is an hour ahead.
    assert f"{episode.started_at:%d %H:%M}" == "30 23:00"
    assert f"{episode.ended_at:%d %H:%M:%S}" == "01 06:00:00"


def test_a_third_is_refused_as_too_fine_and_three_tenths_are_kept(in_app: World, tmp_path: Path) -> None:
    Bundle(tmp_path / "bundle").must_load()
    header = ["goal_id", "person_id", "area", "set_on", "status", "baseline_level"]

    def goal(name: str, level: float) -> Path:
        return table(
            tmp_path / name, "goal", header, ["G9", "A", "independence", "2024-09-01", "open", level]
        )

    fault = the_fault(goal("third.xlsx", 10 / 3))
    assert (fault.file, fault.row, fault.column) == ("goal", 2, "baseline_level")
    assert fault.value == "3.33333333333333"
    must_load(goal("tenths.xlsx", 0.1 * 3))
    assert db.session.scalars(
        select(Goal.baseline_level).where(Goal.sender_reference == "G9")
    ).one() == Decimal("0.3")


@pytest.mark.parametrize("words", ["=1+1", "+44 20 7946 0000", "-wrong", "@home", "\ttabbed", "\rreturned"])
def test_what_looks_like_a_formula_is_text(in_app: World, tmp_path: Path, words: str) -> None:
    Bundle(tmp_path / "bundle").must_load()

    def write(book: Workbook) -> None:
        sheet = book.add_worksheet("contact")
        sheet.write_row(0, 0, ["contact_id", "person_id", "name", "note"])
        for column, cell in enumerate(["CT9", "A", "Gran", words]):
            sheet.write_string(1, column, cell)

    assert must_load(sheets(tmp_path / "book.xlsx", write)).faults.warnings == []
    contact = db.session.scalars(select(Contact).where(Contact.sender_reference == "CT9")).one()
    assert contact.note == words.strip()


def test_a_formula_is_its_text_with_a_warning_and_no_date(in_app: World, tmp_path: Path) -> None:
    Bundle(tmp_path / "bundle").must_load()

    def write(book: Workbook) -> None:
        sheet = book.add_worksheet("contact")
        sheet.write_row(0, 0, ["contact_id", "person_id", "name", "note"])
        sheet.write_row(1, 0, ["CT9", "A", "Gran"])
        sheet.write_formula(1, 3, '=HYPERLINK("http://x.example")', None, "click")

    (warning,) = must_load(sheets(tmp_path / "book.xlsx", write)).faults.warnings
    assert (warning.file, warning.row, warning.column) == ("contact", 2, "note")
    assert "paste it as a value" in warning.message
    contact = db.session.scalars(select(Contact).where(Contact.sender_reference == "CT9")).one()
    assert contact.note == '=HYPERLINK("http://x.example")'

    def dated(book: Workbook) -> None:
        sheet = book.add_worksheet("person")
        sheet.write_row(0, 0, ["person_id", "person_kind", "date_of_birth"])
        sheet.write_row(1, 0, ["N", "child"])
        sheet.write_formula(1, 2, "=DATE(2012,1,1)", None, 40909)

    fault = the_fault(sheets(tmp_path / "dated.xlsx", dated))
    assert (fault.file, fault.row, fault.column, fault.value) == (
        "person",
        2,
        "date_of_birth",
        "=DATE(2012,1,1)",
    )


def test_an_error_is_no_blank(in_app: World, tmp_path: Path) -> None:
    book = table(
        tmp_path / "b.xlsx", "person", ["person_id", "person_kind", "date_of_birth"], ["N", "child", 7]
    )
    change(
        book,
        part_of(book, "person"),
        lambda xml: xml.replace(b'<c r="C2"><v>7</v>', b'<c r="C2" t="e"><v>#N/A</v>'),
    )
    fault = the_fault(book)
    assert (fault.row, fault.column, fault.value) == (2, "date_of_birth", "#N/A")


def test_a_table_may_stand_away_from_the_first_column_of_a_row_below(in_app: World, tmp_path: Path) -> None:
    """Blank rows between are passed over, and rows are counted as the spreadsheet shows them."""
    rows = [
        ["person_id", "person_kind", "date_of_birth"],
        [],
        ["N", "child", "2012-01-01"],
        [],
        ["M", "child", "x"],
    ]
    fault = the_fault(table(tmp_path / "b.xlsx", "person", *rows))
    assert (fault.row, fault.column) == (5, "date_of_birth")
    away = [["", "person_id", "person_kind", "date_of_birth"], ["", "N", "child", "2012-01-01"]]
    fault = the_fault(table(tmp_path / "away.xlsx", "person", *away))
    assert (fault.row, fault.message) == (1, "Column 1 has no name. Name it or take it out.")


STRANGE: dict[str, tuple[str, list[list[Any]], int | None, str, str]] = {
    "a sheet of no kind": ("timesheets", [["a"]], None, "", "give it one of these names"),
    "a name with a slip": ("Persons", [["a"]], None, "", "Did you mean person? Rename the sheet"),
    "a column of no kind": (
        "person",
        [["person_id", "person_kind", "date_of_birth", "shoe"]],
        1,
        "shoe",
        "in person.",
    ),
    "no column that is needed": ("person", [["person_id", "person_kind"]], 1, "date_of_birth", "Add it"),
    "a cell beside the table": (
        "person",
        [["person_id", "person_kind", "date_of_birth"], ["N", "child", "2012-01-01", "", "sum"]],
        2,
        "",
        "beside the table",
    ),
    "a cell far to the right": (
        "person",
        [["person_id"] + [""] * COLUMNS_MOST + ["x"]],
        1,
        "",
        "to the right of the table",
    ),
    "an empty sheet": ("person", [], 1, "", "must hold the names"),
}


@pytest.mark.parametrize("why", STRANGE)
def test_a_fault_names_sheet_row_and_column(in_app: World, tmp_path: Path, why: str) -> None:
    name, rows, row, column, says = STRANGE[why]
    fault = the_fault(table(tmp_path / "b.xlsx", name, *rows))
    assert (fault.file, fault.row, fault.column) == (name, row, column)
    assert says in fault.message


def test_sheets_without_records_are_passed_over(in_app: World, tmp_path: Path) -> None:
    book = workbook_of(SMALL, tmp_path / "small.xlsx")
    with Workbook(str(tmp_path / "more.xlsx")) as more:
        for name in ("Sheet1", "Guidance", "Codes", "organisation"):
            more.add_worksheet(name)
        more.sheetnames["Guidance"].write_string(0, 0, "How to fill this in")
        more.sheetnames["organisation"].write_row(0, 0, ["organisation_id", "name", "kind"])
        more.sheetnames["organisation"].write_row(1, 0, ["X", "Alder", "provider"])
    must_load(book)
    assert [file.file for file in must_load(tmp_path / "more.xlsx").files] == ["organisation"]


def test_names_of_sheets_tell_nothing_about_where_they_are(in_app: World, tmp_path: Path) -> None:
    """A part that the list of sheets does not name by its place, as other programs write it."""
    book = workbook_of(SMALL, tmp_path / "book.xlsx")
    part = "xl/_rels/workbook.xml.rels"
    change(book, part, lambda xml: xml.replace(b'Target="worksheets/', b'Target="/xl/worksheets/'))
    must_load(book)
