"""Who acts, and within which scope: one actor and one scope per request, the system for commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app
from sqlalchemy.orm import Session

from outcomes import audit
from outcomes.access.enforcement import install
from outcomes.access.guarded import bind_scope
from outcomes.access.policy import POLICIES
from outcomes.access.protected import check_tables
from outcomes.access.scope import Scope, SystemScope
from outcomes.accounts.by_token import signed_in_by_token
from outcomes.accounts.login import signed_in
from outcomes.accounts.sessions import SignedIn
from outcomes.core.actor import Actor, system_actor
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.token_scopes import narrowed
from outcomes.core.transaction import in_transaction
from outcomes.web.bearer import by_token


def init_access(app: Flask) -> None:
    """Guard the application's database. After every kind is declared. Raises Misconfigured."""
    check_tables()
    with app.app_context():
        for engine in db.engines.values():
            install(engine)
    app.teardown_request(_forget)


def actor_of(who: SignedIn) -> Actor:
    """Somebody signed in, as an actor: what their role does and which fields it reads.

    Through a token only what its scopes leave of that.
    """
    policy = POLICIES[who.role]
    allowed = policy.permissions if who.scopes is None else narrowed(policy.permissions, who.scopes)
    return Actor(
        name=who.name,
        role=who.role.value,
        account_id=who.account_id,
        public_id=who.public_id,
        session_id=who.session_id,
        staff_id=who.staff_id,
        permissions=frozenset(permission.value for permission in allowed),
        levels=policy.levels,
    )


def load_actor() -> Actor | None:
    """Who is asking, with their scope bound to the request's session; None where nobody is signed in.

    For `web.guard.set_actor_loader`. A request with a token is judged by it alone.
    """
    who = signed_in_by_token() if by_token() else signed_in()
    if who is None:
        return None
    bind_scope(db.session(), Scope.for_actor(who, today()))
    return actor_of(who)


@contextmanager
def system_scope(reason: str) -> Iterator[Session]:
    """A session of its own that reaches everything, for commands, import and the measure engine.

    The reason is written to the audit first. Objects loaded inside are no use outside; a page's own
    session and scope are untouched. Raises RuntimeError inside a writing transaction, as two
    transactions of one request would wait for each other.
    """
    if in_transaction():
        raise RuntimeError("Open the system's scope before the transaction, not inside it.")
    with current_app.app_context():
        # A new application context has a new session: `db.session` means that one until the end.
        session = db.session()
        audit.record_reads([audit.Read("system:scope")], by=system_actor(reason))
        bind_scope(session, SystemScope(reason))
        try:
            yield session
        finally:
            db.session.remove()


def _forget(_error: BaseException | None) -> None:
    # A request's session never outlives it, whoever holds the application's context.
    db.session.remove()
