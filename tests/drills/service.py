"""A real `outcomes serve` in a process of its own, to be killed, and what a client needs to write to it."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.builders import PASSWORD, token_of

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody who is signed in writes from. Good also after the service was started again."""

    port: int
    cookie: str
    token: str

    def connect(self) -> HTTPConnection:
        return HTTPConnection(HOST, self.port, timeout=30)

    def send(
        self, connection: HTTPConnection, method: str, path: str, body: Any, key: str, **more: str
    ) -> tuple[int, dict[str, Any]]:
        """One JSON request; the status and what was answered. Raises OSError or HTTPException."""
        headers = {
            "Content-Type": "application/json",
            "Cookie": self.cookie,
            "X-CSRF-Token": self.token,
            "Idempotency-Key": key,
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        connection.request(method, f"/api/v1{path}", json.dumps(body), headers)
        answer = connection.getresponse()
        said = answer.read()
        return answer.status, json.loads(said) if said.startswith(b"{") else {}


@contextmanager
def serving(folder: Path, url: str, port: int, *, fault: str = "") -> Iterator["subprocess.Popen[bytes]"]:
    """The service on a database, ready to answer. Killed at the end, if it still runs.

    `fault` names one of `faulty.py`'s, to see that a drill notices.
    """
    outcomes = [str(Path(sys.executable).with_name("outcomes"))]
    command = [sys.executable, "-m", "tests.drills.faulty", fault] if fault else outcomes
    surroundings = {
        **os.environ,
        "OUTCOMES_ENV": "test",
        "OUTCOMES_INSTANCE": str(folder),
        "DATABASE_URL": url,
    }
    with (folder / "service.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "serve", "--port", str(port)], env=surroundings, stdout=log, stderr=log
        )
        try:
            _wait(process, port, folder / "service.log")
            yield process
        finally:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        try:
            with build_opener().open(f"http://{HOST}:{port}/readyz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"The service does not answer. It said:\n{log.read_text()[-2000:]}")


def sign_in(port: int, email: str) -> Seat:
    """Sign in over the page, as people do."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    at = f"http://{HOST}:{port}"
    with browser.open(f"{at}/sign-in") as page:
        token = token_of(page.read().decode())
    typed = urlencode({"email": email, "password": PASSWORD, "csrf_token": token}).encode()
    with browser.open(f"{at}/sign-in", typed) as page:
        landed = page.read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', landed) or ""
    assert token, "nobody is signed in"
    return Seat(port, "; ".join(f"{one.name}={one.value}" for one in jar), token[1])
