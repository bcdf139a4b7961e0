"""Where a fault stands: from the field that the schema or a guard names to file, row, column and value."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from outcomes.core.clock import from_london
from outcomes.core.errors import Invalid
from outcomes.kit.bundle.drafts import Draft
from outcomes.kit.bundle.faults import Faults
from outcomes.kit.bundle.layout import Layout
from outcomes.kit.bundle.lookup import StagedLookup
from outcomes.kit.bundle.parts import PartRow
from outcomes.kit.declaring.checks import iso_from_british
from outcomes.kit.declaring.fields import Instant, Link, Links
from outcomes.kit.declaring.guards import Proposal
from outcomes.kit.writing.schema import PARTS

_OFFSET = re.compile(r"(Z|[+-]\d{2}:\d{2})\Z", re.ASCII)
_PART_PATH = re.compile(rf"{PARTS}\.(?P<which>[^.]+)(?:\.(?P<column>.+))?\Z")


class Blame:
    """Reports the faults of one kind's rows, and of the rows of its parts."""

    def __init__(
        self, file: str, parts_file: str, layout: Layout, lookup: StagedLookup, faults: Faults
    ) -> None:
        self._file, self._parts_file, self._layout = file, parts_file, layout
        self._lookup, self._faults = lookup, faults

    def report(self, fault: Invalid, row: int, parts: list[PartRow] | None, cells: Mapping[str, str]) -> None:
        """Report everything that is wrong with a row whose cells are at hand."""
        for name, messages in fault.fields.items():
            part, column = _part_at(name, parts or [])
            for message in messages:
                if part is not None:
                    value = part.cells.get(column, "")
                    self._faults.add(self._parts_file, part.row, message, column=column, value=value)
                    continue
                # An entry of a list is named by its position ("topics.1"); its column is the list's.
                column = name.partition(".")[0]
                told = message + self._in_a_cell(column, message)
                value = cells.get(column, "").strip()
                self._faults.add(self._file, row, told, column=column, value=value)

    def _in_a_cell(self, column: str, message: str) -> str:
        """How a bundle writes such a value, after a message that says only what is meant."""
        asked = self._layout.fields.get(column)
        if asked is None or not asked.in_a_cell or message != asked.schema_field().error_messages["invalid"]:
            return ""
        return f" In a file, write {asked.in_a_cell}."

    def cells_of(self, proposal: Proposal) -> dict[str, str]:
        """The values of a proposal as cells: they are no longer at hand as they were written."""
        cells = {}
        for name, value in proposal.values.items():
            asked = self._layout.fields[name]
            if not isinstance(asked, Link | Links):
                cells[name] = asked.to_cell(value)
            elif value is not None:
                keys = value if isinstance(value, list) else [value]
                cells[name] = "|".join(self._lookup.named(asked.to, key) for key in keys)
        return cells

    def warn_of_ambiguous_times(self, draft: Draft) -> None:
        """Warn of every time that the clock showed twice and that has no offset."""
        for name, asked in self._layout.fields.items():
            cell = draft.cells.get(name, "").strip()
            if not isinstance(asked, Instant) or not cell or _OFFSET.search(cell):
                continue
            if from_london(datetime.fromisoformat(iso_from_british(cell)))[1]:
                self._faults.warn(
                    self._file,
                    draft.row,
                    "The clock showed this time twice, because the clocks went back. Taken as the first; "
                    "write the offset (+01:00 or +00:00) to say which.",
                    column=name,
                    value=cell,
                )


def _part_at(name: str, parts: Sequence[PartRow]) -> tuple[PartRow | None, str]:
    """The part that a fault's name points to (by position, or by its key), and the column."""
    found = _PART_PATH.match(name)
    if not found:
        return None, name
    which, column = found["which"], found["column"] or ""
    if which.isdigit() and int(which) < len(parts):
        return parts[int(which)], column
    return next(((part, column or "score") for part in parts if part.key == which), (None, name))
