"""One session, one scope: it is not widened, not left out, and nothing joins it from elsewhere."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, make_transient_to_detached

from outcomes.access.bind import system_scope
from outcomes.access.guarded import Refused, bind_scope
from outcomes.access.scope import Scope, SystemScope
from outcomes.accounts.roles import Role
from outcomes.audit.entry import AuditEntry
from outcomes.care.people import Contact, Person
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from tests.access.bypasses import MANAGER, PERSON
from tests.access.world import World


def test_a_session_keeps_its_scope(world: World, scoped: Session) -> None:
    """10: what a wider scope has loaded would still be there."""
    with pytest.raises(Refused, match="another scope"):
        bind_scope(scoped, SystemScope("more, please"))
    with pytest.raises(Refused, match="another scope"):
        bind_scope(scoped, Scope.for_actor(world.who(Role.SOCIAL_WORKER), today()))
    bind_scope(scoped, Scope.for_actor(world.who(MANAGER), today()))


def test_a_session_that_holds_records_gets_no_scope(world: World, scoped: Session) -> None:
    held = scoped.get_one(Person, world["person own_now"])
    assert held in scoped
    del scoped.info["outcomes_scope"]
    with pytest.raises(Refused, match="from before"):
        bind_scope(scoped, SystemScope("more, please"))


def test_without_a_scope_nothing_is_visible_or_writable(world: World) -> None:
    with world.app.app_context():
        with pytest.raises(Refused, match="No scope"):
            db.session.scalars(select(Person))
        db.session.rollback()
        with pytest.raises(Refused), transaction() as session:
            session.add(Contact(person_id=world["person own_now"], name="x"))
        with pytest.raises(Refused), transaction() as session:
            session.execute(delete(Contact))
        # The twin: what holds no child stays readable, or nobody could sign in.
        assert db.session.scalars(select(AuditEntry)).all()


def test_the_systems_scope_is_its_own_session_and_stands_in_the_audit(world: World, scoped: Session) -> None:
    with system_scope("count the children") as system:
        assert system is not scoped
        assert len(system.scalars(select(Person)).all()) == 9
        assert len(system.execute(select(PERSON)).all()) == 9
    assert scoped.scalar(select(Person).where(Person.given_name == "other")) is None
    assert "count the children" in scoped.scalars(select(AuditEntry.reason)).all()


def test_the_systems_scope_does_not_open_inside_a_transaction(scoped: Session) -> None:
    with transaction(), pytest.raises(RuntimeError, match="before the transaction"), system_scope("x"):
        pass


def test_an_object_from_elsewhere_does_not_join_a_session(world: World, scoped: Session) -> None:
    """10, 18: neither one that the system loaded nor one whose key was made up."""
    with system_scope("load") as system:
        stranger = system.get_one(Person, world["person other"])
        system.expunge(stranger)
    with pytest.raises(Refused, match="another session"):
        scoped.add(stranger)
    forged = Person(id=world["person other"])
    make_transient_to_detached(forged)
    with pytest.raises(Refused, match="another session"):
        scoped.add(forged)
    with pytest.raises(Refused):
        scoped.merge(stranger, load=False)
