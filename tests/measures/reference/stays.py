"""Placements that are one stay: in one home or household, with gaps of at most 28 days (R09, R31)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.measures.world import Row

FOUR_WEEKS = timedelta(days=28)
FOREVER = date(9999, 12, 31)


@dataclass
class Stay:
    """Consecutive placements, from the day on which the first began until the last has ended."""

    rows: list[Row]

    @property
    def starts(self) -> date:
        return min(row["started_on"] for row in self.rows)

    @property
    def ends(self) -> date:
        return max(row.get("ended_on") or FOREVER for row in self.rows)

    def covers(self, day: date | None) -> bool:
        return day is not None and self.starts <= day < self.ends


def place_of(row: Row) -> str:
    return f"home {row['home_id']}" if row.get("home_id") else f"carers {row['carer_household_id']}"


def joined_up(rows: list[Row], same: Callable[[Row], Any]) -> list[Stay]:
    """Rows with the same answer to `same`, chained while the gap is at most 28 days."""
    chains: dict[Any, list[Stay]] = {}
    for row in sorted(rows, key=lambda one: (one["started_on"], one["id"])):
        stays = chains.setdefault(same(row), [])
        if stays:
            left = stays[-1].rows[-1].get("ended_on") or FOREVER
            if row["started_on"] - left <= FOUR_WEEKS:
                stays[-1].rows.append(row)
                continue
        stays.append(Stay([row]))
    return [stay for stays in chains.values() for stay in stays]
