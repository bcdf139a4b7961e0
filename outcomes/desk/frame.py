"""What the layout is given on every page: who is signed in, where they can go, the demo banner."""

from typing import Any

from flask import request

from outcomes.core.actor import Actor
from outcomes.core.permissions import Permission
from outcomes.web.guard import known_actor

MAIN = (
    ("My day", "/my-day", Permission.MY_DAY),
    ("Children", "/children", Permission.CHILD_READ),
    ("Scorecard", "/scorecard", Permission.FIGURE_READ),
    ("Organisations", "/organisations", Permission.PLACE_READ),
    ("Instruments", "/instruments", Permission.INSTRUMENT_READ),
)
"""The main ways, in order of weight in daily work. What a role may not open is not offered."""

BELOW = {"/scorecard": ("/measures", "/contracts")}
"""Pages that are reached through one of the main ways without lying below it."""


def frame() -> dict[str, Any]:
    """The layout's context. Asks only who is known already, so that a page of refusal draws too."""
    actor = known_actor()
    return {"actor": actor, "navigation": navigation(actor, request.path) if actor else []}


def navigation(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The links that this actor may follow; the one that the page lies below is active."""
    return [
        {"text": text, "href": href, "active": any(_lies_at(path, at) for at in (href, *BELOW.get(href, ())))}
        for text, href, permission in MAIN
        if actor.may(permission)
    ]


def _lies_at(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}/")
