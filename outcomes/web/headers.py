"""Headers on every answer: what a browser may load, where the page may appear, what may be kept.

`cspNonce` in the template context is this answer's nonce for GOV.UK's own script tags.
"""

import secrets

from flask import Flask, Response, g, request

from outcomes.core.settings import Settings

_NONCE = "web_csp_nonce"

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'nonce-{nonce}' 'strict-dynamic'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'none'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "browsing-topics",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "microphone",
            "payment",
            "usb",
        )
    ),
}
_HSTS = "max-age=31536000; includeSubDomains"
STATIC_SECONDS = 3600


def install_headers(app: Flask, settings: Settings) -> None:
    """Install them. First of all, so that every other part's answer gets them too."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_SECONDS
    app.context_processor(lambda: {"cspNonce": csp_nonce()})

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY.format(nonce=csp_nonce())
        response.headers.update(_FIXED)
        if request.endpoint != "static":
            # Records must not be found in a shared tablet's cache or behind its back button.
            response.headers["Cache-Control"] = "no-store"
        if settings.environment == "production":
            response.headers["Strict-Transport-Security"] = _HSTS
        response.headers.pop("Server", None)
        return response


def csp_nonce() -> str:
    """This answer's nonce, new for every one."""
    if _NONCE not in g:
        setattr(g, _NONCE, secrets.token_urlsafe(16))
    return g.get(_NONCE)
