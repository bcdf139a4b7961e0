"""What a page lists, as a file to keep: the one place that turns columns and rows into CSV or a spreadsheet.

Who may see which rows and fields is decided before. No cell is ever run as a formula, and a file's
name says what kind of list it is and the day, never about whom.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import wraps

from flask import Blueprint, Response
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from outcomes.core import clock
from outcomes.core.actor import Actor
from outcomes.core.permissions import Permission
from outcomes.kit.bundle.formulas import as_text
from outcomes.kit.words import say_moment
from outcomes.web.routes import route

Cell = str | int | Decimal | date | datetime | bool | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as a table. `name` is of small letters and hyphens; `title` is for people."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def download(listing: Listing, form: str, by: Actor) -> Response:
    """The list as an attachment of one of FORMS."""
    content, mimetype = FORMS[form](listing, by)
    response = Response(content, mimetype=mimetype)
    name = f"outcomes-{listing.name}-{clock.today().isoformat()}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def file_routes(
    blueprint: Blueprint,
    rule: str,
    view: Callable[..., Response],
    *,
    permission: Permission,
    audit: str,
    endpoint: str,
) -> None:
    """Declare the addresses of a list's files, `rule` with the end of each form. The view is given the form."""
    for form in FORMS:
        route(blueprint, f"{rule}.{form}", permission=permission, audit=audit, endpoint=f"{endpoint}_{form}")(
            _given(form, view)
        )


def _given(form: str, view: Callable[..., Response]) -> Callable[..., Response]:
    @wraps(view)
    def given(**words: str) -> Response:
        return view(form, **words)

    return given


def _as_csv(listing: Listing, _by: Actor) -> tuple[bytes, str]:
    made = io.StringIO(newline="")
    rows = csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in (listing.columns, *listing.rows):
        rows.writerow([as_text(_in_words(cell)) for cell in row])
    # The mark at the start tells a spreadsheet that this is UTF-8.
    return made.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8"


def _as_xlsx(listing: Listing, by: Actor) -> tuple[bytes, str]:
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        _Sheet(book, listing).write()
        about = book.add_worksheet("About")
        about.set_column(0, 0, 60)
        for row, line in enumerate(_about(listing, by)):
            about.write_string(row, 0, line)
    return made.getvalue(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


FORMS: Mapping[str, Callable[[Listing, Actor], tuple[bytes, str]]] = {"csv": _as_csv, "xlsx": _as_xlsx}
"""The forms of a file by the end of its name."""


class _Sheet:
    """Writes the rows of a list, each cell as what it is, and words always as words."""

    def __init__(self, book: Workbook, listing: Listing) -> None:
        self._listing = listing
        self._sheet: Worksheet = book.add_worksheet("List")
        self._head: Format = book.add_format({"bold": True, "text_wrap": True, "bottom": 1})
        self._words: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self._day: Format = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
        self._moment: Format = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top"})
        self._number: Format = book.add_format({"valign": "top"})

    def write(self) -> None:
        self._sheet.freeze_panes(1, 0)
        for at, name in enumerate(self._listing.columns):
            widest = max([len(name), *(len(_in_words(row[at])) for row in self._listing.rows[:200])])
            self._sheet.set_column(at, at, max(10, min(60, widest + 2)))
            self._sheet.write_string(0, at, name, self._head)
        for number, row in enumerate(self._listing.rows, start=1):
            for at, cell in enumerate(row):
                self._write(number, at, cell)

    def _write(self, row: int, at: int, cell: Cell) -> None:
        if isinstance(cell, bool | str):
            self._sheet.write_string(row, at, _in_words(cell), self._words)
        elif isinstance(cell, int | Decimal):
            self._sheet.write_number(row, at, cell, self._number)
        elif isinstance(cell, datetime):
            # A spreadsheet has no zones: it gets what the clock in London showed.
            local = cell.astimezone(clock.LONDON).replace(tzinfo=None)
            self._sheet.write_datetime(row, at, local, self._moment)
        elif isinstance(cell, date):
            self._sheet.write_datetime(row, at, cell, self._day)


def _in_words(cell: Cell) -> str:
    """A cell as text that a program can read too: dates and times are ISO."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.astimezone(clock.LONDON).isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _about(listing: Listing, by: Actor) -> list[str]:
    count = len(listing.rows)
    return [
        listing.title,
        f"{count:,} {'row' if count == 1 else 'rows'}, as {by.name} may see them.",
        f"Taken on {say_moment(clock.now())}. That it was taken is on record.",
        "Keep this file where only those can open it who may see what is in it.",
    ]
