"""Calendar arithmetic as the law and the contracts mean it (R15, R24).

Months are calendar months, clamped to the month's end (the corresponding-date rule). Days are
calendar days. Somebody born on 29 February has their birthday on 1 March in other years.
"""

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The corresponding date `months` later (or earlier), clamped: 30 November + 3 = 28 February."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age_on(born: date, day: date) -> int:
    """Completed years on `day`. A 29 February birthday counts on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
