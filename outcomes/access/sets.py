"""The sets of children and placements that every rule is made of, as subqueries.

They are written over the bare tables: inside a condition that the ORM adds to a statement, mapped
classes would get their own conditions added in turn, without end. Withdrawn rows give nobody
anything. Dates are half-open: the day of leaving no longer counts (R15).
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, or_, select

from outcomes.access.policy import POLICIES
from outcomes.access.scope import Scope
from outcomes.accounts.roles import Role
from outcomes.care.organisations import Home
from outcomes.care.people import Allocation, KeyworkerAssignment
from outcomes.care.placements import Placement
from outcomes.core.permissions import Permission

Condition = ColumnElement[bool]

TO_FINISH_NOTES = timedelta(days=1)
"""How long after a child has left may their home's staff finish what they were writing."""

MANAGERS = frozenset({Role.REGISTERED_MANAGER, Role.RESPONSIBLE_INDIVIDUAL})
PROVIDERS = MANAGERS | {Role.RESIDENTIAL_WORKER, Role.KEYWORKER}
CASEWORKERS = frozenset({Role.SOCIAL_WORKER, Role.IRO})

HOMES = Home.__table__.c
PLACEMENTS = Placement.__table__.c
ALLOCATIONS = Allocation.__table__.c
ASSIGNMENTS = KeyworkerAssignment.__table__.c


def bind(name: str, value: Any) -> Any:
    """A value of a scope. Its name says so, in every statement that carries it."""
    return bindparam(f"scope_{name}", value, unique=True)


def one_of(column: Any, name: str, keys: frozenset[int]) -> Condition:
    """The column is one of the scope's keys; never true where there are none."""
    if not keys:
        return false()
    listed: Any = bindparam(f"scope_{name}", sorted(keys), unique=True, expanding=True)
    return column.in_(listed)


def may_register(scope: Scope) -> bool:
    return Permission.CHILD_CREATE in POLICIES[scope.role].permissions


def own_place(scope: Scope) -> Condition:
    """A placement that stands, at a granted home, fostering service or provider."""
    return and_(PLACEMENTS.withdrawn_at.is_(None), _at_own_place(scope))


def _at_own_place(scope: Scope) -> Condition:
    fostering = one_of(PLACEMENTS.provider_id, "fostering", scope.fostering)
    return or_(
        one_of(PLACEMENTS.home_id, "homes", scope.homes),
        and_(fostering, PLACEMENTS.carer_household_id.is_not(None)),
        one_of(PLACEMENTS.provider_id, "providers", scope.providers),
    )


def own_placements(scope: Scope) -> Select[Any]:
    """Every placement there ever was at the scope's places, withdrawn ones included.

    Who withdraws a placement must still reach what was recorded under it, to have it placed anew;
    the child is out of reach all the same.
    """
    return select(PLACEMENTS.id).where(_at_own_place(scope))


def ever_placed(scope: Scope) -> Select[Any]:
    """Children who live, lived or are going to live at the scope's places."""
    return select(PLACEMENTS.person_id).where(own_place(scope))


def residents(scope: Scope) -> Select[Any]:
    return ever_placed(scope).where(_open(scope))


def key_children(scope: Scope) -> Select[Any]:
    """Children whose key worker this is, wherever with the provider they live now."""
    with_provider = select(PLACEMENTS.person_id).where(
        of_own_provider(PLACEMENTS.provider_id, scope), PLACEMENTS.withdrawn_at.is_(None), _open(scope)
    )
    return select(ASSIGNMENTS.person_id).where(
        ASSIGNMENTS.staff_id == bind("staff", scope.staff_id),
        _in_force(ASSIGNMENTS, scope),
        ASSIGNMENTS.person_id.in_(with_provider),
    )


def caseload(scope: Scope) -> Select[Any]:
    """Children allocated to this member of staff, in the role of the account, today."""
    return select(ALLOCATIONS.person_id).where(
        ALLOCATIONS.staff_id == bind("staff", scope.staff_id),
        ALLOCATIONS.role == bind("role", scope.role.value),
        _in_force(ALLOCATIONS, scope),
    )


def own_allocations(scope: Scope) -> Select[Any]:
    """Every allocation that names this member of staff, ended and withdrawn ones included."""
    return select(ALLOCATIONS.id).where(ALLOCATIONS.staff_id == bind("staff", scope.staff_id))


def of_own_provider(column: Any, scope: Scope) -> Condition:
    """The column names a granted provider, or the provider of a granted home."""
    named = one_of(column, "provider", scope.fostering | scope.providers)
    homes = select(HOMES.provider_id).where(one_of(HOMES.id, "homes", scope.homes))
    return or_(named, column.in_(homes)) if scope.homes else named


def whole_child(column: Any, scope: Scope) -> Condition:
    """The child is one whose whole record is reached: living here, key child, or on the caseload."""
    if scope.role in CASEWORKERS and scope.staff_id is not None:
        return column.in_(caseload(scope))
    if scope.role not in PROVIDERS:
        return false()
    here: Condition = column.in_(residents(scope))
    if scope.role is Role.KEYWORKER and scope.staff_id is not None:
        return or_(here, column.in_(key_children(scope)))
    return here


def just_registered(row: Any, scope: Scope) -> Condition:
    """Nobody's yet: placed nowhere and allocated to nobody, but registered by this account, or put
    down for one of its places and withdrawn again. Else a mistake mended would lose the child.
    """
    put_down_here = select(PLACEMENTS.person_id).where(_at_own_place(scope))
    placed = select(PLACEMENTS.person_id).where(PLACEMENTS.withdrawn_at.is_(None))
    allocated = select(ALLOCATIONS.person_id).where(ALLOCATIONS.withdrawn_at.is_(None))
    return and_(
        or_(row.author_id == bind("account", scope.account_id), row.id.in_(put_down_here)),
        row.id.not_in(placed),
        row.id.not_in(allocated),
    )


def kept_by_somebody(scope: Scope) -> Any:
    """Children who live anywhere today, or for whom a council answers today: someone keeps their record.

    For a former home's manager, who may mend what nobody else would.
    """
    living = select(PLACEMENTS.person_id).where(PLACEMENTS.withdrawn_at.is_(None), _open(scope))
    allocated = select(ALLOCATIONS.person_id).where(_in_force(ALLOCATIONS, scope))
    return living.union(allocated)


def _open(scope: Scope) -> Condition:
    """The stay is open today, or ended so lately that notes may be finished.

    A stay that ended on the day it began opens nothing: it overlaps no other, so that anybody who
    once knew the child could write one, wherever the child lives now.
    """
    finishing = bind("finishing", scope.day - TO_FINISH_NOTES)
    return and_(
        PLACEMENTS.started_on <= bind("today", scope.day),
        or_(
            PLACEMENTS.ended_on.is_(None),
            and_(PLACEMENTS.ended_on >= finishing, PLACEMENTS.ended_on > PLACEMENTS.started_on),
        ),
    )


def _in_force(row: Any, scope: Scope) -> Condition:
    return and_(
        row.withdrawn_at.is_(None),
        row.valid_from <= bind("today", scope.day),
        or_(row.valid_to.is_(None), row.valid_to > bind("today", scope.day)),
    )
