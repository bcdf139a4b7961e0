"""Writes past the flush are refused, and those in it reach only what is one's own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outcomes.access.bind import system_scope
from outcomes.access.guarded import Refused
from outcomes.accounts.roles import Role
from outcomes.care.people import Contact, Person
from outcomes.care.placements import Placement
from outcomes.core.clock import today
from outcomes.core.errors import NotFound
from outcomes.core.transaction import transaction
from outcomes.records.health import HealthCheck
from outcomes.records.readings import Reading, ReadingScore
from tests.access.bypasses import CONTACT, PERSON
from tests.access.world import World

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
        world.move_out("own_now at elm")
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
