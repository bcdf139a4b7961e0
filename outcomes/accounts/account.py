"""The tables of accounts and grants, and which grants are in force on a day."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from outcomes.accounts.roles import TARGETS, Role, grant_condition
from outcomes.core.clock import now
from outcomes.core.database import Base, Moment, PublicId, new_public_id


class Account(Base):
    """Somebody who signs in. Never deleted: their name stands under what they wrote.

    `email_key` is the address as compared (see `email_key()`); `staff_id` is their entry in the
    staff list; the two `totp` columns are the place of the second factor, which comes later.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, default=new_public_id, unique=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    staff_id: Mapped[int | None] = mapped_column(
        # Made after both tables: a member of staff names the account that recorded them.
        ForeignKey("staff.id", use_alter=True, name="fk_account_staff_id"),
        index=True,
    )
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_last_step: Mapped[int | None]

    grants: Mapped[list["AccountGrant"]] = relationship(
        back_populates="account", order_by="AccountGrant.id", lazy="selectin"
    )


class AccountGrant(Base):
    """A role for a stretch of time, at a home, provider, authority or contract.

    `valid_to` is the first day on which it no longer holds.
    """

    __tablename__ = "account_grant"
    __table_args__ = (
        CheckConstraint(grant_condition(), name="role_and_target"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
        Index("ix_account_grant_account_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(String(40))
    home_id: Mapped[int | None] = mapped_column(ForeignKey("home.id"))
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id"))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    account: Mapped[Account] = relationship(back_populates="grants")

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to > day)

    def held(self) -> "Held":
        for name in TARGETS:
            key = getattr(self, f"{name}_id")
            if key is not None:
                return Held(name, key)
        return Held(None, None)


@dataclass(frozen=True, slots=True)
class Held:
    """What a grant is for, as a value: ("home", 3); both None where it names nothing."""

    target: str | None
    key: int | None


def email_key(email: str) -> str:
    """An e-mail address as it is compared: nobody has two accounts by a capital or an accent's form."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def role_on(grants: Iterable[AccountGrant], day: date) -> Role | None:
    """The one role of the grants in force; None where there is none, or (fail closed) two."""
    roles = {grant.role for grant in grants if grant.in_force(day)}
    return Role(roles.pop()) if len(roles) == 1 else None
