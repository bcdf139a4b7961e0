"""Working days in England, against a published list of bank holidays."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outcomes.core.calendar import add_months
from outcomes.core.working_days import add_working_days, is_working_day

VECTORS = json.loads((Path(__file__).parent / "vectors" / "working_days.json").read_text())


@pytest.mark.parametrize("one", VECTORS["working_days"], ids=lambda one: one["note"])
def test_working_days_are_counted_from_the_next_one(one: dict[str, Any]) -> None:
    assert add_working_days(date.fromisoformat(one["start"]), one["working_days"]).isoformat() == one["due"]


@pytest.mark.parametrize("one", VECTORS["months"], ids=lambda one: one["note"])
def test_months_keep_the_day_or_the_months_end(one: dict[str, Any]) -> None:
    assert add_months(date.fromisoformat(one["start"]), one["months"]).isoformat() == one["due"]


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-04-17", True),
        ("2025-04-18", False),  # Good Friday
        ("2025-04-20", False),  # a Sunday
        ("2025-04-21", False),  # Easter Monday, which Scotland does not have
        ("2026-01-02", True),  # a bank holiday in Scotland only
        ("2027-12-27", False),  # in place of Christmas Day on a Saturday
    ],
)
def test_a_working_day_is_englands(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


def test_no_days_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        add_working_days(date(2025, 4, 1), 0)
