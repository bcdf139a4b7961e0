"""Ways around the scope that others have found (numbers as in the threat model's list), each refused.

Each refusal has its twin: the same thing done with what is one's own works. `scoped` is a
registered manager of Elm House.
"""

import re
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import ColumnElement, bindparam, delete, insert, select, text, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased, defer, make_transient_to_detached, sessionmaker
from sqlalchemy.orm.exc import ObjectDeletedError

from outcomes.access import enforcement, flushing, guarded, rules, statements
from outcomes.access.bind import system_scope
from outcomes.access.guarded import Refused, bind_scope
from outcomes.access.protected import protected
from outcomes.access.scope import Scope, SystemScope
from outcomes.accounts.roles import Role
from outcomes.audit.entry import AuditEntry
from outcomes.care.organisations import Home
from outcomes.care.people import Contact, Person
from outcomes.care.placements import Placement
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.errors import Forbidden, NotFound
from outcomes.core.transaction import transaction
from outcomes.records.health import HealthCheck
from outcomes.records.readings import Reading, ReadingScore
from tests.access import test_start
from tests.access.world import World

PERSON, CONTACT = Person.__table__, Contact.__table__
MANAGER = Role.REGISTERED_MANAGER


@pytest.fixture
def scoped(world: World) -> Iterator[Session]:
    with world.acting(MANAGER) as session:
        yield session


class OwnSession(Session):
    """A session class that nobody told of the scope."""


# -- reads ---------------------------------------------------------------------------------------

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
        with world.app.app_context(), system_scope("move the child"), transaction() as system:
            stay = system.get_one(Placement, world["placement own_now at elm"])
            stay.ended_on = today() - timedelta(days=5)
        session.rollback()
        with pytest.raises(ObjectDeletedError):
            _ = person.given_name


def test_a_column_that_was_put_off_is_read_under_the_scope(world: World) -> None:
    """11: the object was loaded in time, its other column is asked for too late."""
    with world.acting(Role.RESIDENTIAL_WORKER) as session:
        wanted = select(Person).where(Person.given_name == "own_now").options(defer(Person.family_name))
        person = session.scalars(wanted).one()
        with world.app.app_context(), system_scope("move the child"), transaction() as system:
            stay = system.get_one(Placement, world["placement own_now at elm"])
            stay.ended_on = today() - timedelta(days=5)
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


# -- one session, one scope ----------------------------------------------------------------------


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


# -- writes --------------------------------------------------------------------------------------

REFUSED_WRITES: dict[str, Callable[[World, Session], Any]] = {
    "15 update by key": lambda w, s: s.execute(
        update(Person), [{"id": w["person other"], "given_name": "x"}]
    ),
    "15 insert": lambda w, s: s.execute(
        insert(Contact), [{"person_id": w["person own_now"], "name": "x", "revision": 1}]
    ),
    "15 insert from select": lambda w, s: s.execute(
        insert(Contact).from_select(["name"], select(Contact.name))
    ),
    "16 bulk_update_mappings": lambda w, s: s.bulk_update_mappings(
        Person.__mapper__, [{"id": w["person other"], "given_name": "x"}]
    ),
    "16 bulk_save_objects": lambda w, s: s.bulk_save_objects(
        [Contact(person_id=w["person own_now"], name="x")]
    ),
    "16 bulk_insert_mappings": lambda w, s: s.bulk_insert_mappings(
        Contact.__mapper__, [{"person_id": w["person own_now"], "name": "x"}]
    ),
    "20 update of a table": lambda w, s: s.execute(update(PERSON).values(given_name="x")),
    "20 delete from a table": lambda w, s: s.execute(delete(CONTACT)),
    "22 insert or replace": lambda w, s: s.execute(
        insert(Contact).prefix_with("OR REPLACE"), [{"id": 1, "name": "x", "revision": 1}]
    ),
    "22 text that replaces": lambda w, s: s.execute(
        text("INSERT OR REPLACE INTO contact (id, name) VALUES (1, 'x')")
    ),
    "22 text that writes over": lambda w, s: s.execute(
        text("INSERT INTO contact (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = 'x'")
    ),
    "text": lambda w, s: s.execute(text("UPDATE person SET given_name = 'x'")),
    "text delete": lambda w, s: s.execute(text("DELETE FROM contact")),
    "a bulk update that moves rows": lambda w, s: s.execute(
        update(Contact).values(person_id=w["person other"])
    ),
    "a bulk update by a table's condition": lambda w, s: s.execute(
        update(Person).where(Person.id == CONTACT.c.person_id).values(given_name="x")
    ),
}


