"""What a bearer token may be narrowed to: a closed list, each word a set of permissions.

A token has its owner's permissions as far as its scopes name them, never more. What no scope names
(accounts, tokens themselves, pages) is out of every token's reach.
"""

from collections.abc import Iterable
from enum import StrEnum

from outcomes.core.permissions import Permission as P  # noqa: N817 - short, so that the table fits one screen


class TokenScope(StrEnum):
    RECORDS_READ = "records:read"
    RECORDS_WRITE = "records:write"
    FIGURES_READ = "figures:read"
    MEMBERS_READ = "members:read"

    @property
    def says(self) -> str:
        """The scope in words, for the page where a token is made."""
        return _WORDS[self]

    @property
    def permissions(self) -> frozenset[P]:
        return _PERMISSIONS[self]


_READING = frozenset({P.SIGNED_IN, P.CHILD_READ, P.PLACE_READ, P.CONTRACT_READ, P.INSTRUMENT_READ})

_PERMISSIONS: dict[TokenScope, frozenset[P]] = {
    TokenScope.RECORDS_READ: _READING,
    # Every answer to a write shows the record, so writing without reading would be a pretence.
    TokenScope.RECORDS_WRITE: _READING
    | {
        P.CHILD_CREATE,
        P.CARE_WRITE,
        P.PLAN_WRITE,
        P.REVIEW_WRITE,
        P.PLACEMENT_WRITE,
        P.RECORD_WITHDRAW,
        P.PLACE_WRITE,
        P.CONTRACT_WRITE,
        P.INSTRUMENT_WRITE,
    },
    TokenScope.FIGURES_READ: frozenset({P.FIGURE_READ}),
    TokenScope.MEMBERS_READ: frozenset({P.MEMBERS_READ}),
}

_WORDS = {
    TokenScope.RECORDS_READ: "Read records",
    TokenScope.RECORDS_WRITE: "Read and write records",
    TokenScope.FIGURES_READ: "Read the figures of measures",
    TokenScope.MEMBERS_READ: "See the children behind a figure, and splits by place",
}


def narrowed(permissions: Iterable[P], scopes: Iterable[TokenScope]) -> frozenset[P]:
    """What is left of somebody's permissions under these scopes."""
    named = frozenset[P]().union(*(scope.permissions for scope in scopes))
    return frozenset(permissions) & (named | {P.PUBLIC})


def scopes_with(permission: P) -> list[TokenScope]:
    """The scopes that name a permission; none for what no token can do."""
    return [scope for scope in TokenScope if permission in scope.permissions]
