"""Reads `policy_table.md`: what is asked, about whose record, by whom, and what must happen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from outcomes.web.routes import RouteAsJson

FILE = Path(__file__).with_name("policy_table.md")
YES, NOT_THERE, NOT_ALLOWED = "yes", "404", "403"

COLUMNS = {
    "Worker": "residential_worker",
    "Key worker": "keyworker",
    "Manager": "registered_manager",
    "RI": "responsible_individual",
    "Social worker": "social_worker",
    "IRO": "iro",
    "Commissioner": "commissioner",
    "Administrator": "system_administrator",
}

ROLES = tuple(COLUMNS.values())

TO_DO = {
    "read": "read",
    "show": "read",
    "timeline": "read",
    "list": "list",
    "download": "list",
    "new": "add",
    "create": "add",
    "correct": "correct",
    "done": "correct",
    "withdraw": "withdraw",
    "export": "export",
}
"""What an address does, by the last word of its action in the audit."""

EVERYBODY = "Open to everybody"
ANYTHING = "-"
"""Stands for "whose" where there is nothing to choose."""

Cells = dict[tuple[str, str], dict[str, str]]
"""What must happen, by (to do, whose) and role."""


@dataclass(slots=True)
class Group:
    """One section of the table."""

    title: str
    kinds: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    cells: Cells = field(default_factory=dict)

    def whose(self, to_do: str) -> list[str]:
        return [whose for done, whose in self.cells if done == to_do]


class NotInTheTable(AssertionError):
    """An address that the table does not mention; says where to mention it."""


@cache
def table() -> Mapping[str, Group]:
    """Every section by its title. Raises AssertionError with the line that cannot be read."""
    groups: dict[str, Group] = {}
    standing: Group | None = None
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("## "):
            standing = groups[line[3:]] = Group(line[3:])
        elif standing is not None and line.startswith("Kinds: "):
            standing.kinds += [_kind(word) for word in line[7:].split(",")]
        elif standing is not None and line.startswith("Addresses: "):
            standing.addresses += [word.strip() for word in line[11:].split(",")]
        elif standing is not None and line.startswith("|") and not line.startswith(("| To do", "|---")):
            _read_row(standing, [cell.strip() for cell in line.strip("|").split("|")], groups, number)
    return groups


def _kind(words: str) -> str:
    return words.strip().replace("-", "").replace(" ", "_")


def _read_row(group: Group, cells: list[str], groups: Mapping[str, Group], number: int) -> None:
    doing = [word.strip() for word in cells[0].split(",")]
    if cells[2].startswith("as "):
        other = next(one for one in groups.values() if one.title.lower() == cells[2][3:].lower())
        group.cells |= {key: row for key, row in other.cells.items() if key[0] in doing}
        return
    said = cells[2:]
    assert len(said) == len(COLUMNS), f"{FILE.name}, line {number}: {len(said)} cells, not {len(COLUMNS)}"
    assert set(said) <= {YES, NOT_THERE, NOT_ALLOWED}, f"{FILE.name}, line {number}: {said}"
    for one in doing:
        group.cells[one, cells[1]] = dict(zip(COLUMNS.values(), said, strict=True))


def group_of(row: RouteAsJson) -> tuple[Group, str]:
    """The section that an address belongs to, and what it does there. Raises NotInTheTable."""
    for group in table().values():
        if any(fnmatchcase(row["rule"], pattern.replace("[", "[[]")) for pattern in group.addresses):
            return group, ""
    resource, _, verb = row["audit"].partition(":")
    kind = {"child": "person"}.get(resource, resource.replace("-", "_"))
    for group in table().values():
        if kind in group.kinds or kind.replace("keyworker", "keyworker") in group.kinds:
            to_do = TO_DO.get(verb, verb)
            if not group.whose(to_do):
                raise NotInTheTable(
                    f"{row['rule']}: tests/access/{FILE.name}, section {group.title!r}, has no row for {to_do!r}. "
                    "Write by hand who may do it, then run this again."
                )
            return group, to_do
    raise NotInTheTable(
        f"{','.join(row['methods'])} {row['rule']} ({row['audit']}) is not in tests/access/{FILE.name}. Name the kind "
        f"{kind!r} after Kinds: in the section whose rules it follows, or the address after Addresses:, or write "
        "a section of its own. Decide by hand: the table is what the code is checked against."
    )


def may(role: str, to_do: str, kind: str, whose: str) -> bool:
    """Does the table say yes for a kind?"""
    return any(
        group.cells.get((to_do, whose), {}).get(role) == YES
        for group in table().values()
        if kind in group.kinds
    )


def rows() -> Iterator[tuple[Group, str, str, dict[str, str]]]:
    for group in table().values():
        for (to_do, whose), cells in group.cells.items():
            yield group, to_do, whose, cells