@pytest.mark.parametrize("way", REFUSED_WRITES)
def test_writes_past_the_flush_are_refused(world: World, scoped: Session, way: str) -> None:
    with pytest.raises(Refused), transaction() as session:
        REFUSED_WRITES[way](world, session)
    assert _names(world) == _names(world, before=True)


def _names(world: World, *, before: bool = False) -> set[Any]:
    if before:
        return {name.removeprefix("person ") for name in world.keys if name.startswith("person ")}
    with system_scope("look") as system:
        return set(system.scalars(select(Person.given_name)))


def test_bulk_update_and_delete_reach_ones_own_only(world: World, scoped: Session) -> None:
    """14."""
    with transaction() as session:
        changed: Any = session.execute(update(Person).values(religion="none"))
        gone: Any = session.execute(delete(Contact))
    assert (changed.rowcount, gone.rowcount) == (6, 3)
    with system_scope("look") as system:
        religious = set(system.scalars(select(Person.given_name).where(Person.religion.is_not(None))))
        assert religious == {"own_now", "left", "own_formerly", "long_left", "coming", "mistaken"}
        assert len(system.scalars(select(Contact)).all()) == 6


def _child_record(world: World, child: str, stay: str) -> HealthCheck:
    return HealthCheck(
        person_id=world[f"person {child}"],
        placement_id=world[f"placement {stay}"],
        kind="dental",
        due_on=today(),
        author_id=world["account ada"],
    )


@pytest.mark.parametrize(
    ("child", "stay"),
    [("own_now", "own_now at elm"), ("own_formerly", "own_formerly at elm"), ("left", "left at elm")],
)
def test_a_record_of_ones_own_child_is_written(world: World, scoped: Session, child: str, stay: str) -> None:
    with transaction() as session:
        session.add(_child_record(world, child, stay))


@pytest.mark.parametrize(
    ("child", "stay"),
    [
        ("other", "other at birch"),
        ("own_formerly", "own_formerly at birch"),
        ("same_provider", "same_provider at oak"),
        # 19: a child of others under a stay of one's own, and the other way round.
        ("other", "own_now at elm"),
        ("own_now", "other at birch"),
    ],
)
def test_a_record_of_another_child_is_not_there_to_be_written(
    world: World, scoped: Session, child: str, stay: str
) -> None:
    """17, 19."""
    with pytest.raises(NotFound), transaction() as session:
        session.add(_child_record(world, child, stay))


def test_a_row_of_ones_own_does_not_move_to_another_child(world: World, scoped: Session) -> None:
    """17."""
    with pytest.raises(NotFound), transaction() as session:
        session.get_one(Contact, world["contact own_now"]).person_id = world["person other"]
    with transaction() as session:
        session.get_one(Contact, world["contact own_now"]).person_id = world["person left"]


def test_a_new_row_nobody_of_this_scope_could_read_is_not_written(world: World, scoped: Session) -> None:
    """A former resident's contact: the child may be linked to, but the row would be out of reach."""
    with pytest.raises(NotFound), transaction() as session:
        session.add(Contact(person_id=world["person own_formerly"], name="x", author_id=world["account ada"]))


