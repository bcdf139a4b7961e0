"""Forged requests: a token in every form, or in the header X-CSRF-Token of JSON with a cookie.

Flask-WTF also compares the Referer on https. Our pages send none (`Referrer-Policy: no-referrer`),
so that check is off and the browser's own word, Sec-Fetch-Site, is checked in its place.

A request with a bearer token is exempt: it is judged without its cookie, and no other site's page
can make a browser send the header (`bearer.py`).
"""

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from outcomes.core.errors import Malformed
from outcomes.core.settings import Settings
from outcomes.web.bearer import by_token
from outcomes.web.errors import answer

_OURS = ("same-origin", "none")


def install_csrf(app: Flask, settings: Settings) -> None:
    """Check every unsafe request, and set the cookie that the token is tied to."""
    app.config.update(
        # The token lives as long as the session that it belongs to, which is short.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        # Asked below instead, so that requests with a token are left out.
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_HEADERS=["X-CSRF-Token"],
        SESSION_COOKIE_NAME="__Host-outcomes" if settings.secure_cookies else "outcomes",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_DOMAIN=None,
    )
    app.before_request(_check_site)
    protection = CSRFProtect(app)

    @app.before_request
    def check_form_token() -> None:
        if app.config["WTF_CSRF_ENABLED"] and not by_token():
            protection.protect(apply_exemptions=True)

    app.register_error_handler(CSRFError, _refused)


def from_our_page() -> bool:
    """By the browser's own word; True also for a program, which has no other site's page to fear."""
    return request.headers.get("Sec-Fetch-Site", "none") in _OURS


def _check_site() -> None:
    if request.method not in ("GET", "HEAD", "OPTIONS") and not from_our_page():
        raise Malformed("This was sent by another site's page. Nothing was done.")


def _refused(_error: CSRFError) -> Response:
    return answer(
        Malformed(
            "This page was open for too long, or belongs to somebody who has signed out. "
            "Go back, load the page again and send it once more."
        )
    )
