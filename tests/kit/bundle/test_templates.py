"""The blank workbook: what its guidance, its drop-downs and its headings say, and that it comes back filled in."""

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from outcomes.care.people import Person
from outcomes.core.database import db
from outcomes.kit.bundle.folder import table_names
from outcomes.kit.bundle.layout import layout_of, layout_of_part
from outcomes.kit.bundle.template import write_template
from outcomes.kit.bundle.writing import import_bundle
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.declaring.record import KINDS, Part
from tests.builders import World
from tests.kit.bundle.folders import BY
from tests.kit.bundle.workbooks import change, part_of

XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "all.xlsx"
    write_template(path, [])
    return path


@pytest.fixture(scope="module")
def guidance(template: Path) -> dict[tuple[str, str], list[str]]:
    """The guidance's row for each sheet and column."""
    rows = CalamineWorkbook.from_path(template).get_sheet_by_name("Guidance").to_python()
    top = next(at for at, row in enumerate(rows) if row[0] == "Sheet")
    return {(row[0], row[1]): row for row in rows[top + 1 :]}


def validations(template: Path, sheet: str) -> dict[str, ElementTree.Element]:
    """The validation of each column of a sheet, by the column's name."""
    with zipfile.ZipFile(template) as archive:
        root = ElementTree.fromstring(archive.read(part_of(template, sheet)))  # noqa: S314 - our own file
    names = CalamineWorkbook.from_path(template).get_sheet_by_name(sheet).to_python()[0]
    found = {one.get("sqref", "").split(":")[0]: one for one in root.iter(f"{XML}dataValidation")}
    return {name: found[f"{_letters(at)}2"] for at, name in enumerate(names)}


def _letters(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else f"{chr(ord('A') + at // 26 - 1)}{chr(ord('A') + at % 26)}"


def codes_of(template: Path, validation: ElementTree.Element) -> list[str]:
    """The codes that a drop-down offers."""
    said = validation.findtext(f"{XML}formula1") or ""
    if said.startswith('"'):
        return said.strip('"').split(",")
    first, last = (int(row) for row in re.findall(r"\d+", said))
    rows = CalamineWorkbook.from_path(template).get_sheet_by_name("Codes").to_python()
    return [row[1] for row in rows[first - 1 : last]]


def test_every_kind_and_part_has_a_sheet_with_its_columns(template: Path) -> None:
    book = CalamineWorkbook.from_path(template)
    assert set(book.sheet_names) == {"Guidance", "Codes", *table_names()}
    assert book.sheet_names[0] == "Guidance"
    for name, kind in table_names().items():
        layout = layout_of_part(kind) if issubclass(kind, Part) else layout_of(kind)
        assert book.get_sheet_by_name(name).to_python() == [list(layout.columns)]


def test_the_guidance_says_what_each_column_means(guidance: dict[tuple[str, str], list[str]]) -> None:
    for name, kind in table_names().items():
        layout = layout_of_part(kind) if issubclass(kind, Part) else layout_of(kind)
        for column in layout.columns:
            _, _, means, needed, written, _codes = guidance[name, column]
            assert means
            assert written
            assert needed == ("yes" if column in layout.required else "no"), (name, column)
    assert guidance["person", "date_of_birth"][2:5] == [
        "When were they born?",
        "yes",
        "A date: 27/03/2026 or 2026-03-27",
    ]
    assert "as the clock in London showed it" in guidance["missing_episode", "started_at"][4]
    assert guidance["placement", "temporary"][4] == "yes or no; blank where it is not known"
    labels = code_list("placement_type").labels
    assert guidance["placement", "placement_type"][5] == "\n".join(
        f"{c}: {label}" for c, label in labels.items()
    )


def test_code_lists_and_yes_or_no_drop_down(template: Path) -> None:
    checked = 0
    for kind in KINDS:
        found = validations(template, kind.kind_name())
        for name, field in layout_of(kind).fields.items():
            if field.drawn == "yes_no":
                assert codes_of(template, found[name]) == ["yes", "no"]
                checked += 1
            elif field.drawn == "choice":
                assert codes_of(template, found[name]) == list(field.code_list.labels), name
                # An open list takes codes that it does not have.
                assert found[name].get("errorStyle") == ("warning" if field.code_list.open else None)
                checked += 1
            assert found[name].get("prompt")
    assert checked > 40


def test_what_is_filled_in_is_imported(in_app: World, template: Path, tmp_path: Path) -> None:
    book = tmp_path / "filled.xlsx"
    write_template(book, ["person"])
    change(book, part_of(book, "person"), _with_a_row)
    result = import_bundle(book, by=BY)
    assert not result.faults.found, result.faults.found
    person = db.session.scalars(select(Person)).one()
    assert (person.sender_reference, person.date_of_birth.isoformat()) == ("007", "2012-01-01")


def _with_a_row(xml: bytes) -> bytes:
    """What a spreadsheet writes when a row is typed: the cells take the form of their column."""
    found = re.search(rb'<col min="6" max="6"[^>]* style="(\d+)"', xml)
    assert found
    words = b"".join(
        b'<c r="%s2" t="inlineStr"><is><t>%s</t></is></c>' % cell
        for cell in ((b"A", b"007"), (b"B", b"child"))
    )
    born = b'<c r="F2" s="%s"><v>40909</v></c>' % found[1]
    return xml.replace(b"</sheetData>", b'<row r="2">%s%s</row></sheetData>' % (words, born))
