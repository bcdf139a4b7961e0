"""Writing the world into the database: through the schema, the guards and the one writer.

Everything goes into one transaction, so that a demo is there whole or not at all. Only the time of
recording is made up: the day on which a keyworker would have written it, now and then too late.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import groupby
from random import Random
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from outcomes.core import clock
from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.demo.entry import Entry
from outcomes.kit import writer
from outcomes.kit.fields import Link, Links
from outcomes.kit.guards import Proposal
from outcomes.kit.proposing import DatabaseLookup, propose
from outcomes.kit.record import KINDS, Record
from outcomes.kit.schema import check
from outcomes.kit.versions import RecordVersion

SENDER = "main"
"""The sender of its references: what `outcomes import` assumes, so that a bundle can refer to the demo."""

LATE_SHARE = 0.04
REASON = "Loaded as invented data"

Written = Mapping[str, Record]
Progress = Callable[[int], None]


class Recording:
    """Sets the time of recording of what is being written, while `told` is a time."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(f"{seed}/recording")
        self.told: datetime | None = None

    def tell(self, entry: Entry) -> None:
        """The evening of the latest day that the entry speaks of; days or weeks later when it came late."""
        days = [day for value in entry.values.values() if (day := _past_day(value))]
        told = clock.start_of(max(days, default=clock.today() - timedelta(days=self._rng.randint(2, 30))))
        told += timedelta(hours=self._rng.randint(16, 21), minutes=self._rng.randint(0, 59))
        if self._rng.random() < LATE_SHARE:
            told += timedelta(days=self._rng.randint(5, 40))
        self.told = min(told, clock.now())

    @contextmanager
    def telling(self, session: Session) -> Iterator[None]:
        """Within this, rows that are new in the session get the time told."""
        event.listen(session, "before_flush", self._stamp)
        try:
            yield
        finally:
            event.remove(session, "before_flush", self._stamp)

    def _stamp(self, session: Session, *_: Any) -> None:
        for row in session.new:
            if self.told is not None and isinstance(row, Record | RecordVersion):
                row.recorded_at = self.told


def _past_day(value: Any) -> date | None:
    day = clock.london_date(value) if isinstance(value, datetime) else value
    return day if isinstance(day, date) and day <= clock.today() else None


class Loader:
    """Writes entries, and remembers the records that later entries refer to."""

    def __init__(self, seed: int, authors: Mapping[str, Actor], system: Actor) -> None:
        self._authors, self._system = authors, system
        self._recording = Recording(seed)
        self._records: dict[tuple[str, str], Record] = {}
        self._numbers: dict[str, int] = {}

    def record_of(self, kind: str, reference: str) -> Record:
        return self._records[kind, reference]

    def write(self, entries: Iterable[Entry], progress: Progress) -> None:
        """Write entries kind by kind, so that what is linked to is there, and author by author."""
        by_kind: dict[str, list[Entry]] = {}
        for one in entries:
            by_kind.setdefault(one.kind, []).append(one)
        with self._recording.telling(db.session()):
            for kind in KINDS:
                of_kind = sorted(by_kind.get(kind.kind_name(), ()), key=lambda one: one.author)
                for author, group in groupby(of_kind, key=lambda one: one.author):
                    self._write_group(kind, author, list(group), progress)

    def authors(self, authors: Mapping[str, Actor]) -> None:
        """From now on these members of staff sign what they write."""
        self._authors = authors

    def _write_group(self, kind: type[Record], author: str, group: list[Entry], progress: Progress) -> None:
        by = self._authors.get(author, self._system)
        lookup = DatabaseLookup(db.session())
        origins = [writer.Origin(SENDER, self._reference(one)) for one in group]
        # Proposals are made one by one as the writer asks for them, so that each is judged beside
        # what was written before it.
        proposals = zip((self._proposal(kind, one, lookup, progress) for one in group), origins, strict=True)
        written = writer.record_many(proposals, reason=REASON, by=by)
        for origin, (_, made) in zip(origins, written, strict=True):
            self._records[kind.kind_name(), str(origin.reference)] = made

    def _proposal(self, kind: type[Record], one: Entry, lookup: DatabaseLookup, progress: Progress) -> Proposal:
        self._recording.tell(one)
        progress(1)
        try:
            return propose(check(kind, self._linked(kind, one), with_owner=True), lookup)
        except Invalid as fault:
            raise AssertionError(f"The demo's {one.kind} {one.reference or one.values} is refused: {fault}") from fault

    def _linked(self, kind: type[Record], one: Entry) -> dict[str, Any]:
        """The values with references replaced by the records that they name."""
        values = dict(one.values)
        for name, field in kind.asked_fields().items():
            if name not in values:
                continue
            if isinstance(field, Link):
                values[name] = self._records[field.to, values[name]]
            elif isinstance(field, Links):
                values[name] = [self._records[field.to, each] for each in values[name]]
        return values

    def _reference(self, one: Entry) -> str:
        if one.reference:
            return one.reference
        number = self._numbers[one.kind] = self._numbers.get(one.kind, 0) + 1
        return f"{one.kind.replace('_', '-')}-{number:04d}"
