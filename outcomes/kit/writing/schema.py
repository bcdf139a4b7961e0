"""From a kind's declaration to its marshmallow schema: the only validator, for every door.

`check()` is the one way to a Checked value, and the writer takes nothing else. It judges one
record by itself; what needs other records is judged by the guards, in the writer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError
from marshmallow import fields as ma

from outcomes.core.errors import Invalid
from outcomes.kit.declaring.fields import Link
from outcomes.kit.declaring.record import Part, Record
from outcomes.kit.words import say_list

PARTS = "scores"
"""The key under which a record's parts stand in a form, in JSON and in a version."""

MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Checked:
    """Values of one record that its schema has accepted. Links are still names, not yet found."""

    kind: type[Record]
    values: Mapping[str, Any]
    parts: tuple[Mapping[str, Any], ...] = ()


@cache
def schema_of(kind: type[Record], *, with_owner: bool = False) -> Schema:
    """The schema of a kind. `with_owner` also asks for the link to the owner (bundles and code);
    pages and programs take it from the address."""
    asked = {
        name: field.schema_field()
        for name, field in kind.asked_fields().items()
        if with_owner or not (isinstance(field, Link) and field.owner)
    }
    if kind.declaration.part is not None:
        asked[PARTS] = _Parts(
            ma.Nested(part_schema(kind.declaration.part)),
            load_default=list,
            error_messages={"invalid": "Scores: expected a list of areas with their scores."},
        )
    return _named(kind.__name__, asked, kind.declaration.title)


class _Parts(ma.List):
    """A list of parts, refused as a whole when it is too long: judging each of half a million takes minutes."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> list[Any]:
        if isinstance(value, list | tuple) and len(value) > MOST_PARTS:
            raise ValidationError(f"Scores: at most {MOST_PARTS}, and {len(value):,} came.")
        return super()._deserialize(value, attr, data, **kwargs)


@cache
def part_schema(part: type[Part]) -> Schema:
    """The schema of one part, without the link to its owner."""
    asked = {
        name: field.schema_field() for name, field in part.asked_fields().items() if name != part.part_of
    }
    return _named(part.__name__, asked, part.__name__)


def _named(name: str, asked: dict[str, ma.Field], title: str) -> Schema:
    made = Schema.from_dict(asked, name=f"{name}Schema")
    schema = made(unknown=RAISE)
    expected = say_list(list(asked))
    schema.error_messages = {
        **schema.error_messages,
        "unknown": f"Is not a field of this kind ({title.lower()}). Expected: {expected}.",
        "type": "Expected an object with named fields.",
    }
    return schema


def check(kind: type[Record], raw: Mapping[str, Any], *, with_owner: bool = False) -> Checked:
    """Judge raw input by the kind's schema and its rules about one record.

    `raw` is JSON-like: ISO dates, true and false, codes, public ids or references for links;
    Python values and records pass too. Raises Invalid with every problem found.
    """
    values = load(schema_of(kind, with_owner=with_owner), raw)
    parts = tuple(values.pop(PARTS, ()))
    problems: dict[str, list[str]] = {}
    for rule in kind.declaration.rules:
        for name, words in rule.problems(values).items():
            problems.setdefault(name, []).append(words)
    problems |= _repeated_parts(kind, parts)
    if problems:
        raise Invalid(problems)
    return Checked(kind, values, parts)


def load(schema: Schema, raw: Mapping[str, Any]) -> dict[str, Any]:
    """`schema.load` with its faults as Invalid: flat names, one list of messages each."""
    try:
        return dict(schema.load(raw))
    except ValidationError as fault:
        raise Invalid(_flat(fault.messages_dict)) from None


def _repeated_parts(kind: type[Record], parts: tuple[Mapping[str, Any], ...]) -> dict[str, list[str]]:
    if kind.declaration.part is None:
        return {}
    keys = [part[kind.declaration.part.part_key] for part in parts]
    twice = sorted({str(key) for key in keys if keys.count(key) > 1})
    return {PARTS: [f"Scores: {say_list(twice)} stands twice. Give each one score."]} if twice else {}


def _flat(messages: Mapping[Any, Any], prefix: str = "") -> dict[str, list[str]]:
    flat: dict[str, list[str]] = {}
    for key, value in messages.items():
        name = "" if key == "_schema" else str(key)
        path = f"{prefix}.{name}" if prefix and name else prefix or name
        if isinstance(value, Mapping):
            flat |= _flat(value, path)
        else:
            flat.setdefault(path, []).extend(str(one) for one in value)
    return flat
