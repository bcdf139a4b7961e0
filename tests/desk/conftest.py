"""A small home with its people and a way to sign in as each, a contract with its figures, and a child. All invented."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from outcomes.access.bind import system_scope
from outcomes.care.organisations import Home, Staff
from outcomes.care.people import Contact, Person
from outcomes.core.calendar import add_months
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.kit.declaring.record import KINDS
from outcomes.records.education import EducationSpell
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Goal, GoalReview
from tests.builders import World, signed_in, token_of
from tests.databases import furnished
from tests.desk.figures_world import Figures, figures_world


def days_ago(number: int) -> str:
    """A day in the past (or to come, where negative), as a form or a bundle writes it."""
    return (today() - timedelta(days=number)).isoformat()


@dataclass
class House:
    """Elm House: Jay (key worker Ada, social worker Sam), Noor; Kit lives in Birch House of others.

    Keys and addresses only, so that it can be read after the session that made it.
    """

    app: Flask
    jay: str
    noor: str
    kit: str
    goal: str
    wheel: str

    @contextmanager
    def inside(self) -> Iterator[World]:
        """Inside the application as the system, to look or to add."""
        with self.app.app_context(), system_scope("a test"):
            yield World()

    def child(self, public_id: str) -> Person:
        return db.session.query(Person).filter_by(public_id=public_id).one()

    def goal_of_jay(self) -> Goal:
        return db.session.query(Goal).filter_by(public_id=self.goal).one()

    def of(self, public_id: str, rest: str = "") -> str:
        """The address of a child's page."""
        return f"/children/{public_id}{rest}"

    def signed_in(self, who: str) -> FlaskClient:
        return signed_in(self.app, f"{who}@elm.example")


@pytest.fixture
def house(app: Flask) -> House:
    """On SQLite."""
    return furnished(app, furnish)


@pytest.fixture
def any_house(any_app: Flask) -> House:
    """On each database."""
    return furnished(any_app, furnish)


@pytest.fixture
def jay(in_app: World) -> Person:
    """A child of fifteen by themselves, in Elm House, for what is read from the record and drawn on no page."""
    child = in_app.child("Jay", born=add_months(today(), -12 * 15).isoformat())
    in_app.placed(child, in_app.home("Elm House"), days_ago(400))
    return child


@pytest.fixture
def world(app: Flask) -> Figures:
    """The contract whose figures are known by heart, on SQLite: for what no database decides."""
    return figures_world(app)


@pytest.fixture
def any_world(any_app: Flask) -> Figures:
    """The same on each database."""
    return figures_world(any_app)


def furnish(app: Flask) -> House:
    with app.app_context(), system_scope("a test"):
        world = World()
        elm, birch = world.home("Elm House"), world.home("Birch House", world.organisation("Birch Care"))
        ada, sam = world.staff("Ada Obi"), world.staff("Sam Reed", at=world.council)
        jay, noor, kit = world.child("Jay", family_name="Marlow"), world.child("Noor"), world.child("Kit")
        for child, home in ((jay, elm), (noor, elm), (kit, birch)):
            world.placed(child, home, days_ago(400))
        world.keyworker(jay, ada, days_ago(400))
        world.allocated(jay, sam, days_ago(400))
        world.record(
            Contact, person_id=jay, name="Grace Marlow", relationship="Grandmother", telephone="0999 1"
        )
        goal = world.record(
            Goal,
            person_id=jay,
            area="independence",
            wording="Cook one meal a week",
            set_on=days_ago(200),
            baseline_level=1,
            target_level=4,
            status="open",
        )
        world.record(GoalReview, goal_id=goal, due_on=days_ago(-3))
        wheel = world.instrument("wheel")
        accounts(world, elm, ada, sam)
        return House(app, jay.public_id, noor.public_id, kit.public_id, goal.public_id, wheel.public_id)


def accounts(world: World, elm: Home, ada: Staff, sam: Staff) -> None:
    """Ada (key worker), Rosa (residential), Mo (manager), Sam (social worker)."""
    for name, role, at, staff in (
        ("ada", "keyworker", elm, ada),
        ("rosa", "residential_worker", elm, None),
        ("mo", "registered_manager", elm, None),
        ("sam", "social_worker", None, sam),
    ):
        world.account(
            role,
            at=at,
            staff=staff,
            email=f"{name}@elm.example",
            name=name.capitalize(),
            valid_from=today() - timedelta(days=1),
        )


def words_of(page: str) -> str:
    """What a page, or a part of one, says: its words without its elements."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def day_of(house: House, who: str) -> str:
    """What somebody reads on their first page."""
    page = house.signed_in(who).get("/my-day")
    assert page.status_code == 200
    return words_of(page.text)


def missing_overnight(world: World, child: Any, **values: Any) -> None:
    """Away for twelve hours, from the evening of nine days ago."""
    away = {"kind": "missing", "started_at": f"{days_ago(9)}T20:00", "ended_at": f"{days_ago(8)}T08:00"}
    world.record(MissingEpisode, person_id=child, **(away | values))


def at_school(world: World, child: Any, **values: Any) -> None:
    spell = {"setting_type": "mainstream_school", "is_engaged": True, "valid_from": days_ago(90)}
    world.record(EducationSpell, person_id=child, **(spell | values))


def key_of(page: str) -> str:
    """The form's idempotency key: of the last form, as the search stands before none."""
    return re.findall(r'name="idempotency_key" value="([^"]+)"', page)[-1]


def send(client: FlaskClient, where: str, answers: dict[str, Any]) -> Any:
    """Open a form, answer it and send it."""
    page = client.get(where)
    assert page.status_code == 200, page.text
    carried = {"csrf_token": token_of(page.text), "idempotency_key": key_of(page.text)}
    return client.post(where, data=carried | answers)


def typed_day(name: str, day: date) -> dict[str, str]:
    """A date as three inputs send it."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that read record tables meanwhile. Sign-in, scope and audit have their own."""
    tables = [kind.kind_name() for kind in KINDS]
    reads = re.compile(rf'FROM "?({"|".join(tables)})"?\b')
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if reads.search(sql):
            seen.append(sql)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
