"""The second click shows the first result: one key per form or POST, kept with what it did.

The key is claimed in the same transaction that does the work, so that the work is done once or
not at all, also when two requests with one key arrive together: the second waits at the unique
key until the first has ended, then finds its result.
"""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import request
from sqlalchemy import Index, String, Text, UniqueConstraint, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from outcomes.core.clock import now
from outcomes.core.database import Base, Moment, insert_or
from outcomes.core.errors import Invalid, Malformed
from outcomes.web.kept_forms import forget

KEY_FIELD = "idempotency_key"
KEY_HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=24)

_KEY = re.compile(r"[!-~]{1,64}\Z", re.ASCII)
_NOT_CONTENT = (KEY_FIELD, "csrf_token")


class IdempotencyKey(Base):
    """A key that an account has used, and the answer that it got. Forgotten after a day."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        Index(None, "account_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # No foreign key: this is plumbing that is swept daily, and must never hold up an account.
    account_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(64))
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    location: Mapped[str] = mapped_column(String(500), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)


@dataclass(frozen=True, slots=True)
class Result:
    """An answer that can be given again: a redirect's place, or a JSON body as text."""

    status: int
    location: str = ""
    body: str = ""


def new_key() -> str:
    """A key for a form that is about to be drawn."""
    return secrets.token_urlsafe(16)


def request_key() -> str:
    """The key that this request carries: the form's hidden field, or the header of a JSON request.

    Raises Malformed where there is none: without it a second click would record a thing twice.
    """
    header = request.headers.get(KEY_HEADER, "")
    key = header or request.form.get(KEY_FIELD, "")
    if _KEY.match(key):
        return key
    raise Malformed(
        f"Send a new key for each thing to be recorded, as the header {KEY_HEADER} (JSON) or the field "
        f"{KEY_FIELD} (form): 1 to 64 visible ASCII characters."
    )


def is_key(text: str) -> bool:
    """True for what may be the key of a form or a request."""
    return _KEY.match(text) is not None


def request_hash() -> str:
    """What this request asks for, in short: the same key for something else is refused."""
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        content = sorted((name, values) for name, values in request.form.lists() if name not in _NOT_CONTENT)
        files = sorted((name, file.filename) for name, file in request.files.items(multi=True))
        digest.update(repr((content, files)).encode())
    else:
        digest.update(request.get_data())
    return digest.hexdigest()


def once(session: Session, account_id: int, key: str, content: str, act: Callable[[], Result]) -> Result:
    """Do `act` the first time that this account sends this key; after that, its first result.

    Inside `transaction()`, before anything is read to be decided on. `content` is `request_hash()`.
    Raises Invalid where the key was used for something else, and whatever `act` raises: then the
    key is free again.
    """
    at = now()
    # Bodies may hold record content, which must not outlive its use here.
    session.execute(_FORGET_OLD, {"account": account_id, "before": at - KEPT_FOR})
    asked = {"account": account_id, "form": key, "content": content, "at": at}
    claim = session.scalar(_claim(session.get_bind().dialect.name), asked)
    if claim is None:
        return _first_result(session, account_id, key, content)
    result = act()
    session.execute(
        _RESULT,
        {"claim": claim, "result": result.status, "place": result.location, "said": result.body},
    )
    forget(session, account_id, key)
    return result


# Built once, as every write asks them. No object of theirs is ever in hand, so none is looked for.
_APART = {"synchronize_session": False}
_FORGET_OLD = (
    delete(IdempotencyKey)
    .where(IdempotencyKey.account_id == bindparam("account"), IdempotencyKey.created_at < bindparam("before"))
    .execution_options(**_APART)
)
_RESULT = (
    update(IdempotencyKey)
    .where(IdempotencyKey.id == bindparam("claim"))
    .values(status=bindparam("result"), location=bindparam("place"), body=bindparam("said"))
    .execution_options(**_APART)
)


@cache
def _claim(dialect: str) -> Any:
    """Gives the row's key, or nothing where the key is taken. Waits for whoever is taking it."""
    claim = insert_or(dialect, IdempotencyKey).values(
        account_id=bindparam("account"),
        key=bindparam("form"),
        request_hash=bindparam("content"),
        status=0,
        location="",
        body="",
        created_at=bindparam("at", type_=Moment),
    )
    return claim.on_conflict_do_nothing().returning(IdempotencyKey.id)


def was_used(session: Session, account_id: int, key: str) -> bool:
    """True where this account has done something with this key."""
    used = select(IdempotencyKey.id).where(IdempotencyKey.account_id == account_id, IdempotencyKey.key == key)
    return session.scalar(used) is not None


def _first_result(session: Session, account_id: int, key: str, content: str) -> Result:
    first = session.scalars(
        select(IdempotencyKey).where(IdempotencyKey.account_id == account_id, IdempotencyKey.key == key)
    ).one()
    if first.request_hash != content:
        raise Invalid(
            {
                KEY_FIELD: [
                    "This form was already saved once, with other content. Open a new form to record more."
                ]
            }
        )
    return Result(first.status, first.location, first.body)
