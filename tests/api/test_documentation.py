"""The page at /api: for people, from the same description, whole without JavaScript."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser

from outcomes.access.bind import system_scope
from outcomes.core.token_scopes import TokenScope
from outcomes.kit.declaring.record import KINDS
from outcomes.web.routes import declarations
from tests.browser import DESKTOP, PHONE, examine, watched
from tests.builders import PASSWORD, World


def test_it_names_every_address_scope_and_field(app: Flask) -> None:
    page = app.test_client().get("/api").text
    for row in declarations(app):
        if row["rule"].startswith("/api/"):
            assert row["rule"].partition("<")[0] in page
    assert all(scope.value in page and scope.says in page for scope in TokenScope)
    for kind in KINDS:
        assert kind.declaration.many in page
    assert page.count('id="resource-') == page.count('href="#resource-') > len(KINDS)
    assert "missed_reason" in page and "Required. " in page


def test_it_is_open_to_everybody_and_every_page_leads_to_it(app: Flask) -> None:
    assert 'href="/api"' in app.test_client().get("/sign-in").text


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360 px", "1280 px"])
def test_it_has_no_fault_in_a_browser(
    app: Flask, live: Callable[[Flask], str], browser: Browser, size: dict[str, int]
) -> None:
    context = browser.new_context(viewport=size)
    page = context.new_page()
    complaints = watched(page)
    page.goto(f"{live(app)}/api")
    page.click("details >> nth=0")
    faults = [*examine(page), *complaints]
    context.close()
    assert faults == []


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360 px", "1280 px"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_somebody_makes_and_revokes_a_token_in_a_browser(
    app: Flask, live: Callable[[Flask], str], browser: Browser, size: dict[str, int], scripts: bool
) -> None:
    with app.app_context(), system_scope("a test"):
        world = World()
        email = world.account("registered_manager", at=world.home())
    context = browser.new_context(viewport=size, java_script_enabled=scripts)
    page, base, faults = context.new_page(), live(app), list[str]()

    def look() -> None:
        # axe is a script itself.
        faults.extend(examine(page) if scripts else ())

    page.goto(f"{base}/sign-in?next=/account/tokens")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    look()
    page.click("text=Make a token")
    page.click("main button[type=submit]")
    look()
    page.fill("input[name=name]", "Attendance import")
    page.check("input[value='records:read']")
    page.check("input[name=days][value='30']")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    assert "outcomes_" in page.inner_text("main code")
    look()
    page.click("text=I have copied it")
    look()
    page.click("text=Revoke Attendance import")
    look()
    page.click("main button[type=submit]")
    assert "Token revoked" in page.inner_text("main") and "Revoked" in page.inner_text("main table")
    context.close()
    assert faults == []
