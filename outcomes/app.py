"""The application: everything connected. The only place, with `cli.py`, that knows all packages."""

from flask import Flask

import outcomes.records  # noqa: F401 - registers the kinds
from outcomes.core.database import db, prepare_engine
from outcomes.core.settings import Settings, from_environment, root
from outcomes.web.install import check_web, init_web


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Raises Misconfigured rather than start half-safe."""
    settings = settings or from_environment()
    app = Flask(
        "outcomes",
        template_folder=str(root() / "templates"),
        static_folder=str(root() / "outcomes" / "static"),
    )
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    init_web(app, settings)
    check_web(app)
    return app
