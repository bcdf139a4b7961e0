"""Periods: codes, bounds and neighbours (R14)."""

from datetime import date

import pytest

from outcomes.core.errors import Invalid
from outcomes.core.periods import Period, containing, parse_period

CODES = [
    # code, first day, last day, title
    ("2025-07", date(2025, 7, 1), date(2025, 7, 31), "July 2025"),
    ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
    ("2025-26-Q1", date(2025, 4, 1), date(2025, 6, 30), "April to June 2025"),
    ("2025-26-Q2", date(2025, 7, 1), date(2025, 9, 30), "July to September 2025"),
    ("2025-26-Q3", date(2025, 10, 1), date(2025, 12, 31), "October to December 2025"),
    ("2025-26-Q4", date(2026, 1, 1), date(2026, 3, 31), "January to March 2026"),
    ("2025-26-H1", date(2025, 4, 1), date(2025, 9, 30), "April to September 2025"),
    ("2025-26-H2", date(2025, 10, 1), date(2026, 3, 31), "October 2025 to March 2026"),
    ("2025-26", date(2025, 4, 1), date(2026, 3, 31), "April 2025 to March 2026"),
    ("2099-00", date(2099, 4, 1), date(2100, 3, 31), "April 2099 to March 2100"),
]


@pytest.mark.parametrize(("code", "first", "last", "title"), CODES)
def test_a_code_names_a_period_and_the_period_its_code(
    code: str, first: date, last: date, title: str
) -> None:
    period = parse_period(code)
    assert (period.first, period.last, period.title, period.code) == (first, last, title, code)
    assert containing(first, period.length) == containing(last, period.length) == period


@pytest.mark.parametrize(
    "code",
    ["", "2025", "2025-13", "2025-00", "2025-27", "2025-26-Q5", "2025-26-H3", "2025-26-Q0", "25-26-Q1",
     "2025-26-q1", "2025-26-Q1 ", "1900-01", "9999-00-Q1", "2025-26-Q٣", "2025-26-Q1\n", "'; drop table"],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_examples(code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_period(code)
    assert "2025-26-Q2" in refusal.value.fields["period"][0]


def test_earlier_periods_are_neighbours() -> None:
    period = parse_period("2025-26-Q1")
    assert [period.earlier(steps).code for steps in (-1, 0, 1, 2)] == [
        "2025-26-Q2", "2025-26-Q1", "2024-25-Q4", "2024-25-Q3",
    ]  # fmt: skip


def test_a_longer_period_ends_with_a_shorter_one_on_its_last_day_only() -> None:
    assert parse_period("2025-26-Q2").ends_with("half year") == parse_period("2025-26-H1")
    assert parse_period("2025-26-Q1").ends_with("half year") is None
    assert parse_period("2025-26-Q4").ends_with("year") == parse_period("2025-26")
    assert parse_period("2026-03").ends_with("quarter") == parse_period("2025-26-Q4")


def test_both_end_days_are_in_the_period() -> None:
    period = Period("quarter", date(2025, 7, 1))
    assert date(2025, 7, 1) in period and date(2025, 9, 30) in period
    assert date(2025, 6, 30) not in period and date(2025, 10, 1) not in period
