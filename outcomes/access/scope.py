"""A scope: whose records an account may reach today, as a frozen value.

It is made anew for each request from the grants in force, and bound to the session of that
request. `rules.py` turns it into SQL. The system has a scope too, for a stated reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from outcomes.accounts.account import Held
from outcomes.accounts.roles import Role
from outcomes.accounts.sessions import SignedIn


@dataclass(frozen=True, slots=True)
class Scope:
    """An account's reach on a day. Keys are of the tables home, organisation and contract.

    `fostering` are providers whose fostering service alone is granted; `providers` those granted
    whole. `prepared` keeps the SQL conditions once they are built.
    """

    account_id: int
    role: Role
    staff_id: int | None
    day: date
    homes: frozenset[int] = frozenset()
    fostering: frozenset[int] = frozenset()
    providers: frozenset[int] = frozenset()
    contracts: frozenset[int] = frozenset()
    prepared: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def for_actor(cls, who: SignedIn, day: date) -> "Scope":
        """The reach of somebody signed in, from the grants that are in force on `day`."""
        # A home worker's grant on a provider is for its fostering service; a responsible
        # individual answers for all of it.
        whole = who.role is Role.RESPONSIBLE_INDIVIDUAL
        providers = _keys(who.grants, "provider")
        return cls(
            account_id=who.account_id,
            role=who.role,
            staff_id=who.staff_id,
            day=day,
            homes=_keys(who.grants, "home"),
            fostering=frozenset() if whole else providers,
            providers=providers if whole else frozenset(),
            contracts=_keys(who.grants, "contract"),
        )


@dataclass(frozen=True, slots=True)
class SystemScope:
    """Everything, for a reason that stands in the audit. Never in a session that a page uses."""

    reason: str


AnyScope = Scope | SystemScope


def _keys(grants: Iterable[Held], target: str) -> frozenset[int]:
    return frozenset(held.key for held in grants if held.target == target and held.key is not None)
