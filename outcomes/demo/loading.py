"""Writing the world into the database: through the schema, the guards and the one writer.

A bundle that nobody sent: entries are judged beside each other and beside what stands, then go in
through the writer's batch form.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from random import Random

from sqlalchemy.orm import Session

from outcomes.core.actor import Actor
from outcomes.core.errors import Invalid
from outcomes.demo.entry import Entry
from outcomes.demo.recording import Recording, recorded_at
from outcomes.kit.bundle.lookup import StagedLookup
from outcomes.kit.bundle.writing import DEFAULT_SENDER
from outcomes.kit.declaring.guards import Proposal
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.writing.proposing import StagedKey, judge, link_up
from outcomes.kit.writing.schema import check
from outcomes.kit.writing.writer import Origin, record_many

SENDER = DEFAULT_SENDER
"""The sender of its references: what `outcomes import` assumes, so that a bundle can refer to the demo."""

REASON = "invented data"

Progress = Callable[[int], None]
"""Told how many more entries are done."""


class Loader:
    """Writes entries, and remembers the keys of what was written for what refers to it."""

    def __init__(self, session: Session, seed: int, progress: Progress, *, by: Actor) -> None:
        self._session, self._progress, self._by = session, progress, by
        self._rng = Random(f"{seed}/recording")
        self._lookup = StagedLookup(session, SENDER, unread=set())
        self._recording = Recording()
        self._keys: dict[tuple[str, str], StagedKey] = {}
        self._numbers: dict[str, int] = {}

    def key_of(self, kind: str, reference: str) -> int:
        """The key of what was written under a reference."""
        key = self._keys[kind, reference].written_key
        assert key is not None, f"{kind} {reference} is not written yet"
        return key

    def write(self, entries: Iterable[Entry], authors: Mapping[str, Actor]) -> None:
        """Write entries kind by kind, so that what is linked to comes first, each signed by its author."""
        by_kind: dict[str, list[Entry]] = {}
        for one in entries:
            by_kind.setdefault(one.kind, []).append(one)
        with self._recording.telling(self._session):
            for kind in KINDS:
                proposals = self._judged(kind, by_kind.get(kind.kind_name(), []))
                for author, group in groupby(proposals, key=lambda one: one[0]):
                    written = ((proposal, origin) for _, proposal, origin in group)
                    record_many(self._counted(written), reason=REASON, by=authors.get(author, self._by))

    def _judged(self, kind: type[Record], entries: list[Entry]) -> list[tuple[str, Proposal, Origin]]:
        """Entries as proposals, sorted by author; judged when all of their kind are known."""
        made = [
            (one.author, *self._proposal(kind, one)) for one in sorted(entries, key=lambda one: one.author)
        ]
        for _, proposal, origin in made:
            try:
                judge(proposal)
            except Invalid as fault:
                raise _refused(kind, origin, fault) from fault
        return made

    def _proposal(self, kind: type[Record], one: Entry) -> tuple[Proposal, Origin]:
        name = kind.kind_name()
        origin = Origin(SENDER, one.reference or self._numbered(name))
        reference = str(origin.reference)
        key = self._keys[name, reference] = StagedKey(reference)
        self._recording.tell(name, reference, recorded_at(one, self._rng))
        values = {**dict.fromkeys(kind.asked_fields()), **one.values}
        try:
            proposal = link_up(check(kind, values, with_owner=True), self._lookup, key=key)
        except Invalid as fault:
            raise _refused(kind, origin, fault) from fault
        self._lookup.name(name, reference, key)
        self._lookup.add(name, key, proposal.values)
        return proposal, origin

    def _numbered(self, kind: str) -> str:
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind.replace('_', '-')}-{number:04d}"

    def _counted(self, written: Iterable[tuple[Proposal, Origin]]) -> Iterator[tuple[Proposal, Origin]]:
        for one in written:
            self._progress(1)
            yield one


def _refused(kind: type[Record], origin: Origin, fault: Invalid) -> AssertionError:
    """The demo's own data is wrong: a fault of this package, with the place to mend."""
    return AssertionError(f"The demo's {kind.kind_name()} {origin.reference} is refused: {fault}")
