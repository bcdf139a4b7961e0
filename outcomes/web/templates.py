"""Where templates come from: our own folder, and the installed GOV.UK macros under their own prefix.

The macros are `govuk_frontend_jinja/…`; their version moves with `outcomes/static/vendor/govuk`.
"""

from datetime import datetime

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from outcomes.core.clock import LONDON, today
from outcomes.core.settings import root

MACROS = "govuk_frontend_jinja"


def install_templates(app: Flask) -> None:
    """Point the application at them. Before the first template is drawn."""
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(root() / "templates"), PrefixLoader({MACROS: PackageLoader(MACROS)})]
    )
    app.add_template_filter(lower_first)
    app.add_template_filter(time_of_day)


def time_of_day(moment: datetime) -> str:
    """The London time of an instant of today, "9:14pm"; of another day with the day before it."""
    local = moment.astimezone(LONDON)
    told = f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"
    return told if local.date() == today() else f"{told} on {local.day} {local:%B}"


def lower_first(words: str) -> str:
    """A title inside a sentence: "Health check" reads "health check", "PEP meeting" stays."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
