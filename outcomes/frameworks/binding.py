"""Binds the record kinds to the measure engine: what a card may name, with its types and codes."""

from functools import cache

# Imported for what they do then: these packages register their kinds.
import outcomes.care
import outcomes.records  # noqa: F401
from outcomes.kit.declaring.fields import Choice
from outcomes.kit.declaring.record import KINDS, Asked, Record
from outcomes.measures import registry as engine

LASTING = (
    ("started_on", "ended_on"),
    ("valid_from", "valid_to"),
    ("set_on", "closed_on"),
    ("effective_from", "effective_to"),
    ("joined_on", "left_on"),
    ("opened_on", "closed_on"),
)
"""The pairs of fields between which a record is open; every lasting kind has one of them."""

INTERNAL = frozenset(
    {
        "id",
        "public_id",
        "sender",
        "sender_reference",
        "revision",
        "author_id",
        "recorded_at",
        "withdrawn_at",
        "withdrawn_by_id",
        "withdrawn_why",
    }
)
"""Columns that no card may name: who wrote a record, and how, is no measure of a child's life."""


@cache
def registry() -> engine.Registry:
    """The registry of every kind, built once: kinds are complete when the application is made."""
    kinds = list(KINDS)
    parts = [kind.declaration.part for kind in kinds if kind.declaration.part is not None]
    return engine.Registry.of([*(_kind(kind) for kind in kinds), *(_described(part) for part in parts)])


def _kind(kind: type[Record]) -> engine.Record:
    said = kind.declaration
    dated = tuple(name for name in (said.about, said.about_else) if name)
    # What may be due and not done yet is about the day on which it falls due.
    waits = said.due is not None and said.about_else == said.due.on
    return _described(kind, follows=said.follows, dated=dated, waits=waits)


def _described(
    kind: type[Asked],
    follows: engine.Follows | None = None,
    dated: tuple[str, ...] = (),
    waits: bool = False,
) -> engine.Record:
    table = kind.__table__  # type: ignore[attr-defined]
    opens, closes = next((ends for ends in LASTING if set(ends) <= set(table.c.keys())), (None, None))
    return engine.describe(
        table,
        codes=_codes(kind),
        follows=follows,
        dated=dated,
        opens=opens,
        closes=closes,
        waits=waits,
        internal=INTERNAL,
    )


def _codes(kind: type[Asked]) -> dict[str, tuple[str, ...]]:
    """The codes of each field that has a closed list; an open list accepts any."""
    choices = {name: field for name, field in kind.asked_fields().items() if isinstance(field, Choice)}
    return {
        name: tuple(field.code_list.labels) for name, field in choices.items() if not field.code_list.open
    }
