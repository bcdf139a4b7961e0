"""The application: everything connected. The only place, with `cli.py`, that knows all packages."""

from collections.abc import Sequence

from flask import Flask

import outcomes.records  # noqa: F401 - registers the kinds
from outcomes import audit
from outcomes.access.bind import actor_of, init_access, load_actor
from outcomes.access.flushing import may_change
from outcomes.access.targets import find_author, find_record
from outcomes.accounts.kept_pages import kept_pages
from outcomes.accounts.login import init_accounts, was_signed_in
from outcomes.accounts.pages import accounts_pages
from outcomes.accounts.token_pages import token_pages
from outcomes.audit import init_audit
from outcomes.core.actor import Actor
from outcomes.core.database import db, prepare_engine
from outcomes.core.errors import Misconfigured
from outcomes.core.settings import Settings, from_environment
from outcomes.core.transaction import in_transaction
from outcomes.demo.accounts import is_demo
from outcomes.desk import HAND_MADE, init_desk
from outcomes.desk.child.identity import identity
from outcomes.kit.api.verbs import record_verbs
from outcomes.kit.bundle.commands import init_bundle
from outcomes.kit.pages.list_files import record_files
from outcomes.kit.pages.verbs import record_pages
from outcomes.kit.writing.saving import set_may_change
from outcomes.web.documentation import documentation_pages
from outcomes.web.guard import set_actor_loader
from outcomes.web.health import health_pages
from outcomes.web.install import check_web, init_web
from outcomes.web.reads import Read, set_read_writer
from outcomes.web.signed_out import set_was_signed_in


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Raises Misconfigured rather than start half-safe."""
    settings = settings or from_environment()
    app = Flask("outcomes")
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    init_web(app, settings)
    init_audit(app, settings)
    init_accounts(app, settings, find_record=find_record, actor_of=actor_of)
    init_access(app)
    init_bundle(app, author_of=find_author)
    set_actor_loader(app, load_actor)
    set_read_writer(app, write_reads)
    set_was_signed_in(app, was_signed_in)
    set_may_change(app, may_change)
    init_desk(app, settings)
    for pages in (
        accounts_pages,
        token_pages,
        kept_pages,
        record_pages(identity, HAND_MADE),
        record_files(HAND_MADE),
        record_verbs(),
        documentation_pages,
        health_pages,
    ):
        app.register_blueprint(pages)
    check_web(app)
    if settings.environment == "production":
        _refuse_demo(app)
    return app


def _refuse_demo(app: Flask) -> None:
    """Production never starts on a database whose passwords were printed on a screen."""
    with app.app_context():
        if is_demo(db.session()):
            raise Misconfigured(
                "This database holds the demo's accounts. Give production a database of its own (DATABASE_URL)."
            )


def write_reads(actor: Actor | None, reads: Sequence[Read]) -> None:
    """What was opened, as the audit writes it: with the change that is open, or by itself."""
    write = audit.note_reads if in_transaction() else audit.record_reads
    write(
        [
            audit.Read(
                action=read.action,
                kind=read.kind,
                record=read.public_id,
                person=read.person,
                count=read.count,
                outcome=read.outcome,
            )
            for read in reads
        ],
        by=actor,
    )