def test_nobody_writes_in_anothers_name(world: World, scoped: Session) -> None:
    with pytest.raises(Refused, match="author"), transaction() as session:
        record = _child_record(world, "own_now", "own_now at elm")
        record.author_id = None
        session.add(record)


def test_a_row_that_went_out_of_reach_is_not_changed(world: World) -> None:
    """The row was opened in time and saved too late: the database is asked again."""
    with world.acting(Role.RESIDENTIAL_WORKER) as session:
        contact = session.get_one(Contact, world["contact own_now"])
        with world.app.app_context(), system_scope("move the child"), transaction() as system:
            stay = system.get_one(Placement, world["placement own_now at elm"])
            stay.ended_on = today() - timedelta(days=5)
        session.rollback()
        contact.name = "x"
        with pytest.raises(NotFound):
            session.flush()


def test_a_manager_registers_a_child_and_places_them(world: World, scoped: Session) -> None:
    """The child is one's own from registering on, then by the placement; and nobody else's."""
    with transaction() as session:
        child = Person(
            person_kind="child", date_of_birth=today() - timedelta(days=4000), author_id=world["account ada"]
        )
        session.add(child)
        session.flush()
        key = child.id
        session.add(
            Placement(
                person_id=key,
                provider_id=world["organisation elm"],
                home_id=world["home elm"],
                placement_type="children_home",
                started_on=today(),
                author_id=world["account ada"],
            )
        )
    assert scoped.get(Person, key) is not None
    with pytest.raises(NotFound), transaction() as session:
        session.add(
            Placement(
                person_id=key,
                provider_id=world["organisation birch"],
                home_id=world["home birch"],
                placement_type="children_home",
                started_on=today() + timedelta(days=9),
                author_id=world["account ada"],
            )
        )


def test_a_reading_and_its_scores_are_written_together(world: World, scoped: Session) -> None:
    with transaction() as session:
        reading = Reading(
            person_id=world["person own_now"],
            placement_id=world["placement own_now at elm"],
            instrument_code="wheel",
            version="1",
            informant="worker",
            taken_on=today(),
            status="complete",
            author_id=world["account ada"],
        )
        session.add(reading)
        session.flush()
        session.add(ReadingScore(reading_id=reading.id, area="home", score=7))
    with pytest.raises(NotFound), transaction() as session:
        session.add(ReadingScore(reading_id=world["reading other"], area="x", score=7))


def test_a_flush_that_failed_leaves_no_door_open(world: World, scoped: Session) -> None:
    with transaction() as session:
        savepoint = session.begin_nested()
        session.add(_child_record(world, "own_now", "own_now at elm"))
        session.add(Contact(person_id=world["person own_now"], author_id=world["account ada"]))
        with pytest.raises(IntegrityError):
            session.flush()
        savepoint.rollback()
        with pytest.raises(Refused):
            session.execute(update(PERSON).values(religion="x"))


# -- the nets themselves -------------------------------------------------------------------------


