"""Rows of cells as drafts: each with its cells by column, who it is, and its parts.

A row that does not fit the header, or that does not say who it is, goes no further.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from outcomes.kit.bundle.faults import Faults
from outcomes.kit.bundle.layout import Layout, in_a_list
from outcomes.kit.bundle.lookup import Identity
from outcomes.kit.bundle.parts import PartRow, PartTable
from outcomes.kit.bundle.reading import Row, Table
from outcomes.kit.declaring.record import Record

REFERENCE_MOST = 64


@dataclass(slots=True)
class Draft:
    """A row on its way: its cells by column, who it is, and its parts (None: no file says)."""

    row: int
    cells: dict[str, str]
    identity: Identity
    parts: list[PartRow] | None


class DraftReader:
    """Reads the drafts of one table. `unread` learns of a kind whose rows could not all be told apart."""

    def __init__(
        self,
        kind: type[Record],
        layout: Layout,
        table: Table,
        parts: PartTable | None,
        unread: set[str],
        faults: Faults,
    ) -> None:
        self._layout, self._table, self._parts = layout, table, parts
        self._unread, self._faults = unread, faults
        self._is_natural = bool(kind.declaration.natural_key)
        self._listed = in_a_list(kind.kind_name())
        self._rows_of: dict[Identity, int] = {}

    def read(self, header: Sequence[str]) -> Iterator[Draft]:
        """The drafts of the rows below `header`. Raises Unreadable."""
        for row in self._table.rows():
            draft = self._draft(header, row)
            if draft is not None:
                yield draft

    def _draft(self, header: Sequence[str], row: Row) -> Draft | None:
        number, cells = row
        if len(cells) != len(header) and not self._fits(header, cells, number):
            return None
        by_column = {name: cell for name, cell in zip(header, cells, strict=False) if name}
        identity = self._identity(by_column, number)
        if identity is None:
            return None
        earlier = self._rows_of.setdefault(identity, number)
        if earlier != number:
            self.say(number, f"Stands in row {earlier} already. Give each row its own.", by_column)
            return None
        parts = self._parts.of(by_column.get(self._layout.key[0], "")) if self._parts else None
        return Draft(number, by_column, identity, parts)

    def _fits(self, header: Sequence[str], cells: list[str], number: int) -> bool:
        if len(cells) > len(header) and not any(cell.strip() for cell in cells[len(header) :]):
            return True
        self._unread.add(self._layout.name)
        self._faults.add(
            self._table.file,
            number,
            f"This row has {len(cells)} cells, expected {len(header)} as in the first row. {self._table.misfit}",
        )
        return False

    def _identity(self, cells: Mapping[str, str], number: int) -> Identity | None:
        key = tuple(cells[name].strip() for name in self._layout.key)
        if self._is_natural:
            # What is blank or too long is left to the schema, which says so in the field's words.
            return key
        reference = key[0]
        if not reference:
            self.say(number, "Is blank. Enter your own reference for this row.", cells)
        elif len(reference) > REFERENCE_MOST or not reference.isprintable():
            self.say(number, f"Expected at most {REFERENCE_MOST} characters, all of them visible.", cells)
        elif self._listed and "|" in reference:
            self.say(number, "Must not hold |, which separates references in a list.", cells)
        else:
            return reference
        return None

    def say(self, row: int, message: str, cells: Mapping[str, str]) -> None:
        """Report a fault of who a row is."""
        column = self._layout.key[0]
        value = ", ".join(cells[name].strip() for name in self._layout.key)
        self._faults.add(self._table.file, row, message, column=column, value=value)
