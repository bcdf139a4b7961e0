"""Reporting periods: the month, the financial-year quarter, half year and year (R14).

Codes: `2025-07` (month), `2025-26-Q2` (July to September 2025), `2025-26-H1` (April to
September 2025), `2025-26` (April 2025 to March 2026). Both end days are included.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from outcomes.core.calendar import add_months
from outcomes.core.errors import Invalid

Length = Literal["month", "quarter", "half year", "year"]

MONTHS: dict[Length, int] = {"month": 1, "quarter": 3, "half year": 6, "year": 12}
_CODE = re.compile(r"(?P<year>\d{4})-(?P<second>\d{2})(?:-(?P<part>[QH])(?P<n>[1-4]))?\Z", re.ASCII)
PERIOD_PATTERN = "[0-9]{4}-[0-9]{2}(-[QH][1-4])?"
"""How a code is written, as JSON Schema says it."""
_EXPECTED = (
    "Enter a period such as 2025-26-Q2 (quarter), 2025-26-H1 (half year), 2025-26 (year) or 2025-07 (month)."
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2200


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole months, from `first` to `last`, both included."""

    length: Length
    first: date

    @property
    def last(self) -> date:
        return add_months(self.first, MONTHS[self.length]) - timedelta(days=1)

    @property
    def code(self) -> str:
        if self.length == "month":
            return f"{self.first:%Y-%m}"
        months = (self.first.month - 4) % 12
        start = self.first.year - (self.first.month < 4)
        year = f"{start}-{(start + 1) % 100:02d}"
        if self.length == "year":
            return year
        letter = "Q" if self.length == "quarter" else "H"
        return f"{year}-{letter}{months // MONTHS[self.length] + 1}"

    @property
    def title(self) -> str:
        """The period in words: "July to September 2025"."""
        if self.length == "month":
            return f"{self.first:%B %Y}"
        if self.first.year == self.last.year:
            return f"{self.first:%B} to {self.last:%B %Y}"
        return f"{self.first:%B %Y} to {self.last:%B %Y}"

    def earlier(self, steps: int = 1) -> "Period":
        """The period of the same length `steps` before this one (negative: after)."""
        return Period(self.length, add_months(self.first, -steps * MONTHS[self.length]))

    def ends_with(self, length: Length) -> "Period | None":
        """The period of `length` that ends on this one's last day; None where none does."""
        candidate = containing(self.last, length)
        return candidate if candidate.last == self.last else None

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def parse_period(code: str) -> Period:
    """The period that a code names. Raises Invalid, saying what a code looks like."""
    found = _CODE.match(code)
    if not found:
        raise Invalid.of("period", f"{_EXPECTED} This was: {code[:40]!r}.")
    year, second = int(found["year"]), int(found["second"])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Invalid.of("period", f"{_EXPECTED} The year must be {_FIRST_YEAR} to {_LAST_YEAR}.")
    if found["part"] is None and 1 <= second <= 12:
        # 2001-02 to 2011-12 could name a year or a month; read as the month. Every year after
        # 2012 is unambiguous.
        return Period("month", date(year, second, 1))
    if second != (year + 1) % 100:
        raise Invalid.of(
            "period", f"{_EXPECTED} {code[:40]!r} names two years that do not follow each other."
        )
    april = date(year, 4, 1)
    if found["part"] is None:
        return Period("year", april)
    part = int(found["n"])
    if found["part"] == "Q":
        return Period("quarter", add_months(april, 3 * (part - 1)))
    if part > 2:
        raise Invalid.of("period", f"{_EXPECTED} A year has two halves, H1 and H2.")
    return Period("half year", add_months(april, 6 * (part - 1)))


def containing(day: date, length: Length) -> Period:
    """The period of `length` in which `day` falls."""
    if length == "month":
        return Period("month", day.replace(day=1))
    months = MONTHS[length]
    back = (day.month - 4) % months if months < 12 else (day.month - 4) % 12
    return Period(length, add_months(day.replace(day=1), -back))
