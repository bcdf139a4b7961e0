"""A small application that draws every component and record template with samples, under the real headers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from outcomes.core.actor import Actor
from outcomes.core.settings import Settings
from outcomes.web.csrf import install_csrf
from outcomes.web.headers import install_headers
from outcomes.web.templates import install_templates
from tests.front import part_samples as parts
from tests.front import record_samples as records
from tests.pagelint import LintingClient

PAGES: dict[str, Callable[[], str]] = {
    draw.__name__.replace("_", "-"): draw
    for draw in (
        records.record_list,
        records.record_list_empty,
        records.record_show,
        records.record_withdrawn,
        records.record_history,
        records.record_form,
        records.record_form_faulty,
        records.record_stale,
        records.record_withdraw,
        records.problem,
        records.signed_out,
        parts.pictures,
        parts.reading,
        parts.session_form,
        parts.figures,
        parts.my_day,
    )
}


def sample_app() -> Flask:
    """Real headers, real tokens, real templates; pages made of samples."""
    app = Flask("outcomes")
    settings = Settings("test", "a-key-for-tests-only-0123456789-abcdef", "sqlite://", Path("unused"))
    app.secret_key = settings.secret_key
    install_templates(app)
    app.jinja_loader = ChoiceLoader([app.jinja_loader, FileSystemLoader(Path(__file__).parent / "templates")])
    install_headers(app, settings)
    install_csrf(app, settings)
    app.test_client_class = LintingClient
    app.context_processor(frame)
    for name, draw in PAGES.items():
        app.add_url_rule(f"/{name}", name, draw)
    return app


def frame() -> dict[str, Any]:
    """What the layout is given on every page of somebody who has signed in."""
    return {
        "actor": Actor(name="Ada Obi", role="keyworker", account_id=1),
        "navigation": [
            {"text": "My day", "href": "/record-list", "active": True},
            {"text": "Children", "href": "/record-list"},
            {"text": "Scorecard", "href": "/record-list"},
        ],
        "demo": True,
    }
