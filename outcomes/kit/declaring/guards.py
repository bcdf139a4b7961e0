"""Rules about a record beside other records: a review after its goal, no two stays at once.

A guard reads a Proposal: the values about to be written, the records they link to, and their
siblings. The writer builds it from the database, the import from the database and the bundle,
so that every door refuses the same things with the same words.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from outcomes.kit.declaring.record import Record, day_of
from outcomes.kit.declaring.rules import Problems
from outcomes.kit.words import label_of, say_day, say_moment

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A record about to be written: links are keys already.

    `key` is its own key when it stands already; `placement` is the child's placement on the day
    it is about. `stamped` names the values that were left blank and worked out. What has been
    withdrawn is never found.
    """

    kind: type[Record]
    values: Row
    parts: tuple[Row, ...]
    key: Any
    lookup: Any = field(repr=False)
    placement: Row | None = None
    stamped: frozenset[str] = frozenset()

    def linked(self, name: str) -> Row | None:
        """The row that the link `name` points to; None where it is blank."""
        key = self.values.get(name)
        target = self.kind.asked_fields()[name]
        return None if key is None else self.lookup.find(target.to, key)  # type: ignore[attr-defined]

    def siblings(self, link: str) -> Iterable[Row]:
        """Other standing rows of this kind with the same `link`."""
        key = self.values.get(link)
        if key is None:
            return ()
        rows = self.find_siblings(self.kind.kind_name(), link, key)
        return (row for row in rows if row["id"] != self.key)

    def placement_on(self, day: Any) -> Row | None:
        """The child's placement on a day; None without one."""
        person = self.values.get("person_id")
        found: Row | None = None if person is None or day is None else self.lookup.placement_of(person, day)
        return found

    def find_siblings(self, kind: str, column: str, value: Any) -> Iterable[Row]:
        """The standing rows of a kind with a value in a column."""
        found: Iterable[Row] = self.lookup.find_siblings(kind, column, value)
        return found

    def before(self) -> Row | None:
        """The row as it stands, in a correction; None for a new record."""
        return None if self.key is None else self.lookup.find_before(self.kind.kind_name(), self.key)

    def is_used_by(self, kind: str, values: Row) -> bool:
        """Is there any standing record of a kind with these values? Also one that the writer may not see."""
        return bool(self.lookup.is_used(kind, values))


class Guard:
    """The base of every guard."""

    def problems(self, proposal: Proposal) -> Problems:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class no_overlap(Guard):  # noqa: N801 (reads as the sentence that it is)
    """No two standing rows with the same links overlap in time; the end day is not included (R15, R31)."""

    links: tuple[str, ...]
    start: str
    end: str
    says: str

    def problems(self, proposal: Proposal) -> Problems:
        for other in proposal.siblings(self.links[0]):
            if self.clash(proposal.values, other):
                return {
                    self.start: f"{label_of(self.start)}: {self.says} {_span(other, self.start, self.end)}."
                }
        return {}

    def clash(self, row: Row, other: Row) -> bool:
        """True where the two cannot both stand."""
        if any(row.get(link) != other.get(link) for link in self.links):
            return False
        return _overlap(row.get(self.start), row.get(self.end), other.get(self.start), other.get(self.end))


def _overlap(start: Any, end: Any, other_start: Any, other_end: Any) -> bool:
    if _is_nothing(start, end) or _is_nothing(other_start, other_end):
        return False
    return (other_end is None or start < other_end) and (end is None or other_start < end)


def _is_nothing(start: Any, end: Any) -> bool:
    """True for a span without a start, or one that ends before anything could overlap it."""
    return start is None or (end is not None and end <= start)


def _span(row: Row, start: str, end: str) -> str:
    say = say_moment if hasattr(row[start], "hour") else say_day
    until = f"to {say(row[end])}" if row[end] is not None else "and has not ended"
    return f"({say(row[start])} {until})"


@dataclass(frozen=True, slots=True)
class same_child(Guard):  # noqa: N801
    """The linked record belongs to the same child."""

    link: str

    def problems(self, proposal: Proposal) -> Problems:
        other = proposal.linked(self.link)
        if other is None or other["person_id"] == proposal.values.get("person_id"):
            return {}
        return {self.link: f"{label_of(self.link)}: belongs to another child. Choose one of this child's."}


@dataclass(frozen=True, slots=True)
class not_before_linked(Guard):  # noqa: N801
    """A date of this record is on or after a date of the linked record."""

    field: str
    link: str
    other: str
    says: str

    def problems(self, proposal: Proposal) -> Problems:
        value, linked = day_of(proposal.values.get(self.field)), proposal.linked(self.link)
        if value is None or linked is None:
            return {}
        floor = day_of(linked.get(self.other))
        if floor is None or value >= floor:
            return {}
        return {self.field: f"{label_of(self.field)}: {self.says} ({say_day(floor)})."}


@dataclass(frozen=True, slots=True)
class checked_by(Guard):  # noqa: N801
    """A function of the proposal, for what only one kind needs."""

    function: Callable[[Proposal], Problems]

    def problems(self, proposal: Proposal) -> Problems:
        return self.function(proposal)


def not_before_birth(field_name: str) -> Guard:
    """The date is not before the child was born."""
    return not_before_linked(
        field_name, "person_id", "date_of_birth", "must not be before the child was born"
    )
