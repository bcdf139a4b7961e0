"""The embedded server, over real sockets."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Blueprint, request

from outcomes.core.permissions import Permission
from outcomes.web.routes import route
from outcomes.web.server import server_for
from tests.web.site import make_site, settings_for

HALF_OPEN = min(1100, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2 - 100)
"""More than select() can watch, and than the 150 that stop waitress with its defaults; where this
machine allows that many. Each costs a socket at either end."""


def plain_pages() -> Blueprint:
    pages = Blueprint("plain", __name__)

    @route(pages, "/", permission=Permission.PUBLIC, audit="none")
    def first() -> str:
        return request.remote_addr or ""

    return pages


@pytest.fixture(params=[0, 1], ids=["direct", "behind a proxy"])
def port(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[int]:
    settings = settings_for(tmp_path, largest_body=100_000, proxy_hops=request.param)
    server = server_for(make_site(settings, plain_pages()).app, settings, "127.0.0.1", 0)
    thread = Thread(target=run, args=(server,), daemon=True)
    thread.start()
    yield int(server.effective_port)
    server.close()
    thread.join(5)


def run(server: Any) -> None:
    try:
        server.run()
    except OSError:
        # Closing the sockets from another thread ends the loop this way.
        return


def ask(port: int, method: str = "GET", **kwargs: Any) -> tuple[HTTPResponse, str]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request(method, "/", **kwargs)
        answered = connection.getresponse()
        return answered, answered.read().decode()


def test_an_answer_does_not_say_who_served_it(port: int) -> None:
    answered, _ = ask(port)
    assert answered.status == 200
    assert answered.getheader("Server") is None
    assert answered.getheader("Cache-Control") == "no-store"


def test_forwarded_addresses_are_believed_only_behind_a_proxy(
    port: int, request: pytest.FixtureRequest
) -> None:
    _, seen = ask(port, headers={"X-Forwarded-For": "10.0.0.1, 10.0.0.2"})
    assert seen == ("10.0.0.2" if "proxy" in request.node.callspec.id else "127.0.0.1")


@pytest.mark.parametrize(
    "half", [b"GET / HTTP/1.1\r\nHost: a\r\n", b"POST / HTTP/1.1\r\nContent-Length: 999\r\n\r\na"]
)
def test_half_open_requests_do_not_stop_the_service(port: int, half: bytes) -> None:
    with ExitStack() as stack:
        for _ in range(HALF_OPEN):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            slow.sendall(half)
        # A server that they had stopped would answer only when it gives them up, after SILENT_SECONDS.
        assert ask(port)[0].status == 200


def test_a_large_body_is_refused_by_its_declared_size(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as sender:
        sender.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n")
        assert sender.recv(100).startswith(b"HTTP/1.1 413 ")


def test_large_headers_are_refused(port: int) -> None:
    assert ask(port, headers={"X-Long": "a" * 1000})[0].status == 200
    assert ask(port, headers={"X-Long": "a" * 40_000})[0].status == 431
