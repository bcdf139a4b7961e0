"""From a Checked value to a Proposal that may be written: links found, guards passed.

`DatabaseLookup` answers from the session, so it sees what the actor may see: a link to a record
that is not the actor's fails like a link to nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Protocol

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session

from outcomes.core.errors import Invalid
from outcomes.kit.declaring.fields import Field, Link, Links
from outcomes.kit.declaring.guards import Proposal, Row
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.words import label_of
from outcomes.kit.writing.beyond import any_at_all
from outcomes.kit.writing.placing import Placer
from outcomes.kit.writing.schema import PARTS, Checked


class StagedKey:
    """Stands in for the key of a record that a bundle brings and that is not written yet.

    `named` is what the bundle calls it. The writer sets `written_key` once the database has given
    the key.
    """

    __slots__ = ("named", "written_key")

    def __init__(self, named: str) -> None:
        self.named = named
        self.written_key: int | None = None


class Lookup(Protocol):
    """Finds other records for a proposal: in the database, or also in a bundle being read."""

    def key_of(self, kind: str, named: Any) -> Any:
        """The key of the standing record that a link names; None where there is none."""

    def find(self, kind: str, key: Any) -> Row | None:
        """The values of a standing record by key, with "id"."""

    def find_before(self, kind: str, key: Any) -> Row | None:
        """The values of a record as it stands in the database, whatever is about to replace it."""

    def find_siblings(self, kind: str, column: str, value: Any) -> Iterable[Row]:
        """The standing records of a kind with a value in a column."""

    def placement_of(self, person_key: Any, day: Any) -> Row | None:
        """The placement of a child on a day."""

    def is_used(self, kind: str, values: Row) -> bool:
        """Is there any standing record of a kind with these values, also beyond what the actor sees?"""


class DatabaseLookup:
    """A Lookup on the current session, for one record: what was found stands until it is written."""

    def __init__(self, session: Session, placer: Placer | None = None) -> None:
        self._session = session
        self._placer = placer or Placer(session)
        self._found: dict[tuple[str, Any], Row | None] = {}

    def key_of(self, kind: str, named: Any) -> int | None:
        model = KINDS[kind]
        if not isinstance(named, Record):
            return self._session.scalar(_standing(model, "public_id", whole=False), {"wanted": named})
        # A record in hand may have been withdrawn since; the database knows.
        if not isinstance(named, model):
            return None
        # Its key by what it is known as: asking what a new transaction made stale reads it twice.
        known = inspect(named).identity
        found = self.find(kind, known[0] if known else named.id)
        return found["id"] if found is not None else None

    def find(self, kind: str, key: Any) -> Row | None:
        if (kind, key) not in self._found:
            found = self._session.scalar(_standing(KINDS[kind], "id", whole=True), {"wanted": key})
            self._found[kind, key] = row_of(found) if found is not None else None
        return self._found[kind, key]

    def find_before(self, kind: str, key: Any) -> Row | None:
        return self.find(kind, key)

    def sees(self, kind: str, key: Any) -> bool:
        """True where a record that a link holds already, standing or withdrawn, may be seen."""
        model = KINDS[kind]
        return self._session.scalar(select(model.id).where(model.id == key)) is not None

    def find_siblings(self, kind: str, column: str, value: Any) -> Iterable[Row]:
        model = KINDS[kind]
        rows = self._session.scalars(select(model).where(getattr(model, column) == value, model.standing()))
        return [row_of(row) for row in rows]

    def placement_of(self, person_key: Any, day: Any) -> Row | None:
        key = self._placer.placement_on(person_key, day)
        return None if key is None else self.find("placement", key)

    def is_used(self, kind: str, values: Row) -> bool:
        return any_at_all(self._session, kind, values)


@cache
def _standing(model: type[Record], column: str, *, whole: bool) -> Any:
    """The standing record with a value in a column, or its key alone. Built once: a write asks several."""
    wanted = getattr(model, column) == bindparam("wanted")
    return select(model if whole else model.id).where(wanted, model.standing())


def row_of(record: Record) -> dict[str, Any]:
    """A record as a Row."""
    return {"id": record.id, **record.asked_values()}


def propose(checked: Checked, lookup: DatabaseLookup, *, key: Any = None) -> Proposal:
    """Find the links of a Checked value, stamp what is worked out, and ask the guards.

    `key` is the record's own key in a correction. Raises Invalid with every problem.
    """
    proposal = link_up(checked, lookup, key=key)
    if key is not None:
        proposal = replace(proposal, values={**proposal.values, **_unseen_links(proposal, lookup)})
    judge(proposal)
    return proposal


def link_up(checked: Checked, lookup: Lookup, *, key: Any = None) -> Proposal:
    """The first half of `propose`: links found and stamps set, the guards not asked yet.

    A bundle needs the halves apart: its rows are judged beside all others of their kind.
    """
    kind = checked.kind
    values = dict(checked.values)
    problems: dict[str, list[str]] = {}
    for name, field in kind.asked_fields().items():
        if isinstance(field, Link | Links) and values.get(name) is not None:
            values[name] = _found(field, values[name], lookup, problems)
    _take_owner(kind, values, lookup, problems)
    if problems:
        raise Invalid(problems)
    about = kind.about_in(values)
    proposal = Proposal(
        kind=kind,
        values=values,
        parts=checked.parts,
        key=key,
        lookup=lookup,
    )
    proposal = replace(proposal, placement=proposal.placement_on(about))
    for stamp in kind.declaration.stamps:
        stamped = dict(stamp(proposal))
        proposal = replace(proposal, parts=_with_parts(proposal, stamped.pop(PARTS, ())))
        blank = {name: value for name, value in stamped.items() if values.get(name) is None}
        values.update(blank)
        proposal = replace(proposal, stamped=proposal.stamped | frozenset(blank))
    if kind.about_in(values) != about:
        proposal = replace(proposal, placement=proposal.placement_on(kind.about_in(values)))
    return proposal


def _with_parts(proposal: Proposal, worked_out: Iterable[Row]) -> tuple[Row, ...]:
    """The parts that were given, and those worked out in place of the ones that were left blank."""
    part = proposal.kind.declaration.part
    made = {row[part.part_key]: row for row in worked_out} if part is not None else {}
    kept = (
        (made.pop(row[part.part_key], row) for row in proposal.parts) if part is not None else proposal.parts
    )
    return (*kept, *made.values())


def _unseen_links(proposal: Proposal, lookup: DatabaseLookup) -> dict[str, Any]:
    """The links that whoever corrects a record was not shown: a blank there is no wish to clear them."""
    kind = proposal.kind
    before = lookup.find(kind.kind_name(), proposal.key) or {}
    return {
        name: before[name]
        for name, field in kind.asked_fields().items()
        if isinstance(field, Link)
        and proposal.values.get(name) is None
        and before.get(name) is not None
        and not lookup.sees(field.to, before[name])
    }


def judge(proposal: Proposal) -> None:
    """Ask every guard of the kind. Raises Invalid with every problem."""
    problems: dict[str, list[str]] = {}
    for guard in proposal.kind.declaration.guards:
        for name, words in guard.problems(proposal).items():
            problems.setdefault(name, []).append(words)
    if problems:
        raise Invalid(problems)


def _found(field: Field, named: Any, lookup: Lookup, problems: dict[str, list[str]]) -> Any:
    if isinstance(field, Links):
        return [_found_one(field, one, lookup, problems) for one in named]
    return _found_one(field, named, lookup, problems)


def _found_one(field: Any, named: Any, lookup: Lookup, problems: dict[str, list[str]]) -> Any:
    key = lookup.key_of(field.to, named)
    if key is None:
        what = label_of(field.to).lower()
        shown = f" {named!r}" if isinstance(named, str) else ""
        problems.setdefault(field.name, []).append(
            f"{field.label}: there is no {what}{shown}. Name one that exists and is yours to see."
        )
    return key


def _take_owner(
    kind: type[Record], values: dict[str, Any], lookup: Lookup, problems: Mapping[str, Any]
) -> None:
    """The owner of a record that names it only through another (a goal review through its goal)."""
    through, owner = kind.declaration.owner_through, kind.declaration.owner
    if through is None or owner is None or values.get(owner) is not None or through in problems:
        return
    linked = lookup.find(kind.asked_fields()[through].to, values[through])  # type: ignore[attr-defined]
    values[owner] = linked[owner] if linked else None
