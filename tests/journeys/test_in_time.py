"""A journey in time: what was yours a moment ago is refused at the next request.

Every refusal has its twin: the same request went through just before.
"""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from outcomes.accounts import manage
from outcomes.care.people import Allocation, Person
from outcomes.care.placements import Placement
from outcomes.core.clock import now, today
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.kit.declaring.record import Record
from outcomes.kit.reading.view import raw_of
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.records.sessions import KeyworkerSession
from tests.builders import TESTS, signed_in, token_of
from tests.journeys.conftest import Story, address_of


def day(ago: int) -> str:
    return (today() - timedelta(days=ago)).isoformat()


def ended(kind: type[Record], person: Person, field: str, ago: int) -> None:
    """Correct the child's one record of a kind: it ended some days ago. Inside the application."""
    record = db.session.scalars(select(kind).filter_by(person_id=person.id)).one()
    raw = raw_of(record) | {field: day(ago), "person_id": person}
    with transaction():
        checked = check(kind, raw, with_owner=True)
        writer.correct(record, checked, revision=record.revision, reason="has ended", by=TESTS)


def sent_to_sign_in(client: FlaskClient, where: str) -> bool:
    answer = client.get(where)
    return answer.status_code == 303 and str(answer.location).startswith("/sign-in")


def test_a_cookie_kept_from_before_the_sign_out_is_worth_nothing(any_story: Story) -> None:
    ada = signed_in(any_story.app, address_of("ada"))
    kept = ada.get_cookie(any_story.app.config["SESSION_COOKIE_NAME"])
    assert kept is not None
    thief = any_story.app.test_client()
    thief.set_cookie(kept.key, kept.value)
    assert thief.get("/my-day").status_code == 200
    token = token_of(ada.get("/children").text)
    assert ada.post("/sign-out", data={"csrf_token": token}).status_code == 303
    for client in (ada, thief):
        assert sent_to_sign_in(client, "/my-day")


def test_an_ended_grant_and_a_disabled_account_are_refused_at_once(any_story: Story) -> None:
    ada, mo = (signed_in(any_story.app, address_of(who)) for who in ("ada", "mo"))
    child = f"/children/{any_story.zephyrine}"
    assert ada.get(child).status_code == mo.get(child).status_code == 200
    with any_story.inside(), transaction() as session:
        manage.end_grants(session, email=address_of("ada"), on=today(), by=TESTS)
        manage.disable(session, email=address_of("mo"), by=TESTS)
    assert sent_to_sign_in(ada, child)
    assert sent_to_sign_in(mo, child)


@pytest.mark.parametrize("minutes", [16, 13 * 60], ids=["idle", "too long"])
def test_a_forgotten_browser_is_signed_out(story: Story, minutes: int) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        ada = signed_in(story.app, address_of("ada"))
        clock.shift(timedelta(minutes=14))
        assert ada.get("/my-day").status_code == 200
        clock.shift(timedelta(minutes=minutes))
        assert sent_to_sign_in(ada, "/my-day")


def test_a_child_who_moved_away_is_out_of_reach_and_who_stayed_is_not(any_story: Story) -> None:
    story = any_story
    ada = signed_in(story.app, address_of("ada"))
    child, stayed = f"/children/{story.zephyrine}", f"/children/{story.ottoline}"
    form = ada.get(f"{child}/keyworker-session/new")
    assert form.status_code == ada.get(stayed).status_code == 200
    with story.inside() as world:
        zephyrine = story.one(Person, public_id=story.zephyrine)
        ended(Placement, zephyrine, "ended_on", 3)
        world.placed(zephyrine, world.home("New place", world.organisation("Next Care")), day(3))
    assert ada.get(child).status_code == 404
    sent = ada.post(
        f"{child}/keyworker-session/new",
        data={"csrf_token": token_of(form.text), "idempotency_key": "k" * 22, "happened": "held"},
    )
    assert sent.status_code == 404
    assert ada.get(f"/api/v1{child}").status_code == 404
    assert ada.get(stayed).status_code == 200
    with story.inside():
        assert db.session.scalar(select(func.count()).select_from(KeyworkerSession)) == 2


def test_a_social_worker_whose_allocation_ended_reads_no_more(any_story: Story) -> None:
    sam = signed_in(any_story.app, address_of("sam"))
    child = f"/children/{any_story.zephyrine}"
    assert sam.get(child).status_code == 200
    with any_story.inside():
        ended(Allocation, any_story.one(Person, public_id=any_story.zephyrine), "valid_to", 0)
    assert sam.get(child).status_code == 404
    assert "Zephyrine" not in sam.get("/children").text
    assert "Ottoline" in sam.get("/children").text
