"""The acts of signing in and out.

Whether a name exists cannot be told: each attempt reserves its place, computes one hash and writes
one audit entry, and all refusals read alike.
"""

import hmac
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from outcomes import audit
from outcomes.accounts.account import Account, email_key, role_on
from outcomes.accounts.login import shared
from outcomes.accounts.sessions import SignedIn, SignInSession, end_where, open_session
from outcomes.accounts.throttle import Throttled, give_back, reserve
from outcomes.core.actor import Actor
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.errors import Invalid, Unavailable
from outcomes.core.transaction import transaction

REFUSED = "The email address or the password is not right, or the account cannot be used at present."


@dataclass(frozen=True, slots=True)
class _Known:
    account_id: int
    password_hash: str | None


def sign_in(email: str, password: str, *, address: str, device: str = "") -> SignedIn:
    """Sign in and open a session. Raises Invalid (one text for every cause) or Throttled.

    `address` is where the attempt comes from, as the last trusted proxy saw it; `device` a browser
    that has signed in for this account before (`devices.py`).
    """
    key = email_key(email)
    _reserve(key, address, device)
    known = _known(key)
    fits = shared().passwords.fits(known.password_hash if known else None, password)
    renewed = _renewed(known.password_hash, password) if known and fits else None
    with transaction() as session:
        account = session.get(Account, known.account_id, with_for_update=True) if known else None
        opened = _open(session, account, known, renewed) if fits else None
        if opened is None:
            by = Actor("", "", account.id, account.public_id) if account else None
            audit.note("account:sign-in", by=by, kind="account", outcome="refused")
        else:
            give_back(session, name=key, address=address, device=device)
            by = shared().actor_of(opened)
            audit.note("account:sign-in", by=by, kind="account", record=opened.public_id)
    if opened is None:
        raise Invalid.of("", REFUSED)
    return opened


def confirm_password(who: SignedIn, password: str, *, address: str) -> None:
    """Ask somebody signed in for their password again, before what outlasts the session.

    Counted like signing in. Raises Invalid or Throttled.
    """
    account = db.session.get_one(Account, who.account_id)
    key, kept = account.email_key, account.password_hash
    _reserve(key, address)
    db.session.rollback()
    fits = shared().passwords.fits(kept, password)
    with transaction() as session:
        if fits:
            give_back(session, name=key, address=address)
        else:
            by = shared().actor_of(who)
            audit.note("account:confirm", by=by, kind="account", record=who.public_id, outcome="refused")
    if not fits:
        raise Invalid.of("password", "The password is not right.")


def sign_out(signed_in: SignedIn) -> None:
    """End the session for good: its token is refused from now on, wherever it is kept."""
    with transaction() as session:
        end_where(session, SignInSession.public_id == signed_in.session_id, why="signed_out")
        by = shared().actor_of(signed_in)
        audit.note("account:sign-out", by=by, kind="account", record=signed_in.public_id)


def _reserve(key: str, address: str, device: str = "") -> None:
    settings = shared().settings
    try:
        with transaction() as session:
            free = reserve(session, settings, name=key, address=address, device=device)
            if not free:
                audit.note("account:sign-in", by=None, kind="account", outcome="throttled")
    except SQLAlchemyError as error:
        # Without a count there is no throttle, so nobody is let in.
        raise Unavailable from error
    if not free:
        raise Throttled(settings.sign_in_window_minutes)


def _known(key: str) -> _Known | None:
    row = db.session.execute(
        select(Account.id, Account.password_hash).where(Account.email_key == key)
    ).one_or_none()
    # The connection goes back before the hash is computed: hashing must not hold up the pool.
    db.session.rollback()
    return _Known(row.id, row.password_hash) if row else None


def _renewed(kept: str | None, password: str) -> str | None:
    passwords = shared().passwords
    return passwords.hash(password) if kept and passwords.outdated(kept) else None


def _open(
    session: Session, account: Account | None, known: _Known | None, renewed: str | None
) -> SignedIn | None:
    """A session for an account whose password fitted, unless something changed while it was checked."""
    if account is None or known is None or account.disabled_at is not None:
        return None
    if not hmac.compare_digest(account.password_hash or "", known.password_hash or ""):
        return None
    role = role_on(account.grants, today())
    if role is None:
        return None
    if renewed:
        account.password_hash = renewed
    return open_session(session, account, role)
