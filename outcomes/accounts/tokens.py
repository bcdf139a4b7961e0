"""Bearer tokens: for programs that act in somebody's name, within scopes that can only narrow.

A token is `outcomes_<id>_<secret>`: the id finds the row, the secret (256 bits) is kept as a digest
and shown once. Each request reads the row, the account and its grants again, so that revoking the
token, disabling the owner or ending a grant holds at the next request.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import JSON, ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from outcomes import audit
from outcomes.accounts.account import Account, role_on
from outcomes.core.actor import Actor
from outcomes.core.clock import now, today
from outcomes.core.database import Base, Moment, PublicId, new_public_id
from outcomes.core.errors import Conflict, Invalid, NotFound
from outcomes.core.token_scopes import TokenScope

LONGEST_NAME = 80
LONGEST_LIFE = timedelta(days=365)
MOST = 20
"""How many working tokens somebody may have at once."""

_TOKEN = re.compile(r"outcomes_([A-Za-z0-9]{22})_([A-Za-z0-9_-]{43})\Z", re.ASCII)


class ApiToken(Base):
    """A token, without its secret. Never deleted: the audit names it by its public id.

    `role` is the owner's when it was made: in another role it does not work.
    """

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, default=new_public_id, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    role: Mapped[str] = mapped_column(String(40))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    secret_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)

    def works(self, at: datetime) -> bool:
        """Neither revoked nor expired. A clock that went back makes no token work again."""
        return self.revoked_at is None and self.created_at <= at < self.expires_at

    @property
    def narrowed_to(self) -> frozenset[TokenScope]:
        """Its scopes. A word that no longer exists allows nothing."""
        return frozenset(scope for scope in TokenScope if scope.value in self.scopes)

    @property
    def words(self) -> list[str]:
        """What it may do, in words."""
        return [scope.says for scope in TokenScope if scope in self.narrowed_to]

    def state(self, at: datetime) -> str:
        """ "works", "revoked" or "expired"."""
        return "revoked" if self.revoked_at else "works" if self.works(at) else "expired"


@dataclass(frozen=True, slots=True)
class Made:
    """A new token, with the text that is shown once and kept nowhere."""

    token: ApiToken
    text: str


def make(
    session: Session, account: Account, *, name: str, scopes: Iterable[TokenScope], days: int, by: Actor
) -> Made:
    """Make a token for an account. Inside `transaction()`. Raises Invalid or Conflict."""
    name, chosen = check(name, scopes, days)
    role = role_on(account.grants, today())
    if account.disabled_at is not None or role is None:
        raise Conflict("This account has no role at present, so a token of it could do nothing.")
    if len([one for one in of_account(session, account.id) if one.works(now())]) >= MOST:
        raise Conflict(f"There are {MOST} working tokens already. Revoke one that is no longer needed.")
    secret, at = secrets.token_urlsafe(32), now()
    token = ApiToken(
        public_id=new_public_id(),
        account_id=account.id,
        name=name,
        role=role.value,
        scopes=[scope.value for scope in chosen],
        secret_hash=_digest(secret),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    session.add(token)
    session.flush()
    audit.note("token:create", by=by, kind="api_token", record=token.public_id, reason=" ".join(token.scopes))
    return Made(token, f"outcomes_{token.public_id}_{secret}")


def revoke(session: Session, public_id: str, *, account_id: int | None, by: Actor) -> ApiToken:
    """Revoke a token for good. `account_id` is whose it must be, None for the system. Inside `transaction()`.

    Raises NotFound, or Conflict where it is revoked already.
    """
    token = session.scalars(
        select(ApiToken).where(ApiToken.public_id == public_id).with_for_update(of=ApiToken)
    ).one_or_none()
    if token is None or account_id not in (None, token.account_id):
        raise NotFound
    if token.revoked_at is not None:
        raise Conflict("This token is revoked already.")
    token.revoked_at = now()
    audit.note("token:revoke", by=by, kind="api_token", record=token.public_id)
    return token


def revoke_all(session: Session, account_id: int) -> None:
    """Revoke every token of an account. Inside `transaction()`, by an act that the audit has noted."""
    session.execute(
        update(ApiToken)
        .where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now())
    )


def of_account(session: Session, account_id: int | None = None) -> Sequence[ApiToken]:
    """The tokens of an account, or of everybody, newest first."""
    wanted = select(ApiToken).order_by(ApiToken.id.desc())
    return session.scalars(
        wanted if account_id is None else wanted.where(ApiToken.account_id == account_id)
    ).all()


def found(session: Session, text: str) -> ApiToken | None:
    """The token with this text, whether or not it still works; None where the text is no token's."""
    parts = _TOKEN.match(text)
    token = (
        session.scalars(select(ApiToken).where(ApiToken.public_id == parts[1])).one_or_none()
        if parts
        else None
    )
    kept = token.secret_hash if token else "0" * 64
    fits = hmac.compare_digest(kept, _digest(parts[2] if parts else ""))
    return token if fits else None


def check(name: str, scopes: Iterable[TokenScope], days: int) -> tuple[str, list[TokenScope]]:
    """What a token is to be, without a word twice. Raises Invalid with every problem."""
    chosen = list(dict.fromkeys(scopes))
    problems: dict[str, list[str]] = {}
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        problems["name"] = [f"Enter what the token is for, up to {LONGEST_NAME} characters."]
    if not chosen:
        problems["scopes"] = ["Select what the program may do."]
    if not 1 <= days <= LONGEST_LIFE.days:
        problems["days"] = [f"Enter for how many days it is to work, from 1 to {LONGEST_LIFE.days}."]
    if problems:
        raise Invalid(problems)
    return name, chosen


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
