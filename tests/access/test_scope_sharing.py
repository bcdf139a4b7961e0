"""Accounts of one shape share their conditions and compiled statements, and never what they see."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from outcomes.access import enforcement, rules
from outcomes.access.guarded import Refused, scope_of
from outcomes.access.scope import VALUE, Scope, Shape
from outcomes.accounts.account import Held
from outcomes.accounts.roles import Role
from outcomes.accounts.sessions import SignedIn
from outcomes.care.people import Person
from outcomes.core.database import db
from tests.access.world import World

MANAGER = Role.REGISTERED_MANAGER


def shape_of(session: Session) -> Shape:
    scope = scope_of(session)
    assert isinstance(scope, Scope)
    return scope.shape


def children(session: Session) -> set[int]:
    return set(session.scalars(select(Person.id)))


def manager_of(world: World, *homes: str) -> SignedIn:
    return world.with_grants(MANAGER, [Held("home", world[home]) for home in homes])


def test_one_statement_serves_two_homes_and_neither_sees_the_others(world: World) -> None:
    """The second account's statement is not compiled anew, and finds its own children alone."""
    with world.acting(manager_of(world, "home elm")) as session:
        own = children(session)
        compiled = len(db.engine._compiled_cache)  # type: ignore[arg-type]
    with world.acting(manager_of(world, "home birch")) as session:
        other = children(session)
        assert len(db.engine._compiled_cache) == compiled  # type: ignore[arg-type]
    assert world["person own_now"] in own - other
    assert world["person other"] in other - own


def test_two_shapes_share_nothing(world: World) -> None:
    with world.acting(manager_of(world, "home elm")) as session:
        assert world["person own_now"] in children(session)
    for nowhere in (manager_of(world), world.with_grants(Role.COMMISSIONER, [])):
        with world.acting(nowhere) as session:
            assert world["person own_now"] not in children(session)


def test_a_condition_holds_no_value_of_any_scope() -> None:
    """What is built once for all must be the same for all: it could keep nobody's homes."""
    shape = Shape(MANAGER, has_staff=True, homes=True, fostering=True, providers=True, contracts=True)
    for kind in enforcement.protected().values():
        for name, value in rules.condition(kind, shape).compile().params.items():
            assert not name.startswith(VALUE) or value is None or name.startswith(rules.MARK), (kind, name)


def test_without_the_scopes_values_nothing_is_asked(world: World) -> None:
    """It fails closed: a condition that reaches the database without a scope has no values."""
    with world.acting(manager_of(world, "home elm")) as session:
        condition = rules.condition(Person, shape_of(session))
        with pytest.raises(StatementError, match="value is required"):
            session.connection().execute(select(Person.__table__.c.id).where(condition))


@pytest.mark.parametrize("name", ["homes", "today", "account"])
def test_nobody_brings_a_scopes_values_along(world: World, name: str) -> None:
    with world.acting(manager_of(world, "home elm")) as session, pytest.raises(Refused, match="the scope's"):
        session.scalars(select(Person), {f"{VALUE}{name}": [world["home birch"]]})


def test_what_is_kept_is_bounded() -> None:
    for kept in (enforcement._built, enforcement._criteria, enforcement._inside, enforcement._check_marks):
        assert kept.cache_info().maxsize is not None
