"""Finds records for the guards in the bundle being read and in the database behind it, as one.

Rows of the database are read some hundreds at a time, never one query for each row of a file. What
was read is remembered with its revision, so that the writing transaction can ask whether any of it
has changed since (`changed`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from outcomes.kit.declaring.fields import Link
from outcomes.kit.declaring.guards import Row
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.writing.beyond import any_at_all
from outcomes.kit.writing.proposing import StagedKey, row_of

CHUNK = 500

Identity = str | tuple[str, ...]
"""The sender's reference of a record, or the values of its natural key."""


@dataclass(frozen=True, slots=True)
class Known:
    """A record of the database that a reference names."""

    id: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A link that stands already, for a column that the bundle leaves out."""

    id: int
    public_id: str = ""


class StagedRow(Mapping[str, Any]):
    """A staged record as a Row: its values with "id", without a second copy of them.

    A column that the file does not have is blank.
    """

    __slots__ = ("_key", "_values")

    def __init__(self, key: Any, values: Row) -> None:
        self._key, self._values = key, values

    def __getitem__(self, name: str) -> Any:
        return self._key if name == "id" else self._values.get(name)

    def __iter__(self) -> Iterator[str]:
        yield "id"
        yield from self._values

    def __len__(self) -> int:
        return len(self._values) + 1


def chunks(items: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The items in lists of at most `size`."""
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk


