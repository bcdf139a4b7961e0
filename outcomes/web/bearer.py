"""Bearer tokens on the way in: which requests are a program's, and what they carry.

Under /api/ a request with an Authorization header is judged by that header alone: its cookie is
never read, so it needs no CSRF token, and a token that does not work is never rescued by a
browser's session. Pages never look at the header. Whose token it is, `accounts/tokens.py` knows.
"""

from flask import request

from outcomes.core.errors import OutcomesError

API = "/api/"
SCHEME = "bearer"


class TokenRefused(OutcomesError):
    """Unknown, expired, revoked, or its owner may not sign in: all answer alike."""

    code = "token_refused"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "This token does not work. It may be mistyped, expired or revoked, or its owner's role has "
            "changed. Send a working one as the header Authorization: Bearer …"
        )


def wants_json() -> bool:
    """True for programs: everything under /api/ answers in JSON, everything else in HTML."""
    return request.path.startswith(API)


def by_token() -> bool:
    """Is this request a program's, judged by its Authorization header and never by a cookie?"""
    return wants_json() and "Authorization" in request.headers


def token_sent() -> str:
    """The token that this request carries. Raises TokenRefused where the header is of another scheme."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME or not token.strip():
        raise TokenRefused
    return token.strip()
