"""The headers on every answer, whole, so that none is loosened in passing."""

import re
from pathlib import Path

import pytest
from flask import Blueprint, render_template_string, request

from outcomes.core.permissions import Permission
from outcomes.web.routes import route
from tests.web.site import Browser, make_site, settings_for

POLICY = (
    "default-src 'none'; script-src 'nonce-NONCE' 'strict-dynamic'; style-src 'self'; img-src 'self'; "
    "font-src 'none'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)


@pytest.mark.parametrize(
    "address", ["/", "/my-day", "/nothing", "/fault", "/homes", "/api/v1/children", "/list?page=0"]
)
def test_every_answer_has_them(browser: Browser, address: str) -> None:
    headers = browser.get(address).headers
    nonce = re.search(r"'nonce-([A-Za-z0-9_-]{22})'", headers["Content-Security-Policy"])
    assert nonce
    assert headers["Content-Security-Policy"].replace(nonce[1], "NONCE") == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=(), " in headers["Permissions-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers
    assert "Strict-Transport-Security" not in headers


def test_the_nonce_is_new_each_time_and_the_templates_have_it(tmp_path: Path) -> None:
    pages = Blueprint("nonces", __name__)

    @route(pages, "/nonce", permission=Permission.PUBLIC, audit="none")
    def nonce() -> str:
        return render_template_string("{{ cspNonce }}")

    browser = make_site(settings_for(tmp_path), pages).client()
    first, second = browser.get("/nonce"), browser.get("/nonce")
    assert f"'nonce-{first.text}'" in first.headers["Content-Security-Policy"]
    assert first.text != second.text


def test_static_files_may_be_kept(tmp_path: Path) -> None:
    site = make_site(settings_for(tmp_path))
    site.app.static_folder = str(tmp_path)
    (tmp_path / "app.css").write_text("a{}")
    headers = site.client().get("/static/app.css").headers
    assert headers["Cache-Control"] == "public, max-age=3600"
    assert "Content-Security-Policy" in headers


def test_production_speaks_https_only(tmp_path: Path) -> None:
    browser = make_site(settings_for(tmp_path, environment="production")).client()
    answered = browser.get("/token", base_url="https://localhost")
    assert answered.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = answered.headers["Set-Cookie"]
    assert cookie.startswith("__Host-outcomes=")
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert attribute in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("hops", "seen"), [(0, "127.0.0.1"), (1, "10.0.0.3"), (2, "10.0.0.2")], ids=["none", "one", "two"]
)
def test_only_configured_proxies_are_believed(tmp_path: Path, hops: int, seen: str) -> None:
    pages = Blueprint("addresses", __name__)

    @route(pages, "/address", permission=Permission.PUBLIC, audit="none")
    def address() -> str:
        return request.remote_addr or ""

    browser = make_site(settings_for(tmp_path, proxy_hops=hops), pages).client()
    forwarded = {"X-Forwarded-For": "10.0.0.1, 10.0.0.2, 10.0.0.3"}
    assert browser.get("/address", headers=forwarded).text == seen
