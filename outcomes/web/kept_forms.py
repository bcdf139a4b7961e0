"""Nothing typed is lost: forms kept on the server, for the account that typed them and nobody else.

Two ways lead here: a form sent after its session had ended (`signed_out.py`), and the draft of a
form that is still being typed (`drafts.py`). A form comes back filled in, with its own idempotency
key; the save that uses that key deletes it. It is never sent by itself, counts in no figure, and is
forgotten after a day, a draft after two weeks.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

from flask import g, has_request_context, request
from sqlalchemy import (
    ColumnElement,
    Index,
    Select,
    String,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import MultiDict

from outcomes.core.clock import now
from outcomes.core.database import Base, Moment, PublicId, db, new_public_id
from outcomes.core.errors import NotFound
from outcomes.web.guard import known_actor

KEPT_FOR = timedelta(hours=24)
DRAFT_FOR = timedelta(days=14)
MOST = 20
"""So many forms of one account are kept; one more drops the oldest."""

ASKED = "kept"
"""The parameter of an address that asks for a kept form."""

_RESTORED = "web_restored_form"

Content = Sequence[tuple[str, Sequence[str]]]
"""What was typed: each field's name with its values, in their order."""


class KeptForm(Base):
    """What an account typed into a form: where, and under which key it will be saved."""

    __tablename__ = "kept_form"
    __table_args__ = (UniqueConstraint("account_id", "form_key"), Index(None, "account_id", "kept_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, default=new_public_id, unique=True)
    # No foreign key: as with idempotency keys, this is swept and must never hold up an account.
    account_id: Mapped[int]
    form_key: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(1000))
    what: Mapped[str] = mapped_column(String(80))
    content: Mapped[str] = mapped_column(Text)
    is_draft: Mapped[bool]
    signed_out: Mapped[bool]
    kept_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def href(self) -> str:
        """The form, to be filled in with what was kept."""
        return f"{self.address}{'&' if '?' in self.address else '?'}{ASKED}={self.public_id}"

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    def typed(self) -> MultiDict[str, str]:
        """What was typed, as a request would have brought it."""
        fields: MultiDict[str, str] = MultiDict()
        for name, values in json.loads(self.content):
            fields.setlist(name, values)
        return fields


@dataclass(frozen=True, slots=True)
class Typed:
    """A form to be kept: its key, its address, what it is (the action of its route), what was typed."""

    form_key: str
    address: str
    what: str
    content: Content


_FORGET = (
    delete(KeptForm)
    .where(KeptForm.account_id == bindparam("account"), KeptForm.form_key == bindparam("form"))
    .execution_options(synchronize_session=False)
)


def keep(session: Session, account_id: int, typed: Typed, *, signed_out: bool) -> KeptForm:
    """Keep a form, in place of an earlier state of the same one. Inside `transaction()`."""
    forget_old(session)
    row = session.scalar(
        select(KeptForm).where(KeptForm.account_id == account_id, KeptForm.form_key == typed.form_key)
    )
    if row is None:
        _make_room(session, account_id)
        row = KeptForm(account_id=account_id, form_key=typed.form_key, is_draft=not signed_out)
        session.add(row)
    row.address, row.what, row.content = typed.address, typed.what, json.dumps(list(typed.content))
    row.signed_out, row.kept_at = signed_out, now()
    return row


def _make_room(session: Session, account_id: int) -> None:
    own = session.scalars(
        select(KeptForm.id).where(KeptForm.account_id == account_id).order_by(KeptForm.kept_at.desc())
    ).all()
    _delete(session, own[MOST - 1 :])


def _delete(session: Session, keys: Iterable[int]) -> None:
    session.execute(delete(KeptForm).where(KeptForm.id.in_(list(keys))))


def forget(session: Session, account_id: int, form_key: str) -> None:
    """The form was saved. Inside the transaction that saved it."""
    session.execute(_FORGET, {"account": account_id, "form": form_key})


def discard(session: Session, account_id: int, public_id: str) -> None:
    """Its author deletes it. Inside `transaction()`. Raises NotFound; another account's is not found."""
    own = select(KeptForm).where(KeptForm.account_id == account_id, KeptForm.public_id == public_id)
    row = session.scalar(own)
    if row is None:
        raise NotFound
    session.delete(row)


def forget_old(session: Session) -> None:
    """Forms of whichever account that have had their time."""
    old = delete(KeptForm).where(~_fresh()).execution_options(synchronize_session=False)
    session.execute(old, _limits())


def _fresh() -> ColumnElement[bool]:
    """The condition of a form that has not had its time, asked with `_limits()`."""
    return or_(
        KeptForm.kept_at > bindparam("forms_since"),
        and_(KeptForm.is_draft.is_(True), KeptForm.kept_at > bindparam("drafts_since")),
    )


def _limits() -> dict[str, datetime]:
    at = now()
    return {"forms_since": at - KEPT_FOR, "drafts_since": at - DRAFT_FOR}


@cache
def _kept() -> Select[KeptForm]:
    """Built once: pages that are opened much say whether there is one."""
    own = KeptForm.account_id == bindparam("account")
    return select(KeptForm).where(own, _fresh()).order_by(KeptForm.kept_at.desc(), KeptForm.id.desc())


def kept_of(account_id: int, path: str | None = None) -> list[KeptForm]:
    """The kept forms of an account, latest first; those of one address where `path` is given."""
    rows = db.session.scalars(_kept(), {"account": account_id, **_limits()}).all()
    return [row for row in rows if path is None or row.path == path]


def restored() -> MultiDict[str, str] | None:
    """What the address asks to have back: of this account, and for this form; None where there is none."""
    if not has_request_context() or request.method != "GET" or ASKED not in request.args:
        return None
    actor, wanted = known_actor(), request.args[ASKED]
    if actor is None or actor.account_id is None:
        return None
    row = next((one for one in kept_of(actor.account_id, request.path) if one.public_id == wanted), None)
    if row is None:
        return None
    setattr(g, _RESTORED, row)
    return row.typed()


def restored_form() -> KeptForm | None:
    """The form that this page was filled in from, for the notice at its top."""
    return g.get(_RESTORED)
