"""A scope: whose records an account may reach today, as a frozen value.

It is made anew for each request from the grants in force, and bound to the session of that
request. `rules.py` turns it into SQL. The system has a scope too, for a stated reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from outcomes.accounts.account import Held
from outcomes.accounts.roles import Role
from outcomes.accounts.sessions import SignedIn

VALUE = "scope_"
"""How the name of every value of a scope begins, in the statements that carry it."""

TO_FINISH_NOTES = timedelta(days=1)
"""How long after a child has left may their home's staff finish what they were writing."""


@dataclass(frozen=True, slots=True)
class Shape:
    """All of a scope that its conditions are built from: not one value, so that none can stay in them.

    Scopes of one shape share their conditions and the statements compiled with them; each brings
    its own values (`Scope.values`). The flags say which keys there are any of.
    """

    role: Role
    has_staff: bool
    homes: bool
    fostering: bool
    providers: bool
    contracts: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """An account's reach on a day. Keys are of the tables home, organisation and contract.

    `fostering` are providers whose fostering service alone is granted; `providers` those granted
    whole. `shape` and `values` are worked out once, when they are first asked for.
    """

    account_id: int
    role: Role
    staff_id: int | None
    day: date
    homes: frozenset[int] = frozenset()
    fostering: frozenset[int] = frozenset()
    providers: frozenset[int] = frozenset()
    contracts: frozenset[int] = frozenset()
    _kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def shape(self) -> Shape:
        """What the conditions of this scope are built from."""
        if "shape" not in self._kept:
            self._kept["shape"] = Shape(
                self.role,
                self.staff_id is not None,
                bool(self.homes),
                bool(self.fostering),
                bool(self.providers),
                bool(self.contracts),
            )
        shape: Shape = self._kept["shape"]
        return shape

    @property
    def values(self) -> Mapping[str, Any]:
        """What the conditions of this scope are asked with, by the names that they have in a statement."""
        if "values" not in self._kept:
            self._kept["values"] = MappingProxyType(
                {
                    f"{VALUE}{name}": value
                    for name, value in {
                        "account": self.account_id,
                        "staff": self.staff_id,
                        "role": self.role.value,
                        "today": self.day,
                        "finishing": self.day - TO_FINISH_NOTES,
                        "homes": sorted(self.homes),
                        "fostering": sorted(self.fostering),
                        "providers": sorted(self.providers),
                        "any_providers": sorted(self.fostering | self.providers),
                        "contracts": sorted(self.contracts),
                    }.items()
                }
            )
        values: Mapping[str, Any] = self._kept["values"]
        return values

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
