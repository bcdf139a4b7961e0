"""The sets of children and placements that every rule is made of, as subqueries.

They are written over the bare tables: inside a condition that the ORM adds to a statement, mapped
classes would get their own conditions added in turn, without end. Withdrawn rows give nobody
anything. Dates are half-open: the day of leaving no longer counts (R15).
"""

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, String, and_, bindparam, false, or_, select
from sqlalchemy.types import TypeEngine

from outcomes.access.policy import POLICIES
from outcomes.access.scope import VALUE, Shape
from outcomes.accounts.roles import Role
from outcomes.care.organisations import Home
from outcomes.care.people import Allocation, KeyworkerAssignment
from outcomes.care.placements import Placement
from outcomes.core.permissions import Permission

Condition = ColumnElement[bool]

MANAGERS = frozenset({Role.REGISTERED_MANAGER, Role.RESPONSIBLE_INDIVIDUAL})
PROVIDERS = MANAGERS | {Role.RESIDENTIAL_WORKER, Role.KEYWORKER}
CASEWORKERS = frozenset({Role.SOCIAL_WORKER, Role.IRO})

HOMES = Home.__table__.c
PLACEMENTS = Placement.__table__.c
ALLOCATIONS = Allocation.__table__.c
ASSIGNMENTS = KeyworkerAssignment.__table__.c


_TYPES: dict[str, TypeEngine[Any]] = {
    "account": Integer(),
    "staff": Integer(),
    "role": String(),
    "today": Date(),
    "finishing": Date(),
}


def bind(name: str) -> Any:
    """A value of whichever scope asks, by name. It has none of its own: without a scope, no statement."""
    return bindparam(f"{VALUE}{name}", type_=_TYPES[name], required=True)


def one_of(column: Any, name: str, there: bool) -> Condition:
    """The column is one of the scope's keys of that name; never true where there are none."""
    if not there:
        return false()
    listed: Any = bindparam(f"{VALUE}{name}", type_=Integer(), required=True, expanding=True)
    return column.in_(listed)


def may_register(scope: Shape) -> bool:
    return Permission.CHILD_CREATE in POLICIES[scope.role].permissions


def own_place(scope: Shape) -> Condition:
    """A placement that stands, at a granted home, fostering service or provider."""
    return and_(PLACEMENTS.withdrawn_at.is_(None), _at_own_place(scope))


def _at_own_place(scope: Shape) -> Condition:
    places = [
        one_of(PLACEMENTS.home_id, "homes", scope.homes),
        one_of(PLACEMENTS.provider_id, "providers", scope.providers),
    ]
    if scope.fostering:
        fostering = one_of(PLACEMENTS.provider_id, "fostering", scope.fostering)
        places.append(and_(fostering, PLACEMENTS.carer_household_id.is_not(None)))
    # An and_() of what is never true would stay in it, and SQLite takes no index beside "OR 0 = 1".
    return or_(*places)


def own_placements(scope: Shape) -> Select[Any]:
    """Every placement there ever was at the scope's places, withdrawn ones included.

    Who withdraws a placement must still reach what was recorded under it, to have it placed anew;
    the child is out of reach all the same.
    """
    return select(PLACEMENTS.id).where(_at_own_place(scope))


def ever_placed(scope: Shape) -> Select[Any]:
    """Children who live, lived or are going to live at the scope's places."""
    return select(PLACEMENTS.person_id).where(own_place(scope))


def residents(scope: Shape) -> Select[Any]:
    return ever_placed(scope).where(_open(scope))


def key_children(scope: Shape) -> Select[Any]:
    """Children whose key worker this is, wherever with the provider they live now."""
    with_provider = select(PLACEMENTS.person_id).where(
        of_own_provider(PLACEMENTS.provider_id, scope), PLACEMENTS.withdrawn_at.is_(None), _open(scope)
    )
    return select(ASSIGNMENTS.person_id).where(
        ASSIGNMENTS.staff_id == bind("staff"),
        _in_force(ASSIGNMENTS, scope),
        ASSIGNMENTS.person_id.in_(with_provider),
    )


def caseload(scope: Shape) -> Select[Any]:
    """Children allocated to this member of staff, in the role of the account, today."""
    return select(ALLOCATIONS.person_id).where(
        ALLOCATIONS.staff_id == bind("staff"),
        ALLOCATIONS.role == bind("role"),
        _in_force(ALLOCATIONS, scope),
    )


def own_allocations(scope: Shape) -> Select[Any]:
    """Every allocation that names this member of staff, ended and withdrawn ones included."""
    return select(ALLOCATIONS.id).where(ALLOCATIONS.staff_id == bind("staff"))


def of_own_provider(column: Any, scope: Shape) -> Condition:
    """The column names a granted provider, or the provider of a granted home."""
    named = one_of(column, "any_providers", scope.fostering or scope.providers)
    homes = select(HOMES.provider_id).where(one_of(HOMES.id, "homes", scope.homes))
    return or_(named, column.in_(homes)) if scope.homes else named


def whole_child(column: Any, scope: Shape) -> Condition:
    """The child is one whose whole record is reached: living here, key child, or on the caseload."""
    if scope.role in CASEWORKERS and scope.has_staff:
        return column.in_(caseload(scope))
    if scope.role not in PROVIDERS:
        return false()
    here: Condition = column.in_(residents(scope))
    if scope.role is Role.KEYWORKER and scope.has_staff:
        return or_(here, column.in_(key_children(scope)))
    return here


def just_registered(row: Any, scope: Shape) -> Condition:
    """Nobody's yet: placed nowhere and allocated to nobody, but registered by this account, or put
    down for one of its places and withdrawn again. Else a mistake mended would lose the child.
    """
    put_down_here = select(PLACEMENTS.person_id).where(_at_own_place(scope))
    return and_(
        or_(row.author_id == bind("account"), row.id.in_(put_down_here)),
        _in_none(PLACEMENTS, row),
        _in_none(ALLOCATIONS, row),
    )


def _in_none(of: Any, row: Any) -> Condition:
    """No standing row of a child's table is this child's: asked for the few, where a list would be of all."""
    standing = select(of.person_id).where(of.person_id == row.id, of.withdrawn_at.is_(None))
    # The table is its own here, also where the statement around it names it too. Not EXISTS: PostgreSQL
    # plans one of those twice, and took half as long again over every statement.
    return row.id.not_in(standing.correlate_except(of.person_id.table))


def kept_by_somebody(scope: Shape) -> Any:
    """Children who live anywhere today, or for whom a council answers today: someone keeps their record.

    For a former home's manager, who may mend what nobody else would.
    """
    living = select(PLACEMENTS.person_id).where(PLACEMENTS.withdrawn_at.is_(None), _open(scope))
    allocated = select(ALLOCATIONS.person_id).where(_in_force(ALLOCATIONS, scope))
    return living.union(allocated)


def _open(scope: Shape) -> Condition:
    """The stay is open today, or ended so lately that notes may be finished.

    A stay that ended on the day it began opens nothing: it overlaps no other, so that anybody who
    once knew the child could write one, wherever the child lives now.
    """
    finishing = bind("finishing")
    return and_(
        PLACEMENTS.started_on <= bind("today"),
        or_(
            PLACEMENTS.ended_on.is_(None),
            and_(PLACEMENTS.ended_on >= finishing, PLACEMENTS.ended_on > PLACEMENTS.started_on),
        ),
    )


def _in_force(row: Any, scope: Shape) -> Condition:
    return and_(
        row.withdrawn_at.is_(None),
        row.valid_from <= bind("today"),
        or_(row.valid_to.is_(None), row.valid_to > bind("today")),
    )