def test_the_last_look_catches_a_hook_that_forgets_a_table(
    world: World, scoped: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = statements._guarded_in
    monkeypatch.setattr(statements, "_guarded_in", lambda statement: really(statement) - {"person"})
    with pytest.raises(Refused):
        scoped.scalars(select(Person)).all()
    with pytest.raises(Refused):
        scoped.execute(select(Person.id, Contact.id)).all()


def test_the_tests_catch_a_rule_that_lets_everybody_in(
    world: World, monkeypatch: pytest.MonkeyPatch, anew: Callable[[], None]
) -> None:
    """A seeded fault: were the contact's rule gone, these tests would see it."""
    monkeypatch.setitem(rules.NAMED, "contact", rules.everybody)
    anew()
    with world.acting(MANAGER) as session:
        assert session.get(Contact, world["contact other"]) is not None
    monkeypatch.undo()
    anew()
    with world.acting(MANAGER) as session:
        assert session.get(Contact, world["contact other"]) is None


def test_the_tests_catch_a_flush_that_looks_nothing_up(
    world: World, scoped: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seeded fault: without the look-up the row is written, and the refusals above would fail."""
    monkeypatch.setattr(flushing, "_look_up", lambda session, wanted: None)
    with transaction() as session:
        session.add(Contact(person_id=world["person other"], name="x", author_id=world["account ada"]))
    monkeypatch.undo()
    with pytest.raises(NotFound), transaction() as session:
        session.add(Contact(person_id=world["person other"], name="x", author_id=world["account ada"]))


def test_the_tests_catch_an_engine_that_does_not_look(
    world: World, scoped: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seeded fault: without the last look a bare table is read in full."""
    monkeypatch.setattr(enforcement, "_guarded_tables", lambda sql: {})
    assert len(scoped.execute(select(PERSON.c.id)).all()) == 9
    monkeypatch.undo()
    with pytest.raises(Refused):
        scoped.execute(select(PERSON.c.id))


Fault = tuple[Any, str, Any, Callable[[World, Session], Any]]


def own_row(world: World, session: Session, **values: Any) -> None:
    row = {"person_id": world["person own_now"], "name": "x", "author_id": world["account ada"], **values}
    with transaction() as writing:
        writing.add(Contact(**row))


def forged(world: World, session: Session) -> None:
    stranger = Person(id=world["person other"])
    make_transient_to_detached(stranger)
    session.add(stranger)


def taken_over(world: World, session: Session) -> None:
    with transaction() as writing:
        writing.get_one(Home, world["home oak"]).name = "x"


def moved_in_bulk(world: World, session: Session) -> None:
    with transaction() as writing:
        writing.execute(update(Contact).values(person_id=world["person left"]))


NETS: dict[str, Fault] = {
    "the count of conditions (7, 8, 9)": (
        enforcement,
        "_check_marks",
        lambda *_: None,
        lambda w, s: s.execute(select(Person.id, CONTACT.c.name)),
    ),
    "the look at finished SQL (1, 2, 4, 5, 6, 16, 20)": (
        enforcement,
        "_guarded_tables",
        lambda sql: {},
        lambda w, s: s.execute(text("SELECT given_name FROM person")),
    ),
    "the check of bulk values (17)": (enforcement, "_check_bulk_values", lambda *_: None, moved_in_bulk),
    "the check of who comes from where (10, 18)": (flushing, "_concerns", lambda *_: False, forged),
    "the look-up in the flush (17, 19)": (
        flushing,
        "_look_up",
        lambda *_: None,
        lambda w, s: own_row(w, s, person_id=w["person other"]),
    ),
    "the author (17)": (
        flushing,
        "_check_authors",
        lambda *_: None,
        lambda w, s: own_row(w, s, author_id=None),
    ),
    "the rule about changes": (flushing, "_check_changes", lambda *_: None, taken_over),
    "one session, one scope (10, 11)": (
        guarded,
        "scope_of",
        lambda _session: None,
        lambda w, s: bind_scope(s, SystemScope("more, please")),
    ),
}
"""Each net: what takes it away, and a way of the list that then goes through."""


@pytest.mark.parametrize("net", NETS)
def test_each_net_is_what_holds(
    world: World, scoped: Session, net: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seeded fault for each: with the net the way is refused, without it the way is open."""
    module, name, hole, way = NETS[net]
    with pytest.raises((Refused, NotFound, Forbidden)):
        way(world, scoped)
    scoped.rollback()
    monkeypatch.setattr(module, name, hole)
    way(world, scoped)


def test_every_way_of_the_list_is_tried() -> None:
    """Each of the 23 by its number, in a name or a docstring of these files."""
    named = [*READS, *REFUSED_WRITES]
    for module in (sys.modules[__name__], test_start):
        named += [str(test.__doc__) for name, test in vars(module).items() if name.startswith("test_")]
    found = {
        int(number) for one in named for number in re.findall(r"\d+", one.split(":")[0].split(" of ")[0])
    }
    assert found >= set(range(1, 24))
