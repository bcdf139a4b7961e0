"""Refusals and faults as answers: a page for people, the one JSON shape for programs under /api.

    {"error": {"code": "invalid", "message": "…", "fields": {"due_on": ["…"]}}}

A fault that nobody foresaw says nothing about itself but an id to quote.
"""

from flask import Flask, Response, jsonify, make_response, redirect, render_template
from markupsafe import escape
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES

from outcomes.core.errors import Invalid, OutcomesError, SignInNeeded, Unavailable
from outcomes.web.bearer import TokenRefused, wants_json
from outcomes.web.guard import sign_in_address
from outcomes.web.logs import log_fault, request_id

Fields = dict[str, list[str]]

TITLES = {
    400: "That request could not be read",
    401: "Sign in to continue",
    403: "Your role does not include this",
    404: "Page not found",
    405: "That cannot be done here",
    409: "This has changed",
    413: "That is too large",
    415: "That kind of content is not accepted",
    422: "There is a problem",
    429: "Too many tries",
    503: "Not available just now",
}
MESSAGES = {
    400: "The request could not be read. Go back and try again.",
    404: "There is no such page or record, or it is not yours to see.",
    405: "This address does not accept that kind of request. Go back and use the page's own buttons.",
    413: "What was sent is larger than this service accepts. Send less at once.",
    415: "Send this as application/json.",
    429: "There were too many tries. Wait a few minutes, then try again.",
}
CODES = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}
_UNFORESEEN = "Something went wrong here. It has been noted. If you tell us, quote this number: {id}."
_LAST_RESORT = (
    '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Error: {title} – Outcomes</title>'
    '<meta name="viewport" content="width=device-width"></head><body><main><h1>{title}</h1><p>{message}</p>'
    '<p><a href="/">Go to the first page</a></p></main></body></html>'
)


def install_errors(app: Flask) -> None:
    app.register_error_handler(OutcomesError, answer)
    app.register_error_handler(HTTPException, _http_answer)
    app.register_error_handler(Exception, _unforeseen)


def answer(error: OutcomesError) -> Response:
    """The answer to a refusal. Also for views that want to refuse without raising."""
    if isinstance(error, SignInNeeded) and not wants_json():
        return make_response(redirect(sign_in_address(), 303))
    fields = error.fields if isinstance(error, Invalid) else {}
    message = error.message
    if fields and not wants_json():
        # A page of refusal has nowhere to hang a field's message, so it is told in one breath.
        message = " ".join(text for texts in fields.values() for text in texts)
    response = _problem(error.status, error.code, message, fields)
    if error.status == 401:
        refused = isinstance(error, TokenRefused)
        response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if refused else "Bearer"
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http_answer(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None or status < 400:
        # A ready-made answer or a redirect of the router: not a refusal.
        return make_response(error.get_response())
    if status >= 500:
        return _unforeseen(error)
    response = _problem(status, CODES.get(status, "refused"), MESSAGES.get(status, ""), {})
    for name, value in error.get_headers():
        # 405 must keep Allow, 429 Retry-After, 416 Content-Range.
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _unforeseen(error: Exception) -> Response:
    log_fault(error, "request failed")
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        # The database is away, full or busy: nothing was kept, and it may be back in a moment.
        return answer(Unavailable())
    return _problem(500, "fault", _UNFORESEEN.format(id=request_id()), {})


def _problem(status: int, code: str, message: str, fields: Fields) -> Response:
    title = TITLES.get(
        status, "Something went wrong" if status >= 500 else HTTP_STATUS_CODES.get(status, TITLES[400])
    )
    message = message or MESSAGES[400]
    if wants_json():
        response = jsonify({"error": {"code": code, "message": message, "fields": fields}})
    else:
        response = make_response(_page(title, message, status))
    response.status_code = status
    return response


def _page(title: str, message: str, status: int) -> str:
    try:
        return render_template("errors/problem.html", title=title, message=message, status=status)
    except Exception as error:
        # The layout may need what has just failed. Somebody still deserves a page that says so.
        log_fault(error, "problem page failed")
        return _LAST_RESORT.format(title=escape(title), message=escape(message))
