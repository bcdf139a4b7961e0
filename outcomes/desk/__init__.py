"""The pages that join kinds: my day, the child's page, the timeline, sessions, readings, figures."""

from flask import Flask

from outcomes.core.settings import Settings
from outcomes.desk import landing
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.child import children, timeline_page
from outcomes.desk.child import page as child_page
from outcomes.desk.day import my_day
from outcomes.desk.figures import api, contract_page, files, scorecard
from outcomes.desk.figures import page as figure_page
from outcomes.desk.frame import frame
from outcomes.desk.recording import (
    done_pages,
    reading_pages,
    reading_shown,
    review_pages,
    session_drafts,
    session_pages,
)

WITH_ADDRESSES = (
    landing, my_day, children, child_page, timeline_page, session_pages, reading_pages, reading_shown,
    review_pages, session_drafts, done_pages, scorecard, figure_page, contract_page, api, files,
)  # fmt: skip
"""Modules that declare their own addresses when they are imported."""

HAND_MADE: frozenset[tuple[str, str]] = frozenset(
    {
        ("person", "list"),
        ("person", "file"),
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
