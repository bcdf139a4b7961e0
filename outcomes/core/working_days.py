"""Working days in England: Monday to Friday, without bank holidays (SI 2010/959 reg 2, R15).

Day 1 is the first working day after the day on which the clock starts.
"""

from datetime import date, timedelta
from functools import cache

SATURDAY = 5


def is_working_day(day: date) -> bool:
    """True for a day on which offices in England are open."""
    return day.weekday() < SATURDAY and day not in _bank_holidays(day.year)


def add_working_days(start: date, days: int) -> date:
    """The working day on which `days` working days after `start` have passed; `days` is 1 or more."""
    if days < 1:
        raise ValueError(f"days must be 1 or more, and was {days}")
    day, left = start, days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    # Slow to import, and needed only when a due date is worked out.
    import holidays

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
