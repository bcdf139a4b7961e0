"""A blank workbook to fill in and import: a sheet for each kind, drop-downs, and a sheet of guidance."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from outcomes.core.errors import Invalid
from outcomes.kit.bundle.folder import table_names
from outcomes.kit.bundle.guidance import Column, sheets
from outcomes.kit.bundle.workbook import CODES, GUIDANCE
from outcomes.kit.declaring.codes import CodeList
from outcomes.kit.declaring.fields import Choice, Day, Instant, Number, Whole, YesNo
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.words import say_list

LAST_ROW = 10_000
"""The last row that has drop-downs and formats. An import reads further."""

_FORM = {Day: "dd/mm/yyyy", Instant: "dd/mm/yyyy hh:mm", Whole: "0", Number: "General"}
_AS_TEXT = "@"
"""The form of everything else: a reference such as 007 or 3-4 stays as it was typed."""

_INTRODUCTION = (
    "Fill in one row for each record, and send the workbook with `outcomes import FILE.xlsx`.",
    "Leave the first row of each sheet as it is. Sheets and optional columns that you do not need may be deleted.",
    "Columns with a dark heading must be filled in. Leave a cell blank where the answer is not known.",
    "Nothing is kept until every row is right: `outcomes import --dry-run` says what to mend, by sheet and row.",
    "Formulas are not worked out: paste values.",
)


def write_template(path: Path, names: Sequence[str]) -> list[str]:
    """Write a blank workbook for these kinds (all, where none is named); gives the names of its sheets.

    Raises Invalid for a name that is no kind's, and where something is at `path` already.
    """
    kinds = _kinds(names)
    if path.exists() or path.is_symlink():
        raise Invalid.of("template", f"Template: {path} is there already. Name a file that is not.")
    if path.suffix.lower() != ".xlsx":
        raise Invalid.of("template", f"Template: the name must end in .xlsx. Got {path.name}.")
    wanted = list(sheets(kinds))
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        _Template(book).write(wanted)
    with path.open("xb") as file:
        file.write(made.getvalue())
    return [name for name, _ in wanted]


def _kinds(names: Sequence[str]) -> list[type[Record]]:
    known = table_names()
    for name in names:
        if name not in known:
            raise Invalid.of(
                "kind", f"Kind: there is no kind {name[:60]!a}. Choose from {say_list(sorted(known))}."
            )
    return [
        kind
        for kind in KINDS
        if not names
        or kind.kind_name() in names
        or (kind.declaration.part and kind.declaration.part.__tablename__ in names)
    ]


class _Template:
    """Writes the sheets of one template."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._ranges: dict[str, str] = {}
        head = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "num_format": _AS_TEXT}
        self._optional = book.add_format(head | {"bg_color": "#D9E2EC"})
        self._required = book.add_format(head | {"bg_color": "#1D3557", "font_color": "#FFFFFF"})
        self._words = book.add_format({"text_wrap": True, "valign": "top", "num_format": _AS_TEXT})
        self._forms: dict[str, Format] = {}

    def write(self, wanted: Sequence[tuple[str, list[Column]]]) -> None:
        columns = [column for _, of_sheet in wanted for column in of_sheet]
        guidance = self._book.add_worksheet(GUIDANCE)
        blank = [(self._book.add_worksheet(name), of_sheet) for name, of_sheet in wanted]
        self._write_codes(self._book.add_worksheet(CODES), columns)
        self._write_guidance(guidance, columns)
        for sheet, of_sheet in blank:
            self._write_sheet(sheet, of_sheet)

    def _write_guidance(self, sheet: Worksheet, columns: Iterable[Column]) -> None:
        for row, line in enumerate(_INTRODUCTION):
            sheet.write_string(row, 0, line)
        top = len(_INTRODUCTION) + 1
        headings = ("Sheet", "Column", "What it means", "Must be filled in", "How to write it", "Codes")
        self._head(sheet, headings, widths=(22, 28, 50, 12, 40, 60), row=top)
        for row, column in enumerate(columns, start=top + 1):
            codes = column.codes.labels.items() if column.codes else ()
            cells = (
                column.sheet,
                column.name,
                column.meaning,
                "yes" if column.required else "no",
                column.written,
                "\n".join(f"{code}: {label}" for code, label in codes),
            )
            for at, cell in enumerate(cells):
                sheet.write_string(row, at, cell, self._words)

    def _write_codes(self, sheet: Worksheet, columns: Iterable[Column]) -> None:
        """Every code with its label, one below the other: where the drop-downs take theirs from."""
        self._head(sheet, ("List", "Code", "Label"), widths=(30, 32, 50))
        row = 1
        for codes in {column.codes.name: column.codes for column in columns if column.codes}.values():
            first = row
            for code, label in codes.labels.items():
                for at, cell in enumerate((codes.name, code, label)):
                    sheet.write_string(row, at, cell, self._words)
                row += 1
            self._ranges[codes.name] = f"={CODES}!$B${first + 1}:$B${row}"

    def _write_sheet(self, sheet: Worksheet, columns: Sequence[Column]) -> None:
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            form = self._form(_FORM.get(type(column.field), _AS_TEXT))
            sheet.set_column(at, at, max(12, min(34, len(column.name) + 4)), form)
            sheet.write_string(0, at, column.name, self._required if column.required else self._optional)
            sheet.data_validation(1, at, LAST_ROW, at, self._validation(column))

    def _validation(self, column: Column) -> dict[str, object]:
        asked = column.field
        told: dict[str, object] = {
            "input_title": column.name[:32],
            "input_message": _short(f"{column.meaning} {column.written}."),
            "error_title": column.name[:32],
            "error_message": _short(f"Expected: {column.written}."),
        }
        if isinstance(asked, YesNo):
            return told | {"validate": "list", "source": ["yes", "no"]}
        if isinstance(asked, Choice):
            return told | self._drop_down(asked.code_list)
        if isinstance(asked, Whole | Number):
            sort = "integer" if isinstance(asked, Whole) else "decimal"
            bounds = {"minimum": float(asked.least), "maximum": float(asked.most)}
            return told | {"validate": sort, "criteria": "between", **bounds}
        return told | {"validate": "any"}

    def _drop_down(self, codes: CodeList) -> dict[str, object]:
        # An open list takes other codes too: the spreadsheet asks, and lets them stand.
        refuse = "warning" if codes.open else "stop"
        return {"validate": "list", "source": self._ranges[codes.name], "error_type": refuse}

    def _head(self, sheet: Worksheet, names: Sequence[str], *, widths: Sequence[int], row: int = 0) -> None:
        for at, (name, width) in enumerate(zip(names, widths, strict=True)):
            sheet.set_column(at, at, width)
            sheet.write_string(row, at, name, self._optional)
        sheet.freeze_panes(row + 1, 0)

    def _form(self, form: str) -> Format:
        if form not in self._forms:
            self._forms[form] = self._book.add_format({"num_format": form})
        return self._forms[form]


def _short(text: str) -> str:
    """As much as a spreadsheet shows beside a cell."""
    return text if len(text) <= 255 else f"{text[:254]}…"
