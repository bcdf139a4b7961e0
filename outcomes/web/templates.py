"""Where templates come from: our own folder, and the installed GOV.UK macros under their own prefix.

The macros are `govuk_frontend_jinja/…`; their version moves with `outcomes/static/vendor/govuk`.
"""

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from outcomes.core.settings import root

MACROS = "govuk_frontend_jinja"


def install_templates(app: Flask) -> None:
    """Point the application at them. Before the first template is drawn."""
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(root() / "templates"), PrefixLoader({MACROS: PackageLoader(MACROS)})]
    )
    app.add_template_filter(lower_first)


def lower_first(words: str) -> str:
    """A title inside a sentence: "Health check" reads "health check", "PEP meeting" stays."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
