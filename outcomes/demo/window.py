"""The time of the demo: whole quarters before the present one, and the present one so far."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from outcomes.core import clock
from outcomes.core.periods import Period, containing

_DAY = re.compile(r"q(?P<quarter>-?\d+)(?P<days>[+-]\d+)\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Window:
    """From the first day of the oldest full quarter to today."""

    today: date
    years: int

    @property
    def first(self) -> date:
        return self.quarter(-4 * self.years).first

    @property
    def indexes(self) -> range:
        """The quarters by number, oldest first; 0 is the present one."""
        return range(-4 * self.years, 1)

    def quarter(self, index: int) -> Period:
        return containing(self.today, "quarter").earlier(-index)

    def day(self, written: str) -> date:
        """The day that `q-3+20` means: twenty days after the first day of the quarter three before."""
        found = _DAY.match(written)
        if not found:
            raise ValueError(f"A day of a story is written like q-3+20, not {written!r}.")
        return self.quarter(int(found["quarter"])).first + timedelta(days=int(found["days"]))

    def codes(self) -> list[str]:
        """The codes of its quarters, oldest first."""
        return [self.quarter(index).code for index in self.indexes]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A wall-clock time in London as an instant."""
    return clock.from_london(datetime.combine(day, time(hour, minute)))[0]
