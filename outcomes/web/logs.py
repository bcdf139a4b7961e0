"""Log lines: JSON on standard error, each with the request's id, none with anybody's data.

What a person typed, an address's parameters and an exception's own words never get here: they
hold children's names. A fault is told by its type and the places it passed.
"""

import secrets
import sys
import time
import traceback
from typing import Any

import structlog
from flask import Flask, Response, g, request

_START = "web_started"
_ID = "web_request_id"


def configure_logs() -> None:
    """Write log lines as JSON to standard error, which the commands leave free for this."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        # Looked up at each line, so that a stream that was replaced meanwhile is still the right one.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def log(event: str, **facts: Any) -> None:
    """One line. `facts` are counts, codes, types and rules; never content."""
    structlog.get_logger().info(event, **facts)


def request_id() -> str:
    """This request's random id. Made here: one that the sender made up is not believed."""
    if _ID not in g:
        setattr(g, _ID, secrets.token_hex(8))
    return g.get(_ID)


def where(error: BaseException) -> list[str]:
    """The places a fault passed, as file:line in function; no values, no message."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames][-12:]


def kinds(error: BaseException) -> list[str]:
    """The type of a fault and of those that caused it, newest first."""
    chain: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(chain) < 5:
        chain.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        cause = cause.__cause__ or cause.__context__
    return chain


def log_fault(error: BaseException, event: str) -> None:
    """A fault that nobody foresaw, without anything personal in it."""
    structlog.get_logger().error(
        event,
        request_id=request_id(),
        method=request.method,
        rule=request.url_rule.rule if request.url_rule else None,
        error=kinds(error),
        where=where(error),
    )


def install_logs(app: Flask) -> None:
    """Time every request and write one line for it, except for static files."""
    app.before_request(_start)
    app.after_request(_finish)


def _start() -> None:
    setattr(g, _START, time.perf_counter())


def _finish(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id()
    if request.endpoint != "static":
        log(
            "request",
            request_id=request_id(),
            method=request.method,
            rule=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            milliseconds=round((time.perf_counter() - g.get(_START, time.perf_counter())) * 1000, 1),
        )
    return response
