"""A real browser for tests. `tests/conftest.py` offers its fixtures to every folder.

`live(app)` serves an application and gives its address; `browser` is Chromium; `windows(size)` opens a
window of a browser of its own; `examine(page)` tells what is wrong with the page that is open: axe,
sideways overflow. Without Chromium the tests are
skipped, saying why; with CI=true that is a failure.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from tests.builders import PASSWORD

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
Live = Callable[[Flask], str]
Windows = Callable[..., Page]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    if not os.path.exists(CHROMIUM):  # noqa: PTH110
        told = f"No Chromium at {CHROMIUM}: install the package `chromium` to run the browser tests."
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def live() -> Iterator[Live]:
    """Serve an application on a free port for the length of a test."""
    with ExitStack() as running:

        def serve(app: Flask) -> str:
            server = make_server("127.0.0.1", 0, app, threaded=True)
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            running.callback(server.server_close)
            running.callback(thread.join)
            running.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_port}"

        yield serve


@pytest.fixture
def windows(browser: Browser) -> Iterator[Windows]:
    """Open a window of a browser of its own: windows(PHONE, java_script_enabled=False)."""
    opened = []

    def open_window(size: dict[str, int], **options: Any) -> Page:
        opened.append(browser.new_context(viewport=size, **options))
        return opened[-1].new_page()

    yield open_window
    for context in opened:
        context.close()


def sign_in(page: Page, base: str, email: str) -> None:
    """Through the page, as somebody with the tests' password."""
    page.goto(f"{base}/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/sign-in" not in address)


def watched(page: Page) -> list[str]:
    """Everything that the page's console complains of from now on: refused scripts, missing files."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def examine(page: Page) -> list[str]:
    """What is wrong with the page that is open, in words: axe's findings, and sideways overflow."""
    found = Axe().run(page)
    faults = [
        f"axe {violation['id']}: {violation['help']}: "
        + "; ".join(node["html"][:160] for node in violation["nodes"])
        for violation in found.response["violations"]
    ]
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over > 0:
        faults.append(f"the page is {over} px wider than the window of {page.viewport_size['width']} px")
    return faults
