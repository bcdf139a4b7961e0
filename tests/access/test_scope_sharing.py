"""Accounts of one shape share their conditions and compiled statements, and never what they see."""

import gc
import weakref
from typing import Any

import pytest
from sqlalchemy import bindparam, select, union_all
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from outcomes.access import enforcement, rules, statements
from outcomes.access.guarded import Refused, scope_of
from outcomes.access.scope import VALUE, Scope, Shape
from outcomes.accounts.account import Held
from outcomes.accounts.roles import Role
from outcomes.accounts.sessions import SignedIn
from outcomes.care.people import Person
from outcomes.care.placements import Placement
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


def forged_elsewhere(world: World) -> dict[str, Any]:
    """Statements that bring a home of their own under a scope's name, in each place that can hold one."""
    homes, elsewhere = f"{VALUE}homes", [world["home birch"]]
    own_bind = Placement.home_id.in_(bindparam(homes, elsewhere, expanding=True))
    inner = select(Placement.person_id).where(own_bind)
    return {
        "params": select(Person).params({homes: elsewhere}),
        "bind": select(Placement).where(own_bind),
        "bind in a subquery": select(Person).where(Person.id.in_(inner)),
        "params of a union": union_all(select(Person.id), select(Person.id)).params({homes: elsewhere}),
    }


@pytest.mark.parametrize("way", ["params", "bind", "bind in a subquery", "params of a union"])
def test_nor_in_the_statement_itself(world: World, way: str) -> None:
    with world.acting(manager_of(world, "home elm")) as session, pytest.raises(Refused, match="the scope's"):
        session.execute(forged_elsewhere(world)[way])


def test_a_statement_that_is_asked_again_is_narrowed_for_whoever_asks(world: World) -> None:
    """One statement, kept by a page: each account finds its own children, in either order."""
    asked = select(Person.id).order_by(Person.id)
    found = []
    for who in ("elm", "birch", "elm"):
        with world.acting(manager_of(world, f"home {who}")) as session:
            found.append(list(session.scalars(asked)))
    with world.acting(world.with_grants(Role.COMMISSIONER, [])) as session:
        assert list(session.scalars(asked)) == []
    assert found[0] == found[2]
    assert world["person own_now"] in found[0] and world["person own_now"] not in found[1]


def test_what_a_statement_names_is_kept_no_longer_than_the_statement(world: World) -> None:
    asked = select(Person.id)
    with world.acting(manager_of(world, "home elm")) as session:
        list(session.scalars(asked))
    gone = weakref.ref(asked)
    assert asked in statements._read
    del asked
    gc.collect()
    assert gone() is None


def test_what_is_kept_is_bounded() -> None:
    for kept in (enforcement._built, enforcement._criteria, enforcement._inside, enforcement._check_marks):
        assert kept.cache_info().maxsize is not None
