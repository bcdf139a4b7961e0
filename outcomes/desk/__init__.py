"""The pages that join kinds: my day, the child's page, the timeline, sessions, readings, figures."""

from flask import Flask

from outcomes.core.settings import Settings
from outcomes.desk import (  # noqa: F401 - each declares its addresses
    child_page,
    children,
    contract_page,
    figure_api,
    figure_page,
    landing,
    my_day,
    reading_pages,
    reading_shown,
    review_pages,
    scorecard_page,
    session_pages,
    timeline_page,
)
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.frame import frame

HAND_MADE: frozenset[tuple[str, str]] = frozenset(
    {
        ("person", "list"),
        ("person", "show"),
        ("keyworker_session", "new"),
        ("keyworker_session", "show"),
        ("goal_review", "new"),
        ("reading", "new"),
        ("reading", "show"),
        ("reading", "correct"),
        ("contract", "show"),
    }
)
"""(kind, verb) whose pages are made here by hand, so that the kit does not make them as well."""


def init_desk(app: Flask, settings: Settings) -> None:
    """Register the desk's pages and what the layout is given on every page."""
    app.register_blueprint(desk_pages)
    app.context_processor(frame)
    app.context_processor(lambda: {"demo": settings.environment == "demo"})
