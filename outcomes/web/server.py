"""The embedded server: waitress, with limits that survive slow and greedy clients.

Waitress reads every request whole before a thread works on it, so half-open connections only cost
a socket each; what they cost is bounded here. With its defaults 150 of them stop the service.
"""

from typing import Any

from flask import Flask
from waitress.server import create_server

from outcomes.core.settings import Settings

THREADS = 8
MOST_CONNECTIONS = 2000
SILENT_SECONDS = 15
LARGEST_HEADERS = 32 * 1024


def server_for(app: Flask, settings: Settings, host: str, port: int) -> Any:
    """A server that listens already; `run()` serves until it is interrupted, `close()` ends it."""
    return create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        connection_limit=MOST_CONNECTIONS,
        channel_timeout=SILENT_SECONDS,
        cleanup_interval=5,
        # select() cannot watch more than 1,024 sockets.
        asyncore_use_poll=True,
        max_request_header_size=LARGEST_HEADERS,
        # Refused by the declared size, before the body is read; the application checks once more.
        max_request_body_size=settings.largest_body,
        # Waitress drops these headers unless told; ProxyFix believes as many hops as are configured.
        clear_untrusted_proxy_headers=settings.proxy_hops == 0,
        ident="",
    )
