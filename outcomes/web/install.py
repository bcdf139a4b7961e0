"""Everything of the HTTP kit put into one application, in the order that makes it safe."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from outcomes.core.settings import Settings
from outcomes.web.csrf import install_csrf
from outcomes.web.errors import install_errors
from outcomes.web.guard import check_guard, install_guard
from outcomes.web.headers import install_headers
from outcomes.web.limits import install_body_limits, install_limits
from outcomes.web.logs import configure_logs, install_logs
from outcomes.web.openapi import check_described
from outcomes.web.reads import check_reads, install_reads
from outcomes.web.routes import check_routes, prepare_routes
from outcomes.web.signed_out import install_signed_out
from outcomes.web.templates import install_templates


def init_web(app: Flask, settings: Settings) -> None:
    """Install the HTTP kit. Before any blueprint is registered and before any other request hook.

    Afterwards connect `guard.set_actor_loader` and `reads.set_read_writer`, register the
    blueprints, then call `check_web`.
    """
    app.secret_key = settings.secret_key
    app.config["TRUSTED_HOSTS"] = list(settings.trusted_hosts) or None
    if settings.proxy_hops:
        _trust_proxies(app, settings.proxy_hops)
    configure_logs()
    prepare_routes(app)
    install_templates(app)
    install_errors(app)
    install_signed_out(app)
    # Checks run in this order: is it readable, may they, is the body readable, is it theirs.
    # What is done to the answer runs from the last of these to the first.
    install_headers(app, settings)
    install_logs(app)
    install_limits(app, settings)
    install_guard(app)
    install_body_limits(app)
    install_csrf(app, settings)
    install_reads(app)


def check_web(app: Flask) -> None:
    """Refuse to start with an undeclared address or an unconnected hook. After all blueprints."""
    check_guard(app)
    check_reads(app)
    check_routes(app)
    check_described(app)


def _trust_proxies(app: Flask, hops: int) -> None:
    # The value that the last trusted proxy wrote, never the first in the list: that one is the sender's.
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
        app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops, x_port=0, x_prefix=0
    )
