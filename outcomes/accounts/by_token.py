"""Who a bearer token speaks for on this request; a token that does not work is counted and refused.

Only refusals are counted, and after the look-up: no number of parallel guesses finds 256 bits. What
the count bounds is the noise that one address can make in the audit.
"""

from datetime import timedelta

from flask import request
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from outcomes import audit
from outcomes.accounts.account import role_on
from outcomes.accounts.login import shared
from outcomes.accounts.roles import Role
from outcomes.accounts.sessions import SignedIn
from outcomes.accounts.throttle import Throttled, count_refused_token
from outcomes.accounts.tokens import ApiToken, found
from outcomes.core.actor import Actor
from outcomes.core.clock import now, today
from outcomes.core.database import db
from outcomes.core.errors import Unavailable
from outcomes.core.transaction import transaction
from outcomes.web.bearer import TokenRefused, token_sent

SEEN_EVERY = timedelta(minutes=1)
"""How often `last_used_at` is written at most."""


def signed_in_by_token() -> SignedIn:
    """The owner of this request's token, narrowed to its scopes. Raises TokenRefused or Throttled."""
    try:
        token = found(db.session(), token_sent())
    except TokenRefused:
        token = None
    role = _role(token) if token else None
    if token is None or role is None:
        raise _refused(token)
    who = _signed_in(token, role)
    if token.last_used_at is None or now() - token.last_used_at >= SEEN_EVERY:
        _seen(token.id)
    return who


def _role(token: ApiToken) -> Role | None:
    """The owner's role, if the token works; None where it does not."""
    role = role_on(token.account.grants, today())
    owner_holds = token.account.disabled_at is None and role is not None and role.value == token.role
    return role if owner_holds and token.works(now()) else None


def _signed_in(token: ApiToken, role: Role) -> SignedIn:
    account, day = token.account, today()
    return SignedIn(
        account_id=account.id,
        public_id=account.public_id,
        name=account.name,
        role=role,
        staff_id=account.staff_id,
        session_id=token.public_id,
        grants=tuple(grant.held() for grant in account.grants if grant.in_force(day)),
        token="",
        scopes=token.narrowed_to,
    )


def _refused(token: ApiToken | None) -> TokenRefused | Throttled:
    """Count and write down the refusal; whose token it was stands in the audit alone."""
    settings = shared().settings
    by = Actor("", "", token.account_id, session_id=token.public_id) if token else None
    try:
        with transaction() as session:
            free = count_refused_token(session, settings, address=request.remote_addr or "")
            audit.note("token:use", by=by, kind="api_token", outcome="refused" if free else "throttled")
    except SQLAlchemyError as error:
        raise Unavailable from error
    return TokenRefused() if free else Throttled(settings.sign_in_window_minutes, "with a token")


def _seen(key: int) -> None:
    with transaction() as session:
        session.execute(update(ApiToken).where(ApiToken.id == key).values(last_used_at=now()))
