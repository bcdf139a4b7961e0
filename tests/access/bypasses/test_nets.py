"""The nets themselves: without each of them a way is open, and every way of the list is tried."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session, make_transient_to_detached

from outcomes.access import enforcement, flushing, guarded, rules, statements
from outcomes.access.guarded import Refused, bind_scope
from outcomes.access.scope import SystemScope
from outcomes.care.organisations import Home
from outcomes.care.people import Contact, Person
from outcomes.core.errors import Forbidden, NotFound
from outcomes.core.transaction import transaction
from tests.access import test_start
from tests.access.bypasses import CONTACT, MANAGER, PERSON, test_reads, test_sessions, test_writes
from tests.access.bypasses.test_reads import READS
from tests.access.bypasses.test_writes import REFUSED_WRITES
from tests.access.world import World


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
    """A seeded fault: without the look-up the row is written, and the refusals of `test_writes.py` would fail."""
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
    for module in (test_reads, test_sessions, test_writes, test_start):
        named += [str(test.__doc__) for name, test in vars(module).items() if name.startswith("test_")]
    found = {
        int(number) for one in named for number in re.findall(r"\d+", one.split(":")[0].split(" of ")[0])
    }
    assert found >= set(range(1, 24))
