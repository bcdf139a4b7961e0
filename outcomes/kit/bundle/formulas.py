"""Cells that a spreadsheet would run as a formula, marked as text on the way out and back.

Spreadsheets take `=`, `+`, `-`, `@` and a few others at the start of a cell for a formula, also
behind blanks and characters that nobody sees. An apostrophe in front makes it text. So that the
same value comes back, a cell that already looks marked gets one more, and reading takes one off.
"""

import re

_BLANKS = "\\s\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff"
_RUNS = re.compile(f"'*[{_BLANKS}]*[=+\\-@|%\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z", re.ASCII)


def as_text(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet would run it. Numbers stay numbers."""
    return f"'{cell}" if _RUNS.match(cell) and not _NUMBER.match(cell) else cell


def as_meant(cell: str) -> str:
    """The cell without the apostrophe that `as_text` put in front."""
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell
