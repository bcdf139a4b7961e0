"""Nothing typed is lost at the sign-in page, and nobody else ever sees it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from outcomes.accounts import manage
from outcomes.core.clock import now, today
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.records.sessions import KeyworkerSession
from outcomes.web.kept_forms import MOST, KeptForm
from tests.builders import PASSWORD, TESTS, hidden_of, token_of
from tests.desk.conftest import House, typed_day

WORDS = "She said <b>“I made soup”</b>\r\nand laughed"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(now().replace(hour=12, minute=0), tick=False) as travelled:
        yield travelled


def new_session(house: House) -> str:
    return house.of(house.jay, "/keyworker-session/new")


def typed(page: str, **answers: str) -> dict[str, str]:
    said = {"happened": "held", "child_words": WORDS} | typed_day("on", today())
    return hidden_of(page) | said | answers


def sign_in(client: FlaskClient, who: str) -> str:
    """Sign in with the browser at hand; where it leads."""
    page = client.get("/sign-in?kept=yes").text
    answers = {"email": f"{who}@elm.example", "password": PASSWORD, "csrf_token": token_of(page)}
    answer = client.post("/sign-in", data=answers)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def sent_too_late(house: House, clock: time_machine.Traveller, minutes: int = 20) -> FlaskClient:
    """Ada opened the form, typed for too long and saved; her browser, at the sign-in page."""
    ada = house.signed_in("ada")
    page = ada.get(new_session(house)).text
    clock.shift(timedelta(minutes=minutes))
    answer = ada.post(new_session(house), data=typed(page))
    assert (answer.status_code, answer.location) == (303, "/sign-in?kept=yes")
    assert "What you typed is kept for 24 hours" in ada.get(answer.location).text
    return ada


def kept(house: House) -> list[KeptForm]:
    with house.inside():
        return list(db.session.scalars(select(KeptForm)))


def sessions(house: House) -> list[str | None]:
    with house.inside():
        return list(db.session.scalars(select(KeyworkerSession.child_words)))


def test_what_was_typed_comes_back_and_is_saved_once(any_house: House, clock: time_machine.Traveller) -> None:
    ada = sent_too_late(any_house, clock)
    # Kept, and nothing done: a draft is no record, and counts in no figure.
    assert sessions(any_house) == []
    where = sign_in(ada, "ada")
    assert where.startswith(f"{new_session(any_house)}?kept=")
    page = ada.get(where).text
    assert "You were signed out at 12:20pm. Nothing was lost: check it and save." in page
    assert "She said &lt;b&gt;“I made soup”&lt;/b&gt;" in page
    assert re.search(r'value="held"[^>]* checked', page)
    assert sessions(any_house) == []
    saved = ada.post(new_session(any_house), data=typed(page))
    assert (saved.status_code, saved.location) == (303, any_house.of(any_house.jay))
    assert sessions(any_house) == [WORDS.replace("\r\n", "\n")]
    assert kept(any_house) == []
    assert ada.get(where).text.count("I made soup") == 0


def test_another_account_on_the_same_browser_sees_nothing(
    any_house: House, clock: time_machine.Traveller
) -> None:
    browser = sent_too_late(any_house, clock)
    (form,) = kept(any_house)
    assert sign_in(browser, "rosa") == "/"
    for where in (form.href, new_session(any_house), "/my-day", "/account/kept-forms"):
        page = browser.get(where).text
        assert "I made soup" not in page and "signed out" not in page, where
    token = token_of(browser.get("/account/kept-forms").text)
    discard = f"/account/kept-forms/{form.public_id}/discard"
    assert browser.post(discard, data={"csrf_token": token}).status_code == 404
    # She could not delete it either: it is there for Ada, on any device.
    assert sign_in(any_house.signed_in("mo"), "ada") == form.href


def test_a_kept_form_fills_no_other_form(house: House, clock: time_machine.Traveller) -> None:
    ada = sent_too_late(house, clock)
    where = sign_in(ada, "ada")
    other = where.replace(house.jay, house.noor)
    assert "I made soup" not in ada.get(other).text
    assert "I made soup" in ada.get(where).text


def test_a_correction_comes_back_with_the_version_it_was_made_from(
    house: House, clock: time_machine.Traveller
) -> None:
    """Somebody else saved meanwhile: the clash is told, not written over."""
    with house.inside() as world:
        session = world.record(
            KeyworkerSession,
            person_id=house.child(house.jay),
            status="held",
            held_on=now().date().isoformat(),
        )
        where = house.of(house.jay, f"/keyworker-session/{session.public_id}/correct")
    ada, mo = house.signed_in("ada"), house.signed_in("mo")
    page = ada.get(where).text
    fields = {"status": "held", "correction_reason": "Mended"} | dict(
        re.findall(r'name="(held_on-\w+)"[^>]* value="(\d+)"', page)
    )
    assert (
        mo.post(where, data=hidden_of(mo.get(where).text) | fields | {"child_words": "Mo's"}).status_code
        == 303
    )
    clock.shift(timedelta(minutes=20))
    ada.post(where, data=hidden_of(page) | fields | {"child_words": "Ada's"})
    back = ada.get(sign_in(ada, "ada")).text
    assert "Ada&#39;s" in back and "Mo&#39;s" not in back
    clash = ada.post(where, data=hidden_of(back) | fields | {"child_words": "Ada's"})
    assert clash.status_code == 409
    assert "Ada&#39;s" in clash.text and "Mo&#39;s" in clash.text


def test_it_is_forgotten_after_a_day(house: House, clock: time_machine.Traveller) -> None:
    ada = sent_too_late(house, clock)
    clock.shift(timedelta(hours=23))
    where = sign_in(ada, "ada")
    assert "I made soup" in ada.get(where).text
    clock.shift(timedelta(hours=2))
    assert sign_in(ada, "ada") == "/"
    assert "I made soup" not in ada.get(where).text


def test_its_author_deletes_it(house: House, clock: time_machine.Traveller) -> None:
    ada = sent_too_late(house, clock)
    page = ada.get(sign_in(ada, "ada")).text
    (discard,) = re.findall(r'action="(/account/kept-forms/[\w-]+/discard)"', page)
    assert ada.post(discard, data={"csrf_token": token_of(page)}).status_code == 303
    assert kept(house) == []
    assert "Everything that you typed is saved" in ada.get("/account/kept-forms").text


@pytest.mark.parametrize(
    "how", ["signed out", "disabled", "another site", "no token", "nobody", "nothing typed"]
)
def test_what_is_not_kept(house: House, clock: time_machine.Traveller, how: str) -> None:
    """Only what the session's own browser sends from our page, after the session ended by itself."""
    ada = house.signed_in("ada")
    page = ada.get(new_session(house)).text
    answers, headers = typed(page), {"Sec-Fetch-Site": "same-origin"}
    if how == "signed out":
        copy = house.app.test_client()
        cookie = ada.get_cookie(house.app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        copy.set_cookie(cookie.key, cookie.value)
        ada.post("/sign-out", data={"csrf_token": token_of(page)})
        ada = copy
    clock.shift(timedelta(minutes=20))
    if how == "disabled":
        with house.inside(), transaction() as session:
            manage.disable(session, email="ada@elm.example", by=TESTS)
    if how == "another site":
        headers = {"Sec-Fetch-Site": "cross-site"}
    if how == "no token":
        del answers["csrf_token"]
    if how == "nobody":
        ada = house.app.test_client()
    if how == "nothing typed":
        answers = hidden_of(page)
    answer = ada.post(new_session(house), data=answers, headers=headers)
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert kept(house) == []


def test_a_password_is_never_kept(house: House, clock: time_machine.Traveller) -> None:
    ada = house.signed_in("ada")
    page = ada.get("/account/tokens/new").text
    clock.shift(timedelta(minutes=20))
    ada.post("/account/tokens/new", data=hidden_of(page) | {"name": "Nightly export", "password": PASSWORD})
    (form,) = kept(house)
    assert "Nightly export" in form.content
    assert PASSWORD not in form.content and "csrf" not in form.content


def test_an_account_keeps_only_so_many(house: House, clock: time_machine.Traveller) -> None:
    ada = house.signed_in("ada")
    page = ada.get(new_session(house)).text
    clock.shift(timedelta(minutes=20))
    for number in range(MOST + 3):
        clock.shift(timedelta(seconds=1))
        ada.post(
            new_session(house), data=typed(page, idempotency_key=f"key{number}", next_action=str(number))
        )
    with house.inside():
        assert db.session.scalar(select(func.count(KeptForm.id))) == MOST
    # The same form sent twice is one, in its last state; the oldest went first.
    ada.post(new_session(house), data=typed(page, idempotency_key=f"key{MOST + 2}", next_action="last"))
    forms = kept(house)
    assert len(forms) == MOST
    assert "key0" not in {form.form_key for form in forms}
    assert forms[-1].typed()["next_action"] == "last"


def test_a_program_and_a_page_that_was_only_read_keep_nothing(
    house: House, clock: time_machine.Traveller
) -> None:
    ada = house.signed_in("ada")
    clock.shift(timedelta(minutes=20))
    assert ada.get(new_session(house)).location.startswith("/sign-in?next=")
    assert ada.post(f"/api/v1/children/{house.jay}/health-check", json={}).status_code == 401
    assert kept(house) == []
