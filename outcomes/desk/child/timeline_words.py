"""What the rows of a timeline say: read from their last versions, with the author who stands there.

A record and its last version are always the same, so one statement reads records of every kind.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select, tuple_

from outcomes.care.people import Person
from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.desk.child.timeline import Found
from outcomes.kit.declaring.fields import Choice, Field, Link, Links, Text
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.reading.addresses import list_address
from outcomes.kit.reading.view import readable
from outcomes.kit.words import say_day
from outcomes.kit.writing.versions import RecordVersion

NAMED = ("goal", "staff", "home")
"""Kinds of linked records that a line names; each costs one statement for the whole page."""

MOST_WORDS = 400

Named = Mapping[tuple[str, int], str]
"""What linked records are called, by kind and key."""


def lines_of(rows: Sequence[Found], child: Person, actor: Actor) -> list[dict[str, Any]]:
    """The rows as the timeline component draws them: {title, href, by, when, datetime, text}."""
    versions = _versions(rows)
    named = _named(rows, versions, actor)
    return [_line(row, versions[row.kind, row.key], named, child, actor) for row in rows]


def _versions(rows: Sequence[Found]) -> dict[tuple[str, int], RecordVersion]:
    if not rows:
        return {}
    place = tuple_(RecordVersion.kind, RecordVersion.record_id, RecordVersion.revision)
    wanted = [(row.kind, row.key, row.revision) for row in rows]
    found = db.session.scalars(select(RecordVersion).where(place.in_(wanted)))
    return {(version.kind, version.record_id): version for version in found}


def _named(
    rows: Sequence[Found], versions: Mapping[tuple[str, int], RecordVersion], actor: Actor
) -> dict[tuple[str, int], str]:
    keys: dict[str, set[int]] = {}
    for row in rows:
        content = versions[row.kind, row.key].content
        for name, field in readable(KINDS[row.kind], actor).items():
            if isinstance(field, Link) and field.to in NAMED and content.get(name) is not None:
                keys.setdefault(field.to, set()).add(content[name])
    return {
        (to, one.id): one.called()
        for to, wanted in keys.items()
        for one in db.session.scalars(select(KINDS[to]).where(KINDS[to].id.in_(wanted)))
    }


def _line(row: Found, version: RecordVersion, named: Named, child: Person, actor: Actor) -> dict[str, Any]:
    kind = KINDS[row.kind]
    fields = readable(kind, actor)
    values = {name: _value(field, version.content.get(name)) for name, field in fields.items()}
    about = kind.about_in(values) or row.about
    title = _title(kind, values)
    told = [_words(field, values[name], named) for name, field in fields.items()]
    facts = [words for words in told if words and words not in title] + _waiting(kind, values)
    long = [field for field in fields.values() if isinstance(field, Text) and field.lines]
    lines = [
        f"{field.label}: {values[field.name]}"
        for field in long
        if values[field.name] and values[field.name][:60] not in title
    ]
    return {
        "title": title,
        "href": f"{list_address(kind, child)}/{row.public_id}",
        "by": version.author_name,
        "when": say_day(about),
        "datetime": about.isoformat(),
        "text": _short("\n".join([" · ".join(facts), *lines]).strip()) or None,
    }


def _value(field: Field, kept: Any) -> Any:
    """A value as Python holds it, from what a version keeps. Links stay keys."""
    if kept is None or isinstance(field, Link | Links):
        return kept
    return field.schema_field().deserialize(kept)


def _title(kind: type[Record], values: Mapping[str, Any]) -> str:
    """What the record is called, with its kind where the name does not say it."""
    if told := _TITLES.get(kind.kind_name()):
        return told(values)
    title = kind.declaration.title
    called = kind(**values).called()
    if day := kind.about_in(values):
        # The day stands on the line already.
        called = called.removesuffix(f", {say_day(day)}").removesuffix(f", due {say_day(day)}")
    return called if called.startswith(title) else f"{title}: {called}"


def _waiting(kind: type[Record], values: Mapping[str, Any]) -> list[str]:
    """ "Not done yet", for a record that waits for its due date."""
    due = kind.declaration.due
    if due is None or values.get(due.on) is None or due.done not in values:
        return []
    return [] if any(values.get(name) for name in (due.done, *due.settled)) else ["Not done yet"]


def _reading(values: Mapping[str, Any]) -> str:
    return f"Reading: {str(values.get('instrument_code') or '').replace('_', ' ')}"


_TITLES: dict[str, Callable[[Mapping[str, Any]], str]] = {"reading": _reading}
"""Kinds whose line must say more than they are called."""


def _words(field: Field, value: Any, named: Named) -> str:
    """The short words of a value: labels of codes, names of linked records; nothing else."""
    if value is None:
        return ""
    if isinstance(field, Choice):
        return field.show(value)
    if isinstance(field, Link) and field.to in NAMED:
        return named.get((field.to, value), "")
    return ""


def _short(words: str) -> str:
    return words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS].rsplit(' ', 1)[0]}…"
