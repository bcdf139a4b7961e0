"""The roles, and what a grant of each may be for. What a role may do: `access/policy.py`."""

from enum import StrEnum


class Role(StrEnum):
    RESIDENTIAL_WORKER = "residential_worker"
    KEYWORKER = "keyworker"
    REGISTERED_MANAGER = "registered_manager"
    RESPONSIBLE_INDIVIDUAL = "responsible_individual"
    SOCIAL_WORKER = "social_worker"
    IRO = "iro"
    COMMISSIONER = "commissioner"
    SYSTEM_ADMINISTRATOR = "system_administrator"

    @property
    def says(self) -> str:
        """The role in words: "Registered manager", "IRO"."""
        return "IRO" if self is Role.IRO else self.value.replace("_", " ").capitalize()


TARGETS = ("home", "provider", "authority", "contract")
"""What a grant can be for; each is a column `<target>_id` of a grant."""

ALLOWED_TARGETS: dict[Role, frozenset[str]] = {
    Role.RESIDENTIAL_WORKER: frozenset({"home", "provider"}),
    Role.KEYWORKER: frozenset({"home", "provider"}),
    Role.REGISTERED_MANAGER: frozenset({"home", "provider"}),
    Role.RESPONSIBLE_INDIVIDUAL: frozenset({"home", "provider"}),
    Role.SOCIAL_WORKER: frozenset({"authority"}),
    Role.IRO: frozenset({"authority"}),
    Role.COMMISSIONER: frozenset({"contract"}),
    Role.SYSTEM_ADMINISTRATOR: frozenset(),
}
"""A grant names exactly one of these. Empty: the grant names nothing."""

MAY_NAME_NOTHING = frozenset({Role.SOCIAL_WORKER, Role.IRO, Role.SYSTEM_ADMINISTRATOR})
"""Social workers and IROs see the children allocated to them, whichever authority they work for."""

NEEDS_STAFF = frozenset({Role.SOCIAL_WORKER, Role.IRO})
"""Roles whose children are found through their entry in the staff list."""


def grant_condition() -> str:
    """The database's own check that a grant's target fits its role, as SQL."""
    return " OR ".join(f"(role = '{role}' AND {_named(role)})" for role in Role)


def _named(role: Role) -> str:
    nothing = " AND ".join(f"{target}_id IS NULL" for target in TARGETS)
    one_of = [
        " AND ".join(f"{other}_id IS {'NOT ' if other == target else ''}NULL" for other in TARGETS)
        for target in TARGETS
        if target in ALLOWED_TARGETS[role]
    ]
    if role in MAY_NAME_NOTHING:
        one_of.append(nothing)
    return "(" + " OR ".join(f"({each})" for each in one_of) + ")"
