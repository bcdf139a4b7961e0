"""What the columns of our statements are called, and what a column tells by its name."""

from outcomes.measures.planning.terms import CHILD_BUILT_INS, Column, PeriodDate


def part_name(working: str, part: str) -> str:
    return f"w_{working}__{part}" if part else f"w_{working}"


STAY_FROM = "stay_from"
"""The column of the built-in stay_started_on, where a card reads the stay."""


def tells(column: str) -> bool:
    """True for a column that a bucket may rest on: a working's part, a field of the unit, a built-in."""
    return column.startswith(("w_", "f__")) or column in CHILD_BUILT_INS or column == STAY_FROM


def told_by(column: str) -> tuple[str, str]:
    """The working and its part that a column holds; ("", name) for a field of the unit or a built-in."""
    if column == STAY_FROM:
        return "", "stay_started_on"
    if not column.startswith("w_"):
        return "", column.rpartition("__")[2]
    working, _, part = column.removeprefix("w_").partition("__")
    return working, part


def bottom_name(name: str) -> str:
    return f"{name}__of"


def date_name(term: PeriodDate) -> str:
    return f"{term.name}_less_{term.earlier.count}_{term.earlier.unit}s" if term.earlier else term.name


def setting_name(name: str) -> str:
    return f"s_{name}"


def field_name(column: Column) -> str:
    return "__".join(("f", *column.path, column.name))
