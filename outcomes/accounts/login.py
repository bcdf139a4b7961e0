"""Connecting accounts to an application: the cookie, flask-login, and what the services share."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, session
from flask_login import LoginManager, current_user

from outcomes.accounts.passwords import Passwords
from outcomes.accounts.sessions import SignedIn, ended_by_itself, resume
from outcomes.core.actor import Actor
from outcomes.core.settings import Settings

FindRecord = Callable[[str, str], int]
"""(kind, identifier) to the record's key; raises Invalid where there is no such record."""

ActorOf = Callable[[SignedIn], Actor]


@dataclass(frozen=True, slots=True)
class Shared:
    """What accounts need from outside: settings, the hasher, and two hooks of higher floors."""

    settings: Settings
    passwords: Passwords
    find_record: FindRecord
    actor_of: ActorOf


def init_accounts(app: Flask, settings: Settings, *, find_record: FindRecord, actor_of: ActorOf) -> None:
    """Install sign-in. `find_record` and `actor_of` are `access/`'s."""
    app.extensions["outcomes_accounts"] = Shared(
        settings=settings,
        passwords=Passwords(cheap=settings.environment == "test"),
        find_record=find_record,
        actor_of=actor_of,
    )
    app.config.update(
        SESSION_COOKIE_NAME="__Host-outcomes" if settings.secure_cookies else "outcomes",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_DOMAIN=None,
    )
    manager = LoginManager()
    # The row on the server decides. Tying it to address and browser would sign out every phone
    # that changes from the home's network to the street's.
    manager.session_protection = None
    manager.user_loader(lambda token: resume(token, settings))
    manager.init_app(app)


def shared() -> Shared:
    """The running application's accounts."""
    found: Shared = current_app.extensions["outcomes_accounts"]
    return found


def was_signed_in() -> Actor | None:
    """Whose session ended by itself, by the cookie of this request: a name for what they sent, no more."""
    token = session.get("_user_id")
    row = ended_by_itself(token) if isinstance(token, str) else None
    if row is None:
        return None
    return Actor("", row.role, row.account_id, row.account.public_id, session_id=row.public_id)


def signed_in() -> SignedIn | None:
    """Who is signed in on this request; None where nobody is."""
    return current_user if isinstance(current_user._get_current_object(), SignedIn) else None
