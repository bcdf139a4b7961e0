"""Whose record a row of the table speaks of, and what it is called in the attacked town."""

from collections.abc import Mapping, Sequence

from outcomes.web.routes import RouteAsJson
from tests.access.policy_table import ANYTHING

NAMES: Mapping[str, tuple[str, str]] = {
    "own home": ("organisation elm", "home elm"),
    "other home of ours": ("organisation elm", "home oak"),
    "other provider's home": ("organisation birch", "home birch"),
    "our household": ("organisation elm", "carer_household marlow"),
    "other provider's household": ("organisation birch", "carer_household thames"),
    "colleague": ("organisation elm", "staff eve"),
    "own child's social worker": ("organisation north", "staff sam"),
    "other council's social worker": ("organisation south", "staff una"),
    "key child's social worker": ("organisation north", "staff nell"),
    "other child's social worker": ("organisation north", "staff noor"),
    "other provider's worker": ("organisation birch", "staff bob"),
    "our provider": ("", "organisation elm"),
    "another provider": ("", "organisation birch"),
    "own contract": ("organisation elm", "contract elm"),
    "other contract": ("organisation birch", "contract birch"),
}
"""Owner and record behind a row of the table; children: CHILD_OF."""

FIRST = {"person": "person own", "organisation": "organisation elm", "instrument": "instrument wheel"}
"""What is sent where the table leaves nothing to choose."""

ALSO: Mapping[str, Sequence[str]] = {"staff eve": ("staff ada",), "staff sam": ("staff iris",)}
"""Others of whom the same row speaks."""

CHILD_OF: Mapping[str, tuple[str, str]] = {
    "own": ("own", ""),
    "other council": ("south", ""),
    "key child elsewhere": ("key", ""),
    "other home": ("oak", ""),
    "former, then": ("gone", ""),
    "former, since": ("gone", " now"),
    "other provider": ("birch", ""),
}
"""The child behind a row, and which of their records."""

CROSSED = "other provider's, under one's own child"
"""A record that is not one's own, asked for below the address of a child who is."""


def kind_of(row: RouteAsJson) -> str:
    """The kind that an address is about, by its word in the audit."""
    resource = row["audit"].partition(":")[0].replace("-", "_")
    return {"child": "person"}.get(resource, resource)


BELOW_A_PLACE = ("measure_target", "contract_setting", "home_capacity")
"""Kinds that belong to a contract or a home, with the same name as that."""


def record_name(kind: str, whose: str) -> str:
    if whose == CROSSED:
        return f"{kind} birch"
    if whose in CHILD_OF:
        child, when = CHILD_OF[whose]
        return f"{kind} {child}" if kind == "person" else f"{kind} {child}{when}"
    if whose == ANYTHING:
        return FIRST[kind]
    name = NAMES[whose][1]
    if kind in BELOW_A_PLACE:
        return f"{kind} {name.split()[1]}"
    return name


def owner_name(kind: str, whose: str) -> str:
    if whose == CROSSED:
        return "person own"
    if whose in CHILD_OF:
        return f"person {CHILD_OF[whose][0]}"
    if whose == ANYTHING:
        return ""
    return NAMES[whose][1] if kind in BELOW_A_PLACE else NAMES[whose][0]
