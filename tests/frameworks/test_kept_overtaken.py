"""Kept facts while somebody else is faster: two readers at once, a write between, numbers in the order of commits."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from outcomes.access.bind import system_scope
from outcomes.care.people import Person
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.frameworks.kept.keeper import Kept
from outcomes.frameworks.kept.sets import Wanted
from outcomes.frameworks.kept.tables import FactSet
from outcomes.frameworks.sources import Need
from outcomes.kit.writing import changes
from tests.builders import World
from tests.frameworks.keeping import afresh, kept, told
from tests.frameworks.random_writes import RandomWrites


class Overtaken(Kept):
    """A reader whom another one overtakes between working out and putting down."""

    def _worked_out(self, need: Need, wanted: Sequence[Wanted]) -> Any:
        found = super()._worked_out(need, wanted)
        with system_scope("a faster reader") as session:
            told(Kept(session), members=True)
        return found


@pytest.mark.parametrize("before", [False, True], ids=["nothing kept", "some of it stale"])
def test_two_readers_at_once_both_see_what_is_right(demo: Session, before: bool) -> None:
    if before:
        kept(demo, members=True)
        RandomWrites(3).write(4)
    right = afresh(demo, members=True)
    assert told(Overtaken(demo), members=True) == right
    assert kept(demo, members=True) == right
    twice = select(FactSet.measure).group_by(
        FactSet.measure, FactSet.contract_id, FactSet.period, FactSet.each_place
    )
    assert not demo.scalars(twice.having(func.count() > 1)).all()


def test_a_write_between_looking_and_putting_down_is_not_lost(demo: Session) -> None:
    kept(demo)
    RandomWrites(3).write(2)

    class Late(Kept):
        def _worked_out(self, need: Need, wanted: Sequence[Wanted]) -> Any:
            found = super()._worked_out(need, wanted)
            with system_scope("somebody writes"):
                World().child()
                RandomWrites(len(found)).write(1)
            return found

    told(Late(demo))
    assert kept(demo) == afresh(demo)


def test_numbers_are_given_in_the_order_of_the_commits(postgres_database: Any) -> None:
    """Who sees a number sees everything up to it: the second writer waits until the first is there."""
    app = postgres_database.empty()
    with app.app_context(), system_scope("a test"):
        world = World()
        with _numbered(world.child()) as first:
            refused: list[str] = []
            other = Thread(target=_write_in_a_hurry, args=(app, refused))
            other.start()
            other.join(20)
            assert refused == ["the first one has the clock"]
        assert changes.last_number(db.session()) == first


@contextmanager
def _numbered(child: Person) -> Iterator[int]:
    """Inside a transaction that has taken its number and not committed yet."""
    with transaction() as session:
        changes.changed(session, "person", [child.id])
        changes.number_changes(session)
        number = changes.last_number(session)
        yield number


def _write_in_a_hurry(app: Any, refused: list[str]) -> None:
    with app.app_context(), system_scope("a second writer"):
        try:
            with transaction() as session:
                session.execute(text("SET LOCAL lock_timeout = '300ms'"))
                changes.changed(session, "person", [1])
        except DBAPIError:
            refused.append("the first one has the clock")


def test_a_transaction_that_is_undone_leaves_no_number(in_any_app: World) -> None:
    child = in_any_app.child()
    number = changes.last_number(db.session())
    with pytest.raises(ZeroDivisionError), transaction() as session:
        changes.changed(session, "person", [child.id])
        raise ZeroDivisionError
    with transaction():
        pass
    assert changes.last_number(db.session()) == number
