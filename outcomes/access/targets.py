"""Finding what a command names: a record by its id or reference, an author by their email address."""

from sqlalchemy import or_, select

from outcomes.access.bind import system_scope
from outcomes.accounts.manage import find_account
from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.kit.declaring.record import KINDS


def find_record(kind: str, given: str) -> int:
    """The key of one standing record. Raises Invalid where there is none, or more than one."""
    model = KINDS[kind]
    with system_scope("find what a command names") as session:
        named = or_(model.public_id == given, model.sender_reference == given)
        keys = session.scalars(select(model.id).where(named, model.standing()).limit(2)).all()
    what = model.declaration.title.lower()
    if not keys:
        raise Invalid.of(
            kind, f"There is no {what} {given!r}. Give its id or the reference it was imported with."
        )
    if len(keys) > 1:
        raise Invalid.of(kind, f"More than one {what} is called {given!r}. Give its id.")
    return keys[0]


def find_author(email: str) -> Actor:
    """The account in whose name a command writes. Raises Invalid for a stranger or a disabled account.

    The command runs with the system's reach; the author gives it a name, not their permissions.
    """
    account = find_account(db.session(), email)
    if account.disabled_at is not None:
        raise Invalid.of("by", "This account is disabled, so nothing can be written in its name.")
    return Actor(name=account.name, role="command", account_id=account.id, public_id=account.public_id)
