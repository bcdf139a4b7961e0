"""The pages of figures in a real browser: axe, sideways overflow, the console; at 360 and 1280 px."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser import DESKTOP, PHONE, examine, watched
from tests.builders import PASSWORD
from tests.desk.figures_world import EPISODES, GOALS, Figures, figures_world

pytestmark = pytest.mark.browser


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[[dict[str, int]], Page]]:
    contexts = []

    def opened(size: dict[str, int]) -> Page:
        contexts.append(browser.new_context(viewport=size))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


def addresses(world: Figures) -> list[str]:
    return [
        world.scorecard(),
        world.measure(),
        world.measure(EPISODES),
        world.measure(GOALS),
        world.measure(period="2025-08"),
        f"/contracts/{world.contract}",
    ]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360 px", "1280 px"])
@pytest.mark.parametrize("who", ["commissioner", "manager"])
def test_no_page_of_figures_has_a_fault(
    app: Flask,
    live: Callable[[Flask], str],
    open_page: Callable[[dict[str, int]], Page],
    size: dict[str, int],
    who: str,
) -> None:
    world = figures_world(app)
    base, page = live(app), open_page(size)
    page.goto(f"{base}/sign-in")
    page.fill("input[name=email]", world.emails[who])
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main button[type=submit]")
    complaints, faults = watched(page), []
    for address in addresses(world):
        page.goto(f"{base}{address}")
        faults += [f"{address}: {fault}" for fault in [*examine(page), *complaints]]
        complaints.clear()
    assert not faults, "\n".join(faults)
