"""The scope through the front door: the whole application, somebody signed in, pages and the audit."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from outcomes.access.bind import system_scope
from outcomes.accounts.account import Account, AccountGrant
from outcomes.accounts.login import shared
from outcomes.accounts.roles import Role
from outcomes.audit.entry import AuditEntry
from outcomes.audit.verify import verify
from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from tests.access.world import World
from tests.audit.breaking import audit_broken

PASSWORD = "marmalade-tuba-glacier"


@pytest.fixture
def client(world: World) -> FlaskClient:
    """Ada, keyworker in Elm House, signed in."""
    with world.app.app_context():
        hashed = shared().passwords.hash(PASSWORD)
        with system_scope("let Ada in"), transaction() as session:
            account = session.get_one(Account, world["account ada"])
            account.password_hash = hashed
            account.staff_id = world["staff ada"]
            account.grants.append(
                AccountGrant(role=Role.KEYWORKER, home_id=world["home elm"], valid_from=today())
            )
    client = world.app.test_client()
    page = client.get("/sign-in").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"email": "ada@elm.example", "password": PASSWORD, "csrf_token": token}
    assert client.post("/sign-in", data=data).status_code == 303
    return client


def address(world: World, child: str) -> str:
    with world.app.app_context(), system_scope("find the address") as session:
        return f"/children/{session.get_one(Person, world[f'person {child}']).public_id}"


def entries(world: World) -> int:
    with world.app.app_context():
        return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


@pytest.mark.parametrize("child", ["own_now", "left", "same_provider"])
def test_ones_own_child_is_shown_and_noted(world: World, client: FlaskClient, child: str) -> None:
    where = address(world, child)
    before = entries(world)
    page = client.get(where)
    assert page.status_code == 200
    assert child in page.text
    assert entries(world) > before
    with world.app.app_context():
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (last.account_id, last.role, last.outcome) == (world["account ada"], "keyworker", "ok")
        assert verify().ok


@pytest.mark.parametrize("child", ["own_formerly", "long_left", "other", "fostered", "coming", "mistaken"])
def test_another_child_and_no_child_answer_alike(world: World, client: FlaskClient, child: str) -> None:
    other, nobody = client.get(address(world, child)), client.get("/children/" + "x" * 22)
    assert other.status_code == nobody.status_code == 404
    assert child not in other.text
    mains = [page.text.split("<main")[1].split("</main>")[0] for page in (other, nobody)]
    assert mains[0] == mains[1]


def test_a_child_who_has_moved_is_gone_at_the_next_request(world: World, client: FlaskClient) -> None:
    where = address(world, "own_now")
    assert client.get(where).status_code == 200
    with world.app.app_context(), system_scope("move the child"), transaction() as session:
        stay = session.get_one(Placement, world["placement own_now at elm"])
        stay.ended_on = today() - timedelta(days=2)
    assert client.get(where).status_code == 404


def test_when_the_audit_cannot_be_written_nothing_is_shown(world: World, client: FlaskClient) -> None:
    where = address(world, "own_now")
    with audit_broken(world.app):
        page = client.get(where)
        assert page.status_code == 503
        assert "own_now" not in page.text
    assert client.get(where).status_code == 200
