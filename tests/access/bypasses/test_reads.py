"""Reads that no scope can narrow are refused, and all others find only what is one's own."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import ColumnElement, bindparam, select, text, union_all
from sqlalchemy.orm import Session, aliased, defer, sessionmaker
from sqlalchemy.orm.exc import ObjectDeletedError

from outcomes.access import enforcement
from outcomes.access.guarded import Refused
from outcomes.access.protected import protected
from outcomes.accounts.roles import Role
from outcomes.care.people import Contact, Person
from outcomes.core.database import db
from outcomes.records.readings import ReadingScore
from tests.access.bypasses import CONTACT, MANAGER, PERSON
from tests.access.world import World


class OwnSession(Session):
    """A session class that nobody told of the scope."""


READS: dict[str, Callable[[Session], Any]] = {
    "1 a table": lambda s: s.execute(select(PERSON)),
    "1 a column of a table": lambda s: s.execute(select(PERSON.c.given_name)),
    "2 text": lambda s: s.execute(text("SELECT given_name FROM person")),
    "2 text in disguise": lambda s: s.execute(text('/* x */ SELECT 1 FROM(select * from main."PERSON")')),
    "3 from_statement of text": lambda s: s.execute(
        select(Person).from_statement(text("SELECT * FROM person"))
    ),
    "3 from_statement of a table": lambda s: s.execute(select(Person).from_statement(select(PERSON))),
    "4 a class on the connection": lambda s: s.connection().execute(select(Person)),
    "5 the driver": lambda s: s.connection().exec_driver_sql("SELECT * FROM person"),
    "5 the engine": lambda s: db.engine.connect().execute(select(PERSON)),
    "5 raw text on the engine": lambda s: db.engine.connect().execute(text("SELECT * FROM person")),
    "6 a session of one's own": lambda s: Session(db.engine).scalars(select(Person)).all(),
    "6 a session class of one's own": lambda s: OwnSession(db.engine).scalars(select(Person)).all(),
    "6 a session maker": lambda s: sessionmaker(db.engine)().scalars(select(Person)).all(),
    "6 a session on the connection": lambda s: Session(s.connection()).scalars(select(Person)).all(),
    "7 a class and a table": lambda s: s.execute(select(Person.id, CONTACT.c.name)),
    "7 a table's column in a condition": lambda s: s.execute(
        select(Person.id).where(CONTACT.c.name == "Aunt of other")
    ),
    "8 a join with a table": lambda s: s.execute(
        select(Person.id).join(CONTACT, CONTACT.c.person_id == Person.id)
    ),
    "8 a table's alias": lambda s: s.execute(select(Person.id, CONTACT.alias("c").c.name)),
    "8 the same table twice": lambda s: s.execute(select(Person.id, PERSON.alias("p").c.given_name)),
    "8 select_from a table": lambda s: s.execute(select(Person.id).select_from(CONTACT)),
    "8 a table in a subquery": lambda s: s.execute(
        select(Person.id).where(Person.id.in_(select(CONTACT.c.person_id)))
    ),
    "9 a scalar subquery over a table, as a hybrid would be": lambda s: s.execute(
        select(Person.id, select(CONTACT.c.name).where(CONTACT.c.person_id == Person.id).scalar_subquery())
    ),
    "8 a table in a CTE": lambda s: s.execute(select(Person.id, select(CONTACT.c.name).cte().c.name)),
    "13 exists over a table": lambda s: s.execute(select(Person.id).where(select(CONTACT).exists())),
    "a union with a table": lambda s: s.execute(union_all(select(Person.id), select(PERSON.c.id))),
    "a scalar subquery of a table": lambda s: s.execute(
        select(Person.id, select(CONTACT.c.name).limit(1).scalar_subquery())
    ),
    "a forged mark": lambda s: s.execute(
        select(Person.id, CONTACT.c.name).where(bindparam("scope_of_contact", 1, unique=True) == 1)
    ),
}


@pytest.mark.parametrize("way", READS)
def test_reads_that_cannot_be_narrowed_are_refused(scoped: Session, way: str) -> None:
    with pytest.raises(Refused):
        READS[way](scoped)
    scoped.rollback()
    assert scoped.scalars(select(Person.given_name)).all(), "one's own is still there"


OTHERS = aliased(Person, name="others")

NARROWED: dict[str, Callable[[World, Session], Any]] = {
    "get": lambda w, s: s.get(Person, w["person other"]),
    "a select": lambda w, s: s.scalar(select(Person).where(Person.given_name == "other")),
    "a column": lambda w, s: s.scalar(select(Person.id).where(Person.given_name == "other")),
    "query": lambda w, s: s.query(Person).filter_by(given_name="other").one_or_none(),
    "query.get": lambda w, s: s.query(Person).get(w["person other"]),
    "an alias": lambda w, s: s.scalar(select(OTHERS.id).where(w["person other"] == OTHERS.id)),
    "a subquery": lambda w, s: s.scalar(
        select(select(Person).where(Person.given_name == "other").subquery().c.id)
    ),
    "a CTE": lambda w, s: s.scalar(select(select(Person).where(Person.given_name == "other").cte().c.id)),
    "exists": lambda w, s: s.scalar(
        select(Contact.id).where(select(Person).where(Person.given_name == "other").exists())
    ),
    "IN": lambda w, s: s.scalar(
        select(Contact.id).where(Contact.person_id.in_(select(Person.id).where(Person.given_name == "other")))
    ),
    "a part of another's record": lambda w, s: s.get(ReadingScore, w["reading_score other"]),
    "with_for_update": lambda w, s: s.scalar(
        select(Person).where(Person.given_name == "other").with_for_update()
    ),
    "yield_per": lambda w, s: next(
        iter(s.scalars(select(Person).where(Person.given_name == "other").execution_options(yield_per=2))),
        None,
    ),
}


@pytest.mark.parametrize("way", NARROWED)
def test_other_reads_do_not_find_what_is_not_ones_own(world: World, scoped: Session, way: str) -> None:
    assert NARROWED[way](world, scoped) is None


def test_a_statement_kept_by_one_reader_is_narrowed_anew_for_the_next(world: World) -> None:
    """The compiled statement is shared between readers; the values of the scope are not."""
    wanted = select(Person.given_name).order_by(Person.id)
    for _ in range(2):
        for role, some in (
            (MANAGER, "own_formerly"),
            (Role.SOCIAL_WORKER, "other"),
            (Role.COMMISSIONER, None),
        ):
            with world.acting(role) as session:
                names = session.scalars(wanted).all()
                assert (some in names) if some else not names


def test_an_expired_or_refreshed_object_is_read_under_the_scope(world: World) -> None:
    """11: what one may no longer see does not come back by refreshing it."""
    with world.acting(Role.RESIDENTIAL_WORKER) as session:
        person = session.get_one(Person, world["person own_now"])
        session.refresh(person)
        assert person.given_name == "own_now"
        world.move_out("own_now at elm")
        session.rollback()
        with pytest.raises(ObjectDeletedError):
            _ = person.given_name


def test_a_column_that_was_put_off_is_read_under_the_scope(world: World) -> None:
    """11: the object was loaded in time, its other column is asked for too late."""
    with world.acting(Role.RESIDENTIAL_WORKER) as session:
        wanted = select(Person).where(Person.given_name == "own_now").options(defer(Person.family_name))
        person = session.scalars(wanted).one()
        world.move_out("own_now at elm")
        session.rollback()
        with pytest.raises(ObjectDeletedError):
            _ = person.family_name


def test_no_guarded_class_brings_others_along() -> None:
    """12, 13: without relationships there is no lazy load, no has() and no any(). Whoever adds one
    adds the ways of the list that come with it to this file, and takes this test out."""
    linked = {name for name, kind in protected().items() if kind.__mapper__.relationships}
    assert linked == set()
    put_off = {
        name for name, kind in protected().items() if any(c.deferred for c in kind.__mapper__.column_attrs)
    }
    assert put_off == set()


def test_no_condition_is_a_lambda(
    world: World, monkeypatch: pytest.MonkeyPatch, anew: Callable[[], None]
) -> None:
    """23: inside a lambda, `role != "staff"` is a bound value, and always true. Ours are expressions,
    built for each class and each shape of a scope, and two roles get two."""
    built: list[Any] = []
    really = enforcement.condition

    def seen(kind: Any, shape: Any) -> Any:
        made = really(kind, shape)
        if kind is Person:
            built.append(made)
        return made

    monkeypatch.setattr(enforcement, "condition", seen)
    anew()
    for role in (MANAGER, Role.COMMISSIONER):
        with world.acting(role) as session:
            session.scalars(select(Person)).all()
    shapes = {one.compile().string: one for one in built}
    assert len(shapes) == 2
    assert all(isinstance(one, ColumnElement) for one in built)
    manager, commissioner = shapes.values()
    assert not manager.compare(commissioner)
