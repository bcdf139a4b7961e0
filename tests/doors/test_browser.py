"""Markup in every text of every record, and every page opened in a real browser: nothing runs."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from outcomes.access.bind import system_scope
from outcomes.kit.declaring.fields import Text
from outcomes.kit.declaring.record import KINDS
from outcomes.kit.reading.view import raw_of
from tests.browser import watched
from tests.doors.bank import RUNNING
from tests.doors.conftest import ROLES, Town
from tests.doors.test_writing import accepted, corrected, is_json, the_record

pytestmark = pytest.mark.browser

ALL = "".join(RUNNING.values())
SHORT = RUNNING["image"]


def plant(town: Town) -> int:
    """Every text of every record holds everything that would run, or where that is too long one of it."""
    planted = 0
    with town.app.app_context(), system_scope("a test"):
        for kind in KINDS:
            for text in (SHORT, ALL):
                standing = raw_of(the_record(town, kind))
                texts = [name for name, one in kind.asked_fields().items() if isinstance(one, Text)]
                for name in set(texts) & set(accepted(kind, standing, text)):
                    planted += corrected(town, kind, raw_of(the_record(town, kind)) | {name: text}) == ""
    return planted


def cookies_of(town: Town, role: object, address: str) -> list[dict[str, str]]:
    cookie = town.clients[role].get_cookie("outcomes")  # type: ignore[index]
    assert cookie is not None
    return [{"name": "outcomes", "value": cookie.value, "url": address}]


@pytest.fixture
def context(browser: Browser) -> BrowserContext:
    return browser.new_context()


def test_nothing_that_was_recorded_runs(
    town: Town, live: Callable[[Flask], str], context: BrowserContext
) -> None:
    if not town.on_sqlite:
        pytest.skip("a browser sees no difference between the databases")
    assert plant(town) > 50
    address, opened, dialogs = live(town.app), 0, []
    page: Page = context.new_page()
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    complaints = watched(page)
    for role in ROLES:
        context.add_cookies(cookies_of(town, role, address))  # type: ignore[arg-type]
        for row in town.doors("GET"):
            is_file = row["rule"].endswith((".csv", ".xlsx"))
            if is_json(row) or is_file or town.role_for(row["permission"]) is not role:
                continue
            page.goto(address + town.address(row))
            opened += 1
            assert page.locator("img[src=x], iframe, base, svg[onload]").count() == 0, row["rule"]
    assert dialogs == []
    # A page that answers 404 or 403 is told of by the browser, and is no fault here.
    assert [one for one in complaints if "the server responded with a status of 4" not in one] == []
    assert opened > 60
    context.close()


def test_the_browser_would_tell(context: BrowserContext) -> None:
    """A seeded fault: the same texts in a page that trusts them do run."""
    page, dialogs = context.new_page(), []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.set_content(f"<p>{SHORT}</p>")
    page.wait_for_timeout(500)
    assert dialogs == ["1"]
    context.close()
