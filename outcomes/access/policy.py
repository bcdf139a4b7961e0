"""The one-screen matrix: what each role does, and how confidential a field it may read.

To whose records: `scope.py`. A role only ever narrows: both must agree.
"""

from dataclasses import dataclass

from outcomes.accounts.roles import Role
from outcomes.core.actor import Level
from outcomes.core.permissions import Permission as P  # noqa: N817 - short, so that the matrix fits one screen

_ALL = frozenset(Level)


@dataclass(frozen=True, slots=True)
class Policy:
    permissions: frozenset[P]
    levels: frozenset[Level]


def _may(*permissions: P, levels: frozenset[Level]) -> Policy:
    return Policy(frozenset({P.PUBLIC, P.SIGNED_IN, *permissions}), levels)


# Day-to-day reading that everybody with children has.
_CHILDREN = (P.CHILD_READ, P.MY_DAY, P.PLACE_READ, P.INSTRUMENT_READ)

# fmt: off
POLICIES: dict[Role, Policy] = {
    # All levels: who is on shift at night must be able to read and write that a child is missing.
    Role.RESIDENTIAL_WORKER: _may(*_CHILDREN, P.CARE_WRITE, levels=_ALL),
    Role.KEYWORKER: _may(
        *_CHILDREN, P.CARE_WRITE, P.PLAN_WRITE, P.REVIEW_WRITE, P.DATA_QUALITY_READ, levels=_ALL
    ),
    Role.REGISTERED_MANAGER: _may(
        *_CHILDREN,
        P.CHILD_CREATE,
        P.CARE_WRITE,
        P.PLAN_WRITE,
        P.REVIEW_WRITE,
        P.PLACEMENT_WRITE,
        P.RECORD_WITHDRAW,
        P.PLACE_WRITE,
        P.CONTRACT_READ,
        P.FIGURE_READ,
        P.MEMBERS_READ,
        P.DATA_QUALITY_READ,
        levels=_ALL,
    ),
    # Oversight: reads, but writes no entry about a child.
    Role.RESPONSIBLE_INDIVIDUAL: _may(
        *_CHILDREN,
        P.PLACE_WRITE,
        P.CONTRACT_READ,
        P.FIGURE_READ,
        P.MEMBERS_READ,
        P.DATA_QUALITY_READ,
        levels=_ALL,
    ),
    Role.SOCIAL_WORKER: _may(
        *_CHILDREN,
        P.CHILD_CREATE,
        P.CARE_WRITE,
        P.PLAN_WRITE,
        P.REVIEW_WRITE,
        P.PLACEMENT_WRITE,
        P.RECORD_WITHDRAW,
        P.DATA_QUALITY_READ,
        levels=_ALL,
    ),
    # Reads all, and writes the reviews that they chair.
    Role.IRO: _may(*_CHILDREN, P.REVIEW_WRITE, levels=_ALL),
    # Totals of their own contracts. No child, no home, no household (decisions on access, 11).
    # Withdrawing needs the kind's own permission too: here it reaches targets and settings only.
    Role.COMMISSIONER: _may(
        P.CONTRACT_READ,
        P.CONTRACT_WRITE,
        P.RECORD_WITHDRAW,
        P.FIGURE_READ,
        levels=frozenset({Level.OPEN}),
    ),
    # Accounts, places and instruments; never a child.
    Role.SYSTEM_ADMINISTRATOR: _may(
        P.PLACE_READ,
        P.PLACE_WRITE,
        P.INSTRUMENT_READ,
        P.INSTRUMENT_WRITE,
        P.RECORD_WITHDRAW,
        P.ACCOUNT_MANAGE,
        levels=frozenset({Level.OPEN, Level.ADDRESS}),
    ),
}
# fmt: on
