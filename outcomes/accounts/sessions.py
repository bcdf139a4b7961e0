"""Sessions on the server: the cookie holds a random token, the table holds its digest.

Each request reads the row, the account and its grants again: a session that was signed out, an
account that was disabled, a grant that ended or a role that changed is refused at the next request.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from flask_login import UserMixin
from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from outcomes.accounts.account import Account, Held, role_on
from outcomes.accounts.roles import Role
from outcomes.core.clock import now, today
from outcomes.core.database import Base, Moment, PublicId, db, new_public_id
from outcomes.core.settings import Settings
from outcomes.core.token_scopes import TokenScope
from outcomes.core.transaction import transaction

PARALLEL = 5
"""How many sessions an account may have at once; one more ends the oldest."""

SEEN_EVERY = timedelta(minutes=1)
"""How often `last_seen_at` is written at most. An idle limit is exact to this."""

_CLOCK_SLACK = timedelta(minutes=1)


class SignInSession(Base):
    """One signed-in browser. `why` says how it ended: signed_out, idle, expired, disabled,
    grant_ended, role_changed, too_many, password_changed or clock."""

    __tablename__ = "sign_in_session"
    __table_args__ = (Index("ix_sign_in_session_account_id", "account_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, default=new_public_id, unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    why: Mapped[str | None] = mapped_column(String(40))

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


@dataclass(frozen=True, slots=True)
class SignedIn(UserMixin):
    """Who is signed in, as read for this request. What flask-login calls the user.

    By a bearer token, `scopes` are what it is narrowed to and `session_id` is the token's public id.
    """

    account_id: int
    public_id: str
    name: str
    role: Role
    staff_id: int | None
    session_id: str
    grants: tuple[Held, ...]
    token: str
    scopes: frozenset[TokenScope] | None = None

    def get_id(self) -> str:
        """The session's token: the cookie never names the account."""
        return self.token


def open_session(session: Session, account: Account, role: Role) -> SignedIn:
    """A new session with a new token. Ends the oldest beyond the limit. Inside `transaction()`."""
    token = secrets.token_urlsafe(32)
    at = now()
    row = SignInSession(
        public_id=new_public_id(),
        token_hash=_digest(token),
        account_id=account.id,
        role=role.value,
        created_at=at,
        last_seen_at=at,
    )
    session.add(row)
    open_rows = session.scalars(
        select(SignInSession)
        .where(SignInSession.account_id == account.id, SignInSession.ended_at.is_(None))
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    ).all()
    for excess in [other for other in open_rows if other is not row][PARALLEL - 1 :]:
        excess.ended_at, excess.why = at, "too_many"
    return _signed_in(row, account, role, token)


def resume(token: str, settings: Settings) -> SignedIn | None:
    """Whoever the token belongs to, if the session still holds. What ends it is written down."""
    row = _by_token(token)
    if row is None or row.ended_at is not None:
        return None
    role = role_on(row.account.grants, today())
    why = _over(row, role, now(), settings)
    if why is not None:
        end(row.id, why)
        return None
    if role is None:
        return None
    signed_in = _signed_in(row, row.account, role, token)
    if now() - row.last_seen_at >= SEEN_EVERY:
        _seen(row.id)
    return signed_in


def _by_token(token: str) -> SignInSession | None:
    return db.session.scalars(_of_token(), {"digest": _digest(token)}).unique().one_or_none()


@cache
def _of_token() -> Select[SignInSession]:
    """With the account and its grants, in one statement: every request asks it."""
    with_grants = joinedload(SignInSession.account, innerjoin=True).joinedload(Account.grants)
    return select(SignInSession).where(SignInSession.token_hash == bindparam("digest")).options(with_grants)


def _over(row: SignInSession, role: Role | None, at: datetime, settings: Settings) -> str | None:
    """Why the session no longer holds; None while it does."""
    if row.account.disabled_at is not None:
        return "disabled"
    if role is None:
        return "grant_ended"
    if role.value != row.role:
        return "role_changed"
    if row.created_at > at + _CLOCK_SLACK:
        return "clock"
    if at - row.created_at >= timedelta(minutes=settings.session_absolute_minutes):
        return "expired"
    if at - row.last_seen_at >= timedelta(minutes=settings.session_idle_minutes):
        return "idle"
    return None


ENDED_BY_ITSELF = ("idle", "expired", "too_many")
"""Ways in which a session ends without anybody having wanted it to."""

FORMS_OF = timedelta(hours=24)


def ended_by_itself(token: str) -> SignInSession | None:
    """The session of a token, where it ended by itself in the last day and the account still stands."""
    row = _by_token(token)
    if row is None or row.ended_at is None or row.why not in ENDED_BY_ITSELF:
        return None
    return row if row.account.disabled_at is None and now() - row.ended_at < FORMS_OF else None


def end(session_row_id: int, why: str) -> None:
    """End one session, in a transaction of its own."""
    with transaction() as session:
        end_where(session, SignInSession.id == session_row_id, why=why)


def end_all(session: Session, account_id: int, why: str) -> None:
    """End every session of an account. Inside `transaction()`."""
    end_where(session, SignInSession.account_id == account_id, why=why)


def end_where(session: Session, condition: ColumnElement[bool], *, why: str) -> None:
    """End the sessions that match and have not ended. Inside `transaction()`."""
    session.execute(
        update(SignInSession)
        .where(condition, SignInSession.ended_at.is_(None))
        .values(ended_at=now(), why=why)
    )


def _seen(session_row_id: int) -> None:
    at = now()
    with transaction() as session:
        session.execute(
            update(SignInSession)
            .where(
                SignInSession.id == session_row_id,
                SignInSession.ended_at.is_(None),
                SignInSession.last_seen_at < at,
            )
            .values(last_seen_at=at)
        )


def _signed_in(row: SignInSession, account: Account, role: Role, token: str) -> SignedIn:
    day = today()
    return SignedIn(
        account_id=account.id,
        public_id=account.public_id,
        name=account.name,
        role=role,
        staff_id=account.staff_id,
        session_id=row.public_id,
        grants=tuple(grant.held() for grant in account.grants if grant.in_force(day)),
        token=token,
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
