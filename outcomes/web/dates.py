"""Drawn dates and moments: three small inputs, and a time of day.

What was typed is kept as typed, whatever it was; `fields.py` says what a drawn field promises.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from outcomes.core.clock import LONDON
from outcomes.web.fields import DrawnField, Typed

DATE_HINT = "For example, 27 3 2012"
MOMENT_HINT = "For example, 27 3 2012 at 10:30am"
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?\Z", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One input of a date. `faulty` marks the one to look at."""

    name: str
    id: str
    label: str
    value: str
    width: int
    faulty: bool


class DateField(DrawnField):
    """A date in three inputs, `<name>-day`, `-month`, `-year`. What was typed is kept as typed.

    `raw()` is ISO where all three read as numbers of a plausible length, blank where all are
    blank, else the parts as typed with slashes between them, which no schema takes for a date.
    """

    drawn_as = "date"
    _widths = {"day": 2, "month": 2, "year": 4}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hint = self.hint or DATE_HINT
        self.day = self.month = self.year = ""

    def take(self, posted: Typed) -> None:
        self.day, self.month, self.year = (
            posted.get(f"{self.name}-{part}", "", type=str) or "" for part in self._widths
        )

    def fill(self, value: Any) -> None:
        self.day, self.month, self.year = (
            (str(value.day), str(value.month), str(value.year)) if isinstance(value, date) else ("", "", "")
        )

    def _typed_parts(self) -> tuple[str, str, str]:
        return self.day.strip(), self.month.strip(), self.year.strip()

    def raw(self) -> str:
        day, month, year = self._typed_parts()
        if not (day or month or year):
            return ""
        month = _month_number(month)
        if _digits(day, 2) and _digits(month, 2) and _digits(year, 4) and len(year) == 4:
            return f"{year}-{month:0>2}-{day:0>2}"
        return f"{day or '?'}/{month or '?'}/{year or '?'}"

    @property
    def value(self) -> str:
        return self.raw()

    @property
    def missing(self) -> list[str]:
        """The parts left blank where others were filled in."""
        blank = [name for name, typed in zip(self._widths, self._typed_parts(), strict=True) if not typed]
        return blank if len(blank) < 3 else []

    @property
    def first_input_id(self) -> str:
        return f"{self.id}-{(self.missing or ['day'])[0]}"

    def _blames(self, part: str) -> bool:
        """True for the inputs to mark: those left blank, or all where the whole is wrong."""
        return bool(self.errors) and (not self.missing or part in self.missing)

    @property
    def parts(self) -> list[Part]:
        typed = {"day": self.day, "month": self.month, "year": self.year}
        return [
            Part(
                name=f"{self.name}-{part}",
                id=f"{self.id}-{part}",
                label=part.capitalize(),
                value=typed[part],
                width=width,
                faulty=self._blames(part),
            )
            for part, width in self._widths.items()
        ]

    def say(self, messages: Sequence[str]) -> None:
        """The messages; where a part is missing, which one: that is what helps."""
        if messages and self.missing:
            messages = [f"The date must include a {' and '.join(self.missing)}."]
        super().say(messages)


class MomentField(DateField):
    """A date and a time of day in London: the three parts and `<name>-time`, such as 10:30am.

    `raw()` is `2012-03-27T10:30` where all of it reads, blank where all is blank.
    """

    drawn_as = "moment"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("hint", MOMENT_HINT)
        super().__init__(*args, **kwargs)
        self.time = ""

    def take(self, posted: Typed) -> None:
        super().take(posted)
        self.time = posted.get(f"{self.name}-time", "")

    def fill(self, value: Any) -> None:
        local = value.astimezone(LONDON) if isinstance(value, datetime) else None
        super().fill(local)
        self.time = f"{local:%H:%M}" if local else ""

    def raw(self) -> str:
        day, time = super().raw(), self.time.strip()
        # A date without its time must not pass for a date: the T stays.
        return f"{day}T{_clock_time(time)}" if day or time else ""

    @property
    def time_id(self) -> str:
        return f"{self.id}-time"

    @property
    def time_name(self) -> str:
        return f"{self.name}-time"

    @property
    def time_missing(self) -> bool:
        return bool(super().raw()) and not self.missing and not self.time.strip()

    @property
    def time_faulty(self) -> bool:
        return bool(self.errors) and (self.time_missing or not self.missing)

    def _blames(self, part: str) -> bool:
        return not self.time_missing and super()._blames(part)

    @property
    def first_input_id(self) -> str:
        return self.time_id if self.time_missing else super().first_input_id

    def say(self, messages: Sequence[str]) -> None:
        if messages and self.time_missing:
            messages = ["Enter the time as well, for example 10:30am."]
        super().say(messages)


def _digits(text: str, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= most


def _month_number(text: str) -> str:
    """A month's number where its English name, or the first letters of it, was typed; else as typed."""
    for number, name in enumerate(MONTHS, start=1):
        if len(text) >= 3 and name.startswith(text.lower()):
            return str(number)
    return text


def _clock_time(text: str) -> str:
    """`10.30pm` as `22:30`; whatever cannot be a time as typed."""
    found = _TIME.match(text)
    if not found or (found[2] is None and found[3] is None):
        return text
    hour, minute, half = int(found[1]), found[2] or "00", (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return text
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f"{hour:02d}:{minute}"
