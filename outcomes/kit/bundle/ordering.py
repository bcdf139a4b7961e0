"""The order of writing within a kind, so that no step on the way breaks what the whole does not.

The database refuses two stays at once after every row, not after the last. So corrections come
before new rows, and of corrections the one that makes room comes before the one that takes it.
"""

from collections import defaultdict
from typing import Any

from outcomes.kit.bundle.lookup import StagedLookup
from outcomes.kit.bundle.staging import Entry
from outcomes.kit.declaring.guards import no_overlap
from outcomes.kit.declaring.record import Record


def in_writing_order(entries: list[Entry], kind: type[Record], lookup: StagedLookup) -> list[Entry]:
    """The entries of one kind, corrections first. New rows keep the order of the file."""
    corrections = [entry for entry in entries if entry.origin is None]
    for guard in kind.declaration.guards:
        if isinstance(guard, no_overlap):
            corrections = _room_first(corrections, guard, lookup)
    return corrections + [entry for entry in entries if entry.origin is not None]


def _room_first(corrections: list[Entry], guard: no_overlap, lookup: StagedLookup) -> list[Entry]:
    groups: dict[Any, list[Entry]] = defaultdict(list)
    for entry in corrections:
        groups[entry.proposal.values.get(guard.links[0])].append(entry)
    return [entry for group in groups.values() for entry in _untangled(group, guard, lookup)]


def _untangled(waiting: list[Entry], guard: no_overlap, lookup: StagedLookup) -> list[Entry]:
    """Take, again and again, one whose new state fits beside what the others still are.

    Two that swap their dates fit in no order; they keep the file's, and the database refuses them.
    """
    ordered: list[Entry] = []
    while waiting:
        fitting = next((one for one in waiting if _fits(one, waiting, guard, lookup)), waiting[0])
        waiting = [one for one in waiting if one is not fitting]
        ordered.append(fitting)
    return ordered


def _fits(one: Entry, waiting: list[Entry], guard: no_overlap, lookup: StagedLookup) -> bool:
    return not any(
        guard.clash(one.proposal.values, lookup.row(other.proposal.kind.kind_name(), other.proposal.key))
        for other in waiting
        if other is not one
    )
