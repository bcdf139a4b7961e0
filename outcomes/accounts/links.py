"""One-time links: to set up the first administrator, and for a new account to choose its password.

The link holds a random token; the table holds its digest. It is used up in the transaction that
uses it.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from outcomes import audit
from outcomes.accounts.account import Account, AccountGrant
from outcomes.accounts.login import shared
from outcomes.accounts.manage import create_account, find_account
from outcomes.accounts.passwords import check_password
from outcomes.accounts.roles import Role
from outcomes.accounts.sessions import end_all
from outcomes.accounts.tokens import revoke_all
from outcomes.core.actor import Actor
from outcomes.core.clock import now, today
from outcomes.core.database import Base, Moment, db
from outcomes.core.errors import Conflict, NotFound
from outcomes.core.settings import Settings
from outcomes.core.transaction import transaction

SET_UP_FOR = timedelta(minutes=30)
SET_PASSWORD_FOR = timedelta(hours=24)
GONE = "This link does not work. It may have been used already, or its time is over. Ask for a new one."


class OneTimeLink(Base):
    """A link that works once. Without an account it sets up the first administrator."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


def set_up_link(*, by: Actor) -> str:
    """The address at which the first administrator is set up, for 30 minutes.

    Raises Conflict when there is an account already. An earlier link stops working.
    """
    with transaction() as session:
        if _any_account(session):
            raise Conflict("There are accounts already. `outcomes accounts add` makes more.")
        token = _new_link(session, None, SET_UP_FOR)
        audit.note("account:set-up-link", by=by, kind="account")
    return address_of(token, shared().settings)


def password_link(email: str, *, by: Actor) -> str:
    """The address at which an account chooses its password, for 24 hours. Raises Invalid."""
    with transaction() as session:
        account = find_account(session, email)
        token = _new_link(session, account.id, SET_PASSWORD_FOR)
        audit.note("account:password-link", by=by, kind="account", record=account.public_id)
    return address_of(token, shared().settings)


def opens(token: str) -> bool:
    """Does this link set up the first administrator? Raises NotFound when it does not work at all."""
    return _working(db.session(), token).account_id is None


def set_up(token: str, *, email: str, name: str, password: str) -> None:
    """Use a set-up link: make the first administrator. Raises NotFound or Invalid."""
    opens(token)
    check_password(password, email, name)
    password_hash = shared().passwords.hash(password)
    with transaction() as session:
        link = _working(session, token, lock=True)
        if link.account_id is not None or _any_account(session):
            raise NotFound(GONE)
        link.used_at = now()
        account = create_account(session, email=email, name=name)
        account.password_hash = password_hash
        account.grants.append(AccountGrant(role=Role.SYSTEM_ADMINISTRATOR.value, valid_from=today()))
        session.flush()
        by = Actor(account.name, Role.SYSTEM_ADMINISTRATOR, account.id, account.public_id)
        audit.note("account:set-up", by=by, kind="account", record=account.public_id)


def set_password(token: str, *, password: str) -> None:
    """Use a password link: keep the password, end what was signed in and revoke the account's tokens.

    Raises NotFound or Invalid.
    """
    link = _working(db.session(), token)
    account = db.session.get(Account, link.account_id) if link.account_id else None
    if account is None:
        raise NotFound(GONE)
    check_password(password, account.email, account.name)
    password_hash = shared().passwords.hash(password)
    with transaction() as session:
        link = _working(session, token, lock=True)
        account = session.get_one(Account, link.account_id)
        link.used_at = now()
        account.password_hash = password_hash
        end_all(session, account.id, "password_changed")
        # Whoever had the old password may have made a token with it.
        revoke_all(session, account.id)
        by = Actor(account.name, "", account.id, account.public_id)
        audit.note("account:set-password", by=by, kind="account", record=account.public_id)


def address_of(token: str, settings: Settings) -> str:
    if settings.environment == "production" and settings.trusted_hosts:
        return f"https://{settings.trusted_hosts[0]}/set-up/{token}"
    return f"http://127.0.0.1:{settings.port}/set-up/{token}"


def _new_link(session: Session, account_id: int | None, lasts: timedelta) -> str:
    token = secrets.token_urlsafe(32)
    same = OneTimeLink.account_id == account_id if account_id else OneTimeLink.account_id.is_(None)
    session.execute(update(OneTimeLink).where(same, OneTimeLink.used_at.is_(None)).values(expires_at=now()))
    session.add(OneTimeLink(token_hash=_digest(token), account_id=account_id, expires_at=now() + lasts))
    return token


def _working(session: Session, token: str, *, lock: bool = False) -> OneTimeLink:
    """The link, if it works. Locked where it is about to be used, so that it is used once."""
    wanted = select(OneTimeLink).where(OneTimeLink.token_hash == _digest(token))
    link = session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    at = now()
    if link is None or link.used_at is not None or not link.created_at <= at < link.expires_at:
        raise NotFound(GONE)
    if link.account_id and session.get_one(Account, link.account_id).disabled_at is not None:
        raise NotFound(GONE)
    return link


def _any_account(session: Session) -> bool:
    return bool(session.scalar(select(func.count()).select_from(Account)))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
