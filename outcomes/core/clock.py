"""The one clock. Instants are UTC; dates are calendar days in London, where the children live."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present instant, UTC, to the microsecond."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in London."""
    return now().astimezone(LONDON).date()


def london_date(moment: datetime) -> date:
    """The calendar day in London on which an aware instant falls."""
    return moment.astimezone(LONDON).date()


class NoSuchLocalTime(ValueError):
    """A wall-clock time that never was: clocks went forward over it."""


def from_london(wall: datetime) -> tuple[datetime, bool]:
    """A naive London wall-clock time as an instant, and whether it was ambiguous.

    The second 01:30 of October's change is taken as the first. A time that the spring change
    skips raises NoSuchLocalTime.
    """
    first = wall.replace(tzinfo=LONDON, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=LONDON, fold=1).astimezone(UTC)
    if first.astimezone(LONDON).replace(tzinfo=None) != wall.replace(fold=0):
        raise NoSuchLocalTime(f"{wall:%d %B %Y at %H:%M} never happened: the clocks went forward over it.")
    return first, first != second


@lru_cache(maxsize=4096)
def start_of(day: date) -> datetime:
    """The instant at which a London calendar day begins."""
    return from_london(datetime.combine(day, time()))[0]
