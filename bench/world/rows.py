"""Rows by table, with keys given out in order, as they go to the database."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

Row = dict[str, Any]
CHECKED_IN = timedelta(hours=20)
"""Records are written down in the evening of the day that they are about."""


class Rows:
    """What was invented so far. A row's key is its place in its table, from 1."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = defaultdict(list)

    def add(self, kind: str, /, on: date | None = None, **values: Any) -> int:
        """A record, known to its sender by `<kind>-<key>`; written down on the evening of `on`."""
        key = len(self.tables[kind]) + 1
        about = on or date(2020, 1, 1)
        internal = {
            "id": key,
            "public_id": f"{kind.replace('_', ''):x<10.10}{key:012d}",
            "sender": "bench",
            "sender_reference": f"{kind}-{key}",
            "revision": 1,
            "recorded_at": at(about) + CHECKED_IN,
        }
        self.tables[kind].append({**internal, **values})
        return key

    def part(self, kind: str, /, **values: Any) -> None:
        """A piece of a record, such as a score of a reading."""
        self.tables[kind].append({"id": len(self.tables[kind]) + 1, **values})

    def counts(self) -> Mapping[str, int]:
        return {kind: len(rows) for kind, rows in self.tables.items()}


def at(day: date, hour: int = 0) -> datetime:
    """An hour of a day, as an instant."""
    return datetime.combine(day, time(hour), UTC)
