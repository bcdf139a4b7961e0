"""The rows of a part's file, gathered by their owner: the scores of each reading.

Where the file is there, it says everything about the parts of every owner in the bundle.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from outcomes.kit.bundle.faults import Faults
from outcomes.kit.bundle.layout import check_header, layout_of_part
from outcomes.kit.bundle.reading import Table, Unreadable
from outcomes.kit.declaring.record import Part


@dataclass(slots=True)
class PartRow:
    """One row of a part's file. `raw` is as the schema takes it."""

    row: int
    key: str
    cells: Mapping[str, str]
    raw: Mapping[str, Any]


class PartTable:
    """A part's file, read whole: its rows may stand in any order."""

    def __init__(self, part: type[Part], table: Table, faults: Faults) -> None:
        self.file, self.name = table.file, table.name
        self._part, self._table, self._faults = part, table, faults
        self._layout = layout_of_part(part)
        self.readable = True
        self._rows: dict[str, list[tuple[int, list[str]]]] = {}
        self._header: list[str] = []
        self.count = 0
        try:
            self._read()
        except Unreadable as fault:
            self.readable = False
            faults.add(self.file, fault.row, fault.message)

    def of(self, owner: str) -> list[PartRow] | None:
        """The rows of one owner, each given out once; None where the file cannot be read."""
        if not self.readable:
            return None
        return [self._part_row(number, cells) for number, cells in self._rows.pop(owner.strip(), [])]

    def report_orphans(self, owners: str) -> None:
        """Report the rows whose owner is not in the bundle."""
        for owner, rows in self._rows.items():
            for number, _ in rows:
                self._faults.add(
                    self.file,
                    number,
                    f"There is no such row in {owners}. Add it, with all that belongs to it, or mend the "
                    "reference.",
                    column=self._part.part_of,
                    value=owner,
                )

    def _read(self) -> None:
        self._header = self._table.header()
        if not check_header(self.file, self._header, self._layout, self._faults):
            self.readable = False
            return
        owner = self._header.index(self._part.part_of)
        width = len(self._header)
        for number, cells in self._table.rows():
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            if len(cells) != width:
                self._faults.add(
                    self.file,
                    number,
                    f"This row has {len(cells)} cells, expected {width} as in the first row. {self._table.misfit}",
                )
                continue
            self.count += 1
            self._rows.setdefault(cells[owner].strip(), []).append((number, cells))

    def _part_row(self, number: int, cells: list[str]) -> PartRow:
        by_column = dict(zip(self._header, cells, strict=True))
        raw = {
            name: self._layout.fields[name].from_cell(cell)
            for name, cell in by_column.items()
            if name in self._layout.fields
        }
        return PartRow(number, by_column[self._part.part_key].strip(), by_column, raw)
