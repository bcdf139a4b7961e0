"""Browsers that have signed in before, for one account each.

A stranger can spend the attempts of a name that is not theirs. Whoever has signed in with this
browser lately is counted apart from them, so that they still get in. The cookie names nobody: it
holds a random number, and a digest that fits one account only. It is no proof of who is asking.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from outcomes.core.settings import Settings

KEPT_FOR = timedelta(days=90)


def known_device(email_key: str, settings: Settings) -> str:
    """The number of the asking browser, where it has signed in for this account; else blank."""
    try:
        number, digest = _signer().loads(
            request.cookies.get(_cookie(settings), ""), max_age=int(KEPT_FOR.total_seconds())
        )
    except (BadSignature, ValueError, TypeError):
        return ""
    return str(number) if hmac.compare_digest(str(digest), _digest(str(number), email_key)) else ""


def remember_device(response: Response, email_key: str, settings: Settings) -> None:
    """Have the browser keep that this account signed in with it."""
    number = known_device(email_key, settings) or secrets.token_urlsafe(16)
    response.set_cookie(
        _cookie(settings),
        _signer().dumps([number, _digest(number, email_key)]),
        max_age=KEPT_FOR,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _cookie(settings: Settings) -> str:
    return "__Host-outcomes-device" if settings.secure_cookies else "outcomes-device"


def _signer() -> URLSafeTimedSerializer:
    assert current_app.secret_key is not None
    return URLSafeTimedSerializer(current_app.secret_key, salt="a browser that has signed in")


def _digest(number: str, email_key: str) -> str:
    return hashlib.sha256(f"{number}\0{email_key}".encode(errors="surrogatepass")).hexdigest()
