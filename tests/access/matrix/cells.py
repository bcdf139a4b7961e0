"""The questions of the table: every address with its methods, about the record of every relationship."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from outcomes.web.routes import RouteAsJson, declarations
from tests.access import policy_table
from tests.access.attacked.town import Town
from tests.access.matrix.names import CROSSED, kind_of, record_name
from tests.access.policy_table import ANYTHING, NOT_ALLOWED, NOT_THERE, YES, Group, group_of

CHANGES = ("add", "correct", "withdraw")
IN_FULL, SINCE = "children and places", "former, since"


@dataclass(frozen=True, slots=True)
class Cell:
    """One question of the table: an address with a method, about somebody's record."""

    row: RouteAsJson
    method: str
    group: Group
    to_do: str
    whose: str

    def expected(self, role: str) -> str:
        """What the table says."""
        if self.group.title == policy_table.EVERYBODY:
            return YES
        if self.whose == CROSSED:
            own = self.group.cells[self.to_do, "own"][role]
            return NOT_ALLOWED if own == NOT_ALLOWED else NOT_THERE
        said = self.group.cells[self.to_do, self.whose][role]
        listed = self.group.cells.get(("list", self.whose.replace("since", "then")))
        writes = "yes" in (cells[role] for (done, _), cells in self.group.cells.items() if done == "add")
        if self.to_do == "add" and self.method == "GET" and (writes or said != NOT_ALLOWED) and listed:
            # The form is there for whoever may list; which days and places may be saved is asked when saving.
            return listed[role]
        return said

    @property
    def kind(self) -> str:
        return kind_of(self.row)

    @property
    def verb(self) -> str:
        return f"{self.kind}:{self.to_do}"

    @property
    def says(self) -> str:
        return f"{self.method} {self.row['rule']}, {self.to_do} ({self.whose})"


def cells_of(town: Town) -> list[Cell]:
    """Every address × method × relationship that there is. Raises NotInTheTable for an address of nobody's."""
    return [
        Cell(row, method, group, done, whose)
        for row in declarations(town.app)
        for group, to_do in [group_of(row)]
        for method in row["methods"]
        if method != "OPTIONS"
        for done, whose in _asked_about(town, row, group, to_do)
    ]


def allowed(cells: Sequence[Cell], role: str) -> set[str]:
    """The kinds and verbs (`Walk.done`) that a role may carry out about anybody."""
    return {
        cell.verb
        for cell in cells
        if cell.method != "GET" and cell.to_do in CHANGES and cell.expected(role) == YES
    }


def _asked_about(town: Town, row: RouteAsJson, group: Group, to_do: str) -> Iterator[tuple[str, str]]:
    if not to_do:
        # Addresses by themselves: every row of their section, or the only answer there is.
        full = [key for key in group.cells if key[0] != IN_FULL or not row["rule"].startswith("/scorecard")]
        yield from full or [("open", ANYTHING)]
        return
    names_a_record = re.search(r"<public_id:(?!owner|child>)", row["rule"]) is not None
    kind = kind_of(row)
    for whose in group.whose(to_do):
        # "Since" is told from "then" by the day of the record that is sent.
        if not (names_a_record or whose == SINCE) or record_name(kind, whose) in town.ids:
            yield to_do, whose
    if names_a_record and row["rule"].count("<") == 2 and "/children/<" in row["rule"]:
        yield to_do, CROSSED
