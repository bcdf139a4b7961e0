"""The first page after signing in: each role goes to the page that its day begins with."""

from flask import redirect
from werkzeug import Response

from outcomes.core.actor import Actor
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
from outcomes.web.guard import current_actor
from outcomes.web.routes import NO_AUDIT, route

CASELOAD = ("social_worker", "iro")
"""Roles that begin with their caseload, though they may also look at my day."""

FIRST_PAGES = (
    (Permission.MY_DAY, "/my-day"),
    (Permission.CHILD_READ, "/children"),
    (Permission.FIGURE_READ, "/scorecard"),
    (Permission.PLACE_READ, "/organisations"),
)


def first_page(actor: Actor) -> str:
    """Where somebody begins: the first of their pages in the order above."""
    if actor.role in CASELOAD:
        return "/children"
    # Organisations and instruments are open to everybody who is signed in.
    return next((href for permission, href in FIRST_PAGES if actor.may(permission)), "/organisations")


@route(desk_pages, "/", permission=Permission.SIGNED_IN, audit=NO_AUDIT)
def landing() -> Response:
    """Go where one's day begins."""
    return redirect(first_page(current_actor()), 303)
