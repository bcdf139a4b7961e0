"""London's clock, calendar months and birthdays (R15, R24)."""

from datetime import UTC, date, datetime

import pytest

from outcomes.core.calendar import add_months, age_on
from outcomes.core.clock import NoSuchLocalTime, from_london, london_date, start_of


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2025, 9, 30), -24, date(2023, 9, 30)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 1, 15), 0, date(2025, 1, 15)),
    ],
)
def test_months_are_calendar_months_clamped(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2024, 2, 29), 16),
        (date(2010, 7, 5), date(2025, 7, 4), 14),
        (date(2010, 7, 5), date(2025, 7, 5), 15),
    ],
)
def test_age_is_completed_years(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age


def test_the_second_half_past_one_of_october_is_taken_as_the_first() -> None:
    moment, ambiguous = from_london(datetime(2025, 10, 26, 1, 30))  # noqa: DTZ001
    assert moment == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert ambiguous


def test_a_time_that_never_was_is_refused() -> None:
    with pytest.raises(NoSuchLocalTime, match="30 March 2025"):
        from_london(datetime(2025, 3, 30, 1, 30))  # noqa: DTZ001


def test_a_summer_evening_belongs_to_londons_day() -> None:
    assert london_date(datetime(2025, 6, 30, 23, 30, tzinfo=UTC)) == date(2025, 7, 1)
    assert start_of(date(2025, 7, 1)) == datetime(2025, 6, 30, 23, 0, tzinfo=UTC)
    assert start_of(date(2025, 1, 1)) == datetime(2025, 1, 1, tzinfo=UTC)
