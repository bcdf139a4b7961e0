"""When each record of the demo is said to have been written: the evening of the day, or weeks too late.

The writer stamps the present time, as it must. The demo is invented, and so is its time of writing:
a history in which everything was written in one minute would show nobody what late entries do.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, cast

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from outcomes.core import clock
from outcomes.demo.entry import Entry
from outcomes.kit.declaring.record import Record
from outcomes.kit.writing.versions import RecordVersion

LATE_SHARE = 0.04
LATE_DAYS = (5, 40)


def recorded_at(entry: Entry, rng: Random) -> datetime:
    """The evening of the latest past day that the entry speaks of; one in 25 comes days or weeks late."""
    days = _past_days(entry.values.values())
    day = max(days, default=clock.today() - timedelta(days=rng.randint(2, 30)))
    told = clock.start_of(day) + timedelta(hours=rng.randint(16, 21), minutes=rng.randint(0, 59))
    if rng.random() < LATE_SHARE:
        told += timedelta(days=rng.randint(*LATE_DAYS))
    return min(told, clock.now())


def _past_days(values: Iterable[Any]) -> list[date]:
    days = (clock.london_date(value) if isinstance(value, datetime) else value for value in values)
    return [day for day in days if isinstance(day, date) and day <= clock.today()]


class Recording:
    """The told times by kind and reference, put on rows and versions as they go to the database.

    Only within `telling`, and only here: the writer has no door for another time than the present.
    """

    def __init__(self) -> None:
        self._told: dict[tuple[str, str | None], datetime] = {}
        self._stamped: list[Record] = []

    def tell(self, kind: str, reference: str, told: datetime) -> None:
        self._told[kind, reference] = told

    @contextmanager
    def telling(self, session: Session) -> Iterator[None]:
        """Within this, new rows of the session and their versions get the time that was told."""
        event.listen(session, "before_flush", self._stamp_rows)
        event.listen(session, "do_orm_execute", self._stamp_versions)
        try:
            yield
        finally:
            event.remove(session, "before_flush", self._stamp_rows)
            event.remove(session, "do_orm_execute", self._stamp_versions)

    def _stamp_rows(self, session: Session, *_: Any) -> None:
        for row in session.new:
            if isinstance(row, Record):
                row.recorded_at = self._told[row.kind_name(), row.sender_reference]
                self._stamped.append(row)

    def _stamp_versions(self, state: ORMExecuteState) -> None:
        """The writer inserts the first versions of a batch in one statement, right after its rows."""
        mapper = state.bind_mapper
        if not state.is_insert or mapper is None or mapper.class_ is not RecordVersion:
            return
        told = {(row.kind_name(), row.id): row.recorded_at for row in self._stamped}
        self._stamped = []
        for version in cast(list[dict[str, Any]], state.parameters):
            version["recorded_at"] = told[version["kind"], version["record_id"]]
