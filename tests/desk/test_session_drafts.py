"""The draft of a key-worker session: kept while it is typed, for its author alone, and never a record."""

import re
from datetime import timedelta

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from outcomes.audit.entry import AuditEntry
from outcomes.core.clock import now, today
from outcomes.core.database import db
from outcomes.records.sessions import KeyworkerSession
from outcomes.web.kept_forms import KeptForm
from tests.builders import hidden_of
from tests.desk.conftest import House, typed_day


def form_of(house: House, client: FlaskClient) -> str:
    page = client.get(house.of(house.jay, "/keyworker-session/new"))
    assert page.status_code == 200
    return str(page.text)


def keep(house: House, client: FlaskClient, page: str, words: str, child: str = "") -> int:
    where = house.of(child or house.jay, "/keyworker-session/draft")
    answers = {"happened": "held", "child_words": words} | typed_day("on", today())
    return client.post(where, data=hidden_of(page) | answers).status_code


def drafts(house: House) -> list[str]:
    with house.inside():
        return [one.typed()["child_words"] for one in db.session.scalars(select(KeptForm))]


def test_a_draft_is_offered_and_the_save_deletes_it(any_house: House) -> None:
    ada = any_house.signed_in("ada")
    page = form_of(any_house, ada)
    assert 'data-app-draft="' in page
    assert [keep(any_house, ada, page, words) for words in ("I made", "I made soup")] == [204, 204]
    assert drafts(any_house) == ["I made soup"]
    # On any device: she left it, and goes on with it. It was never a record.
    again = any_house.signed_in("ada")
    offered = form_of(any_house, again)
    assert re.search(r"You left this at \d+:\d\d[ap]m", offered) and "I made soup" not in offered
    (where,) = re.findall(r'href="([^"]+\?kept=[\w-]+)"', offered)
    page = again.get(where).text
    assert "I made soup" in page
    with any_house.inside():
        assert db.session.scalar(select(func.count(KeyworkerSession.id))) == 0
    saved = again.post(
        where.partition("?")[0],
        data=hidden_of(page)
        | {"happened": "held", "child_words": "Soup"}
        | dict(re.findall(r'name="(on-\w+)"[^>]* value="(\d+)"', page)),
    )
    assert saved.status_code == 303
    assert drafts(any_house) == []
    # A last word of the browser that comes after the save is no draft any longer.
    assert keep(any_house, again, page, "I made soup and bread") == 204
    assert drafts(any_house) == []


def test_nobody_else_sees_a_draft(any_house: House) -> None:
    ada, mo = any_house.signed_in("ada"), any_house.signed_in("mo")
    keep(any_house, ada, form_of(any_house, ada), "I made soup")
    with any_house.inside():
        href = db.session.scalars(select(KeptForm)).one().href
    for where in (href, any_house.of(any_house.jay), any_house.of(any_house.jay, "/timeline"), "/my-day"):
        assert "soup" not in mo.get(where).text, where
    assert "You left this" not in form_of(any_house, mo)
    assert "You left this" in form_of(any_house, ada)


def test_a_draft_about_a_child_who_is_not_ones_own_is_refused(house: House) -> None:
    ada = house.signed_in("ada")
    page = form_of(house, ada)
    assert keep(house, ada, page, "Hello", child=house.kit) == 404
    assert drafts(house) == []
    assert keep(house, ada, page, "Hello") == 204


def test_my_day_reminds_of_what_is_not_saved(house: House) -> None:
    ada = house.signed_in("ada")
    assert "not saved yet" not in ada.get("/my-day").text
    keep(house, ada, form_of(house, ada), "I made soup")
    assert "A form that you have not saved yet" in ada.get("/my-day").text
    assert "not saved yet" not in house.signed_in("rosa").get("/my-day").text
    page = ada.get("/account/kept-forms").text
    assert "Keyworker session" in page and "soup" not in page


def test_an_empty_form_is_no_draft(house: House) -> None:
    ada = house.signed_in("ada")
    answer = ada.post(house.of(house.jay, "/keyworker-session/draft"), data=hidden_of(form_of(house, ada)))
    assert answer.status_code == 422
    assert drafts(house) == []


def test_a_draft_is_audited_once_and_without_its_words(house: House) -> None:
    ada = house.signed_in("ada")
    page = form_of(house, ada)
    for words in ("I", "I made", "I made soup"):
        keep(house, ada, page, words)
    with house.inside():
        (entry,) = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "keyworker-session:draft")
        )
        assert (entry.person, entry.reason) == (house.jay, "")


def test_a_draft_lives_for_two_weeks(house: House) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        ada = house.signed_in("ada")
        keep(house, ada, form_of(house, ada), "I made soup")
        clock.shift(timedelta(days=13))
        ada = house.signed_in("ada")
        assert "You left this" in form_of(house, ada)
        clock.shift(timedelta(days=2))
        assert "You left this" not in form_of(house, house.signed_in("ada"))
