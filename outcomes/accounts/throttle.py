"""The throttle: an attempt is reserved before it is checked, so parallel guesses cannot slip past.

Two buckets are counted for each attempt, the account's name and the address it comes from, each in
a window that begins with its first attempt. When the count cannot be kept, nobody is let in.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, case, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from outcomes.core.clock import now
from outcomes.core.database import Base, Moment, insert_or
from outcomes.core.errors import OutcomesError
from outcomes.core.settings import Settings

ADDRESS_FACTOR = 2
"""An address may try this many times as often as an account: a whole home shares one."""

REFUSED_TOKENS = 100
"""Refused tokens from one address in one window, before even their refusal is no longer looked into."""


class Throttled(OutcomesError):
    """Too many attempts for this name or from this address; says when to try again."""

    code = "too_many_attempts"
    status = 429

    def __init__(self, minutes: int, how: str = "to sign in") -> None:
        self.retry_after = minutes * 60
        super().__init__(f"Too many attempts {how}. Wait {minutes} minutes, then try again.")


class SignInAttempt(Base):
    """How many attempts a bucket has had since its window began. `bucket` is a digest: what people
    type as a name is sometimes their password."""

    __tablename__ = "sign_in_attempt"

    bucket: Mapped[str] = mapped_column(String(64), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(Moment, index=True)
    count: Mapped[int]


def reserve(session: Session, settings: Settings, *, name: str, address: str, device: str = "") -> bool:
    """Count one attempt in both buckets; False when either is spent. Call inside `transaction()`.

    A browser that has signed in for this name before (`devices.py`) has a bucket of its own, and
    only that: strangers cannot spend it.
    """
    _forget_old(session, settings)
    limit = settings.sign_in_attempts
    if device:
        return _add(session, settings, _bucket("device", device)) <= limit
    # Always in this order, name first: two transactions never wait for each other crosswise.
    by_name = _add(session, settings, _bucket("name", name))
    by_address = _add(session, settings, _bucket("address", address))
    return by_name <= limit and by_address <= limit * ADDRESS_FACTOR


def count_refused_token(session: Session, settings: Settings, *, address: str) -> bool:
    """Count a refused token, in a bucket apart from sign-in: a program with an old token must not lock
    a whole home out. False when the bucket is spent. Call inside `transaction()`."""
    _forget_old(session, settings)
    return _add(session, settings, _bucket("token", address)) <= REFUSED_TOKENS


def give_back(session: Session, *, name: str, address: str, device: str = "") -> None:
    """After a sign-in that succeeded: the name starts again, the address gets its one attempt back.

    The address is not cleared: a thief with one account of their own would clear it between guesses.
    Nor is the name, after a sign-in from a known browser: somebody else may be guessing at it.
    """
    if device:
        session.execute(delete(SignInAttempt).where(SignInAttempt.bucket == _bucket("device", device)))
        return
    session.execute(delete(SignInAttempt).where(SignInAttempt.bucket == _bucket("name", name)))
    row = session.get(SignInAttempt, _bucket("address", address), with_for_update=True)
    if row is not None and row.count > 0:
        row.count -= 1


def _add(session: Session, settings: Settings, bucket: str) -> int:
    """One atomic statement on both databases: the row's lock is the reservation."""
    at = now()
    cutoff = at - timedelta(minutes=settings.sign_in_window_minutes)
    # A window that began in the future is the clock's fault: it starts again rather than lasting.
    over = (SignInAttempt.began_at <= cutoff) | (SignInAttempt.began_at > at + timedelta(minutes=1))
    insert: Any = insert_or(session.get_bind().dialect.name, SignInAttempt).values(
        bucket=bucket, began_at=at, count=1
    )
    counted = insert.on_conflict_do_update(
        index_elements=["bucket"],
        set_={
            "began_at": case((over, insert.excluded.began_at), else_=SignInAttempt.began_at),
            "count": case((over, 1), else_=SignInAttempt.count + 1),
        },
    ).returning(SignInAttempt.count)
    return int(session.execute(counted).scalar_one())


def _forget_old(session: Session, settings: Settings) -> None:
    cutoff = now() - 2 * timedelta(minutes=settings.sign_in_window_minutes)
    old = select(SignInAttempt.bucket).where(SignInAttempt.began_at < cutoff)
    free = old.limit(100).with_for_update(skip_locked=True)
    session.execute(
        delete(SignInAttempt).where(SignInAttempt.bucket.in_(free)),
        execution_options={"synchronize_session": False},
    )


def _bucket(sort: str, value: str) -> str:
    return hashlib.sha256(f"{sort}\0{value}".encode(errors="surrogatepass")).hexdigest()
