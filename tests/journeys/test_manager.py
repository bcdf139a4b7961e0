"""A registered manager takes a child in: registers, places, mends what was put down wrongly."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page

from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.clock import today
from outcomes.records.health import HealthCheck
from tests.browser import DESKTOP, Live, Windows, sign_in
from tests.journeys.conftest import Story, address_of

pytestmark = pytest.mark.browser

RECORD = re.compile(r"/[\w-]{22}$")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_child_is_registered_placed_and_a_wrong_record_withdrawn(
    story: Story, live: Live, windows: Windows, scripts: bool
) -> None:
    base, mo = live(story.app), windows(DESKTOP, java_script_enabled=scripts)
    sign_in(mo, base, address_of("mo"))
    child = register(mo, base)
    place(mo, base + child, story)
    withdraw_what_was_wrong(mo, base + child)
    with story.inside():
        person = story.one(Person, known_as="Barnaby")
        assert story.one(Placement, person_id=person.id).started_on == today()
        wrong = story.one(HealthCheck, person_id=person.id)
        assert (wrong.stands, wrong.withdrawn_why) == (False, "This was another child's")
        assert wrong.placement_id is not None
    # Everybody who works in the home meets the child at once; the key worker reads the correction too.
    ada = windows(DESKTOP)
    sign_in(ada, base, address_of("ada"))
    ada.goto(base + child)
    assert ada.get_by_role("heading", name="Barnaby").first.is_visible()


def register(mo: Page, base: str) -> str:
    """From the list of children; the address of the new child."""
    mo.goto(f"{base}/children")
    mo.get_by_role("button", name="Add a child").click()
    mo.locator("[name=person_kind]").first.wait_for()
    choose(mo, "person_kind", "child")
    mo.fill("[name=known_as]", "Barnaby")
    fill_day(mo, "date_of_birth", date(2013, 2, 28))
    mo.fill("[name=date_of_birth-day]", "30")
    save(mo)
    assert "enter a real date" in mo.locator(".govuk-error-summary").inner_text()
    assert mo.input_value("[name=known_as]") == "Barnaby"
    fill_day(mo, "date_of_birth", date(2013, 2, 28))
    save(mo)
    mo.wait_for_url(RECORD)
    return mo.url.removeprefix(base)


def place(mo: Page, child: str, story: Story) -> None:
    """In the home, from today. Without a home the form says what is missing, and keeps the rest."""
    mo.goto(f"{child}/placement/new")
    mo.locator("[name=provider_id]").first.wait_for()
    choose(mo, "provider_id", label="Larkfield Care")
    choose(mo, "placement_type", "childrens_home")
    fill_day(mo, "started_on", today())
    save(mo)
    assert mo.locator(".govuk-error-summary").is_visible()
    choose(mo, "home_id", story.home)
    save(mo)
    mo.wait_for_url(RECORD)


def withdraw_what_was_wrong(mo: Page, child: str) -> None:
    """It leaves the list, and its page says that it was withdrawn, when and why."""
    mo.goto(f"{child}/health-check/new")
    choose(mo, "kind", "dental")
    fill_day(mo, "attended_on", today())
    save(mo)
    mo.wait_for_url(RECORD)
    mo.get_by_role("button", name="Withdraw").or_(mo.get_by_role("link", name="Withdraw")).first.click()
    mo.fill("[name=reason]", "This was another child's")
    mo.get_by_role("button", name="Withdraw this record").click()
    mo.wait_for_url(RECORD)
    assert mo.get_by_text("This was another child's").first.is_visible()
    mo.goto(f"{child}/health-check")
    assert mo.locator("main table").count() == 0


def save(page: Page) -> None:
    page.locator("main form button[type=submit]").last.click()


def choose(page: Page, name: str, value: str = "", label: str = "") -> None:
    """An answer, whether the question is drawn as radios or as a list."""
    chosen = {"value": value} if value else {"label": label}
    listed = page.locator(f"select[name={name}]")
    if listed.count():
        listed.select_option(**chosen)
    elif value:
        page.locator(f'[name={name}][value="{value}"]').check()
    else:
        page.get_by_label(label).first.check()


def fill_day(page: Page, name: str, day: date) -> None:
    """A date as three inputs."""
    for part in ("day", "month", "year"):
        page.fill(f"[name={name}-{part}]", str(getattr(day, part)))
