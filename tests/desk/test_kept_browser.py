"""Journeys in a real browser: typed, signed out, signed in again; the device changes hands; a draft."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page
from sqlalchemy import select, update

from outcomes.accounts.sessions import SignInSession
from outcomes.core.clock import now
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.records.sessions import KeyworkerSession
from tests.browser import PHONE, Live, Windows, examine, sign_in
from tests.desk.conftest import House

pytestmark = pytest.mark.browser


def time_out(house: House) -> None:
    """Nobody has asked for anything in twenty minutes."""
    with house.inside(), transaction() as session:
        session.execute(update(SignInSession).values(last_seen_at=now() - timedelta(minutes=20)))


def typed_too_long(house: House, page: Page, base: str) -> None:
    sign_in(page, base, "ada@elm.example")
    page.goto(base + house.of(house.jay, "/keyworker-session/new"))
    page.get_by_label("Yes, it was held").check()
    page.fill("[name=child_words]", "I made soup")
    time_out(house)
    page.get_by_role("button", name="Save session").click()
    page.wait_for_url("**/sign-in?kept=yes")
    assert page.get_by_text("What you typed is kept for 24 hours").is_visible()
    assert examine(page) == []


def sign_in_here(page: Page, who: str) -> None:
    page.fill("input[name=email]", f"{who}@elm.example")
    page.fill("input[name=password]", "marmalade-tuba-glacier")
    page.click("main button[type=submit]")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_was_typed_is_there_after_signing_in_again(
    house: House, live: Live, windows: Windows, scripts: bool
) -> None:
    base, page = live(house.app), windows(PHONE, java_script_enabled=scripts)
    if not scripts:
        # axe is a script itself.
        sign_in(page, base, "ada@elm.example")
        page.goto(base + house.of(house.jay, "/keyworker-session/new"))
        page.get_by_label("Yes, it was held").check()
        page.fill("[name=child_words]", "I made soup")
        time_out(house)
        page.get_by_role("button", name="Save session").click()
    else:
        typed_too_long(house, page, base)
    sign_in_here(page, "ada")
    page.wait_for_url("**/keyworker-session/new?kept=*")
    assert page.get_by_text("Nothing was lost").is_visible()
    assert page.input_value("[name=child_words]") == "I made soup"
    assert page.get_by_label("Yes, it was held").is_checked()
    assert not scripts or examine(page) == []
    page.get_by_role("button", name="Save session").click()
    page.wait_for_url(f"**{house.of(house.jay)}")
    with house.inside():
        assert list(db.session.scalars(select(KeyworkerSession.child_words))) == ["I made soup"]


def test_the_next_one_at_the_device_sees_nothing(house: House, live: Live, windows: Windows) -> None:
    base, page = live(house.app), windows(PHONE)
    typed_too_long(house, page, base)
    sign_in_here(page, "rosa")
    page.wait_for_url(f"{base}/my-day")
    for where in (house.of(house.jay, "/keyworker-session/new"), "/account/kept-forms"):
        page.goto(base + where)
        assert "soup" not in page.content() and "signed out" not in page.content()
    assert page.get_by_text("Everything that you typed is saved").is_visible()


def test_a_draft_survives_a_dead_battery(house: House, live: Live, windows: Windows) -> None:
    base, page = live(house.app), windows(PHONE)
    sign_in(page, base, "ada@elm.example")
    page.goto(base + house.of(house.jay, "/keyworker-session/new"))
    page.fill("[name=child_words]", "I made soup")
    page.get_by_text("Kept as a draft").wait_for()
    page.context.clear_cookies()
    page.close(run_before_unload=False)
    other = windows(PHONE)
    sign_in(other, base, "ada@elm.example")
    other.goto(base + house.of(house.jay, "/keyworker-session/new"))
    assert examine(other) == []
    other.get_by_role("link", name="Go on with it").click()
    assert other.input_value("[name=child_words]") == "I made soup"
