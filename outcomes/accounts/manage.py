"""The acts on accounts: add, grant, end, disable, list. All write inside the caller's `transaction()`."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outcomes import audit
from outcomes.accounts.account import Account, AccountGrant, email_key
from outcomes.accounts.roles import ALLOWED_TARGETS, MAY_NAME_NOTHING, NEEDS_STAFF, Role
from outcomes.accounts.sessions import end_all
from outcomes.core.actor import Actor
from outcomes.core.clock import now, today
from outcomes.core.database import db
from outcomes.core.errors import Conflict, Invalid

_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f.]+(\.[^@\s\x00-\x1f.]+)+\Z")

_TAKEN = "There is an account with this email address already."

Target = tuple[str, int]
"""What a grant is for: ("home", 3)."""

NOTHING: Target = ("", 0)
"""Of a grant that names nothing."""


def add(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    targets: Iterable[Target] = (),
    staff_id: int | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    by: Actor,
) -> Account:
    """Add an account, or a further grant to one that is there. Raises Invalid.

    The first day is today unless stated; `valid_to` is the first day on which it no longer holds.
    """
    named = list(targets)
    first = valid_from or today()
    check_grant(role, [kind for kind, _ in named], first, valid_to)
    account = _by_email(session, email, lock=True)
    if account is None:
        account = create_account(session, email=email, name=name)
    if staff_id is not None:
        account.staff_id = staff_id
    if role in NEEDS_STAFF and account.staff_id is None:
        raise Invalid.of("staff", f"{role.says}: name their entry in the staff list with --staff.")
    for target in named or [NOTHING]:
        _grant(account, role, target, first, valid_to)
    session.flush()
    audit.note("account:grant", by=by, kind="account", record=account.public_id, reason=role.value)
    return account


def create_account(session: Session, *, email: str, name: str) -> Account:
    """A new account without a grant or a password. Raises Invalid when the address is taken."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 200 or not name.isprintable():
        raise Invalid.of("name", "Enter the person's name, up to 200 characters.")
    email = email.strip()
    key = email_key(email)
    if not _EMAIL.match(key) or len(email) > 254 or len(key) > 254 or not email.isprintable():
        raise Invalid.of("email", "Enter an email address, like name@example.org.")
    if _by_email(session, email) is not None:
        raise Invalid.of("email", _TAKEN)
    account = Account(email=email, email_key=key, name=name)
    session.add(account)
    try:
        # Now, so that of two people adding the same address the second is told so.
        session.flush()
    except IntegrityError as error:
        raise Invalid.of("email", _TAKEN) from error
    return account


def disable(session: Session, *, email: str, by: Actor) -> Account:
    """Disable an account: its sessions end, its one-time links stop working. It is never deleted."""
    account = find_account(session, email)
    if account.disabled_at is not None:
        raise Conflict("This account is disabled already.")
    account.disabled_at = now()
    end_all(session, account.id, "disabled")
    audit.note("account:disable", by=by, kind="account", record=account.public_id)
    return account


def end_grants(session: Session, *, email: str, on: date, by: Actor) -> Account:
    """End every grant of an account that reaches beyond `on`: from that day they no longer hold."""
    account = find_account(session, email)
    ending = [grant for grant in account.grants if grant.valid_to is None or grant.valid_to > on]
    if not ending:
        raise Conflict(f"No grant of this account reaches beyond {on:%d/%m/%Y}.")
    for grant in ending:
        grant.valid_to = max(on, grant.valid_from)
    audit.note("account:end-grants", by=by, kind="account", record=account.public_id, count=len(ending))
    return account


def find_account(session: Session, email: str) -> Account:
    """The account with this address. Raises Invalid."""
    account = _by_email(session, email)
    if account is None:
        raise Invalid.of("email", "There is no account with this email address.")
    return account


def every_account() -> list[Account]:
    """All accounts, by address."""
    return list(db.session.scalars(select(Account).order_by(Account.email_key)))


def _by_email(session: Session, email: str, *, lock: bool = False) -> Account | None:
    wanted = select(Account).where(Account.email_key == email_key(email))
    return session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()


def check_grant(role: Role, targets: Sequence[str], first: date, last: date | None) -> None:
    """Refuse a grant whose dates or sorts of target do not fit. Raises Invalid."""
    if last is not None and last < first:
        raise Invalid.of("to", "The last date must not be before the first.")
    allowed = ALLOWED_TARGETS[role]
    for kind in targets:
        if kind not in allowed:
            what = " or ".join(f"--{name}" for name in sorted(allowed)) or "nothing"
            raise Invalid.of(kind, f"{role.says}: a grant names {what}, not --{kind}.")
    if not targets and role not in MAY_NAME_NOTHING:
        what = " or ".join(f"--{name}" for name in sorted(allowed))
        raise Invalid.of("role", f"{role.says}: say for which place or contract with {what}.")


def _grant(account: Account, role: Role, target: Target, first: date, last: date | None) -> None:
    for other in account.grants:
        overlaps = (other.valid_to is None or other.valid_to > first) and (
            last is None or other.valid_from < last
        )
        # One role at a time: what somebody may do must not depend on which hat they say they wear.
        if overlaps and other.role != role:
            raise Invalid.of(
                "role",
                f"This account is {Role(other.role).says.lower()} at that time. "
                "End that first with `outcomes accounts end`.",
            )
    account.grants.append(
        AccountGrant(
            role=role.value,
            valid_from=first,
            valid_to=last,
            **({f"{target[0]}_id": target[1]} if target != NOTHING else {}),
        )
    )