class StagedLookup:
    """A Lookup over a bundle and the database. Staged rows come before rows that stand.

    `unread` names kinds of which the bundle has rows that cannot be read: a link to one of those
    may be right, so it is not refused.
    """

    def __init__(self, session: Session, sender: str, *, unread: set[str]) -> None:
        self._session = session
        self._sender = sender
        self._unread = unread
        self._staged_names: dict[str, dict[Identity, StagedKey]] = defaultdict(dict)
        self._staged_rows: dict[str, dict[Any, Row]] = defaultdict(dict)
        self._indexes: dict[tuple[str, str], dict[Any, list[Row]]] = {}
        self._known: dict[str, dict[Identity, Known | None]] = defaultdict(dict)
        self._rows: dict[str, dict[int, Row]] = defaultdict(dict)
        self._revisions: dict[str, dict[int, int]] = defaultdict(dict)
        self._siblings: dict[tuple[str, str], dict[Any, list[Row]]] = defaultdict(dict)
        self._empty: dict[str, bool] = {}

    # What the bundle brings

    def name(self, kind: str, identity: Identity, key: StagedKey) -> None:
        """A row of the bundle goes by this identity, whether or not the row can be used."""
        self._staged_names[kind][identity] = key

    def add(self, kind: str, key: Any, values: Row) -> None:
        """A row of the bundle as it would stand: new, or in the place of one that stands."""
        row = StagedRow(key, values)
        self._staged_rows[kind][key] = row
        for (indexed, column), index in self._indexes.items():
            if indexed == kind:
                index.setdefault(row.get(column), []).append(row)

    # What a Lookup answers

    def key_of(self, kind: str, named: Any) -> Any:
        if isinstance(named, Kept):
            return named.id
        staged = self._staged_names[kind].get(named)
        if staged is not None:
            return staged
        known = self._known[kind].get(named)
        if known is not None:
            return None if known.withdrawn else known.id
        if kind not in self._unread:
            return None
        # The same name is the same record, whatever it is.
        return self._staged_names[kind].setdefault(named, StagedKey(named))

    def find(self, kind: str, key: Any) -> Row | None:
        staged = self._staged_rows[kind].get(key)
        if staged is not None or isinstance(key, StagedKey):
            return staged
        if key not in self._rows[kind]:
            model = KINDS[kind]
            self._read(select(model).where(model.id == key, model.standing()))
        return self._rows[kind].get(key)

    def find_siblings(self, kind: str, column: str, value: Any) -> Iterable[Row]:
        found = list(self._index(kind, column).get(value, ()))
        if not isinstance(value, StagedKey) and value is not None:
            staged = self._staged_rows[kind]
            found += [row for row in self._standing_siblings(kind, column, value) if row["id"] not in staged]
        return found

    def find_before(self, kind: str, key: Any) -> Row | None:
        return None if isinstance(key, StagedKey) else self.row(kind, key)

    def is_used(self, kind: str, values: Row) -> bool:
        return any_at_all(self._session, kind, values)

    def placement_of(self, person_key: Any, day: Any) -> Row | None:
        if person_key is None or day is None:
            return None
        for row in self.find_siblings("placement", "person_id", person_key):
            if row["started_on"] <= day and (row["ended_on"] is None or row["ended_on"] > day):
                return row
        return None

    # What is read from the database

    def learn(self, kind: str, names: Iterable[Identity]) -> None:
        """Look up what these names stand for: the sender's references, else public identifiers."""
        fresh = {name for name in names if name not in self._known[kind]} - self._staged_names[kind].keys()
        if not fresh or self._is_empty(kind):
            return
        natural = KINDS[kind].declaration.natural_key
        for some in chunks(sorted(fresh)):
            found = (
                self._by_natural_key(KINDS[kind], some) if natural else self._by_reference(KINDS[kind], some)
            )
            self._known[kind] |= {name: _known(found.get(name)) for name in some}

    def _by_natural_key(self, model: type[Record], names: list[Any]) -> dict[Identity, Record]:
        columns = [getattr(model, name) for name in model.declaration.natural_key]
        rows = self._read(select(model).where(tuple_(*columns).in_(names)))
        return {tuple(getattr(row, column.key) for column in columns): row for row in rows}

    def _by_reference(self, model: type[Record], names: list[Any]) -> dict[Identity, Record]:
        theirs = select(model).where(model.sender == self._sender, model.sender_reference.in_(names))
        found: dict[Identity, Record] = {str(row.sender_reference): row for row in self._read(theirs)}
        left = [name for name in names if name not in found]
        if left:
            found |= {
                row.public_id: row for row in self._read(select(model).where(model.public_id.in_(left)))
            }
        return found

    def standing(self, kind: str, identity: Identity) -> Known | None:
        """The record of the database that an identity names, learnt before."""
        return self._known[kind].get(identity)

    def row(self, kind: str, key: int) -> Row:
        """The values of a record of the database that `learn` has found."""
        return self._rows[kind][key]

    def parts(self, kind: type[Record], ids: list[int]) -> dict[int, list[dict[str, Any]]]:
        """The parts of these records of the database, by owner, in the order of their writing."""
        part = kind.declaration.part
        if part is None or not ids:
            return {}
        owner = getattr(part, part.part_of)
        found: dict[int, list[dict[str, Any]]] = {}
        for row in self._session.scalars(select(part).where(owner.in_(ids)).order_by(part.id)):
            values = row.asked_values()
            found.setdefault(values.pop(part.part_of), []).append(values)
        return found

    def named(self, kind: str, key: Any) -> str:
        """What the bundle calls a record, for a report."""
        if isinstance(key, StagedKey):
            return key.named
        return next((str(name) for name, known in self._known[kind].items() if known and known.id == key), "")

    def _read(self, statement: Any) -> list[Record]:
        rows = list(self._session.scalars(statement))
        for row in rows:
            kind = row.kind_name()
            self._revisions[kind][row.id] = row.revision
            if row.stands:
                self._rows[kind][row.id] = row_of(row)
        return rows

    def _standing_siblings(self, kind: str, column: str, value: Any) -> list[Row]:
        if self._is_empty(kind):
            return []
        read = self._siblings[kind, column]
        if value not in read:
            for some in chunks(self._asked_next(kind, column, value) - read.keys()):
                read.update({one: [] for one in some})
                model = KINDS[kind]
                matching = getattr(model, column).in_(some)
                for row in self._read(select(model).where(matching, model.standing()).order_by(model.id)):
                    read[getattr(row, column)].append(self._rows[kind][row.id])
        return read[value]

    def _asked_next(self, kind: str, column: str, value: Any) -> set[Any]:
        """The values that will be asked for like this one: the other records found so far."""
        field = KINDS[kind].asked_fields()[column]
        return {value, *self._rows[field.to]} if isinstance(field, Link) else {value}

    def _index(self, kind: str, column: str) -> dict[Any, list[Row]]:
        if (kind, column) not in self._indexes:
            index: dict[Any, list[Row]] = {}
            for row in self._staged_rows[kind].values():
                index.setdefault(row.get(column), []).append(row)
            self._indexes[kind, column] = index
        return self._indexes[kind, column]

    def _is_empty(self, kind: str) -> bool:
        if kind not in self._empty:
            self._empty[kind] = self._session.scalar(select(KINDS[kind].id).limit(1)) is None
        return self._empty[kind]

    # Whether it still holds

    def changed(self, session: Session) -> str | None:
        """The first kind of which something that was read has changed since; None where nothing has.

        Called inside the writing transaction, when the rows to be corrected are locked.
        """
        for kind, empty in self._empty.items():
            if empty and session.scalar(select(KINDS[kind].id).limit(1)) is not None:
                return kind
        for kind, revisions in self._revisions.items():
            model = KINDS[kind]
            for some in chunks(sorted(revisions)):
                state = select(model.id, model.revision).where(model.id.in_(some))
                if {row.id: row.revision for row in session.execute(state)} != {
                    i: revisions[i] for i in some
                }:
                    return kind
        for (kind, column), read in self._siblings.items():
            model = KINDS[kind]
            for some in chunks(sorted(read)):
                found = select(model.id).where(getattr(model, column).in_(some), model.standing())
                if set(session.scalars(found)) != {row["id"] for value in some for row in read[value]}:
                    return kind
        return None


def _known(row: Record | None) -> Known | None:
    return None if row is None else Known(row.id, not row.stands)
