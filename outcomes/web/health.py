"""Is it alive, is it ready: two addresses for whatever watches the service."""

from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from outcomes.core import migrating
from outcomes.core.permissions import Permission
from outcomes.web.routes import NO_AUDIT, route

health_pages = Blueprint("health", __name__)


@route(health_pages, "/healthz", permission=Permission.PUBLIC, audit=NO_AUDIT)
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@route(health_pages, "/readyz", permission=Permission.PUBLIC, audit=NO_AUDIT)
def readyz() -> Response:
    """The database answers, and is at the newest migration. 503 otherwise, without details."""
    try:
        ready = migrating.current() == migrating.head()
    except SQLAlchemyError:
        ready = False
    response = jsonify(status="ready" if ready else "not ready")
    response.status_code = 200 if ready else 503
    return response
