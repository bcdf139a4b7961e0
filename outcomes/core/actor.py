"""Who is acting: a small frozen value that writers, pages and the audit share.

Built by `access/` from the account's grants in force; nothing below that floor knows how.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    """How confidential a field is. Every field of a record has exactly one."""

    OPEN = "open"
    CARE = "care"
    HEALTH = "health"
    SAFEGUARDING = "safeguarding"
    ADDRESS = "address"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True)
class Actor:
    """An account acting in a role, or the system acting for a stated reason.

    `permissions` are `resource:action` words; `levels` are the confidentiality levels whose
    fields this actor may read. `account_id` is None for the system.
    """

    name: str
    role: str
    account_id: int | None = None
    public_id: str = ""
    session_id: str = ""
    staff_id: int | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    levels: frozenset[Level] = field(default_factory=frozenset)
    reason: str = ""

    @property
    def is_system(self) -> bool:
        return self.account_id is None and self.role == "system"

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def may_read(self, level: Level) -> bool:
        return level in self.levels


def system_actor(reason: str) -> Actor:
    """The system, for commands and jobs. `reason` goes into the audit."""
    return Actor(
        name="the system",
        role="system",
        permissions=frozenset(),
        levels=frozenset(Level),
        reason=reason,
    )
