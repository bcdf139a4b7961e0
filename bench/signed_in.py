"""Somebody who is signed in to the service, as the pages and writes are timed: the manager of one home."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from outcomes.access.bind import system_scope
from outcomes.accounts import manage
from outcomes.accounts.login import shared
from outcomes.accounts.roles import Role
from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.actor import system_actor
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.transaction import transaction

PASSWORD = "marmalade-tuba-glacier"  # noqa: S105 - of an invented account in a database that is thrown away
HOME = 1


def manager(app: Flask, name: str = "mo") -> str:
    """The e-mail address of a new manager of the first home."""
    email = f"{name}@bench.example"
    with app.app_context(), system_scope("bench"):
        hashed = shared().passwords.hash(PASSWORD)
        with transaction() as session:
            account = manage.add(
                session, email=email, name=name, role=Role.REGISTERED_MANAGER, targets=[("home", HOME)],
                by=system_actor("bench"),
            )  # fmt: skip
            account.password_hash = hashed
    return email


def signed_in(app: Flask, email: str) -> FlaskClient:
    """A browser with a session. Raises where signing in fails."""
    client = app.test_client()
    carried = {"csrf_token": hidden(client.get("/sign-in").text, "csrf_token")}
    sent = client.post("/sign-in", data={"email": email, "password": PASSWORD} | carried)
    assert sent.status_code == 303, sent.text
    return client


def hidden(page: str, name: str) -> str:
    """A hidden answer of the page's last form."""
    return re.findall(rf'name="{name}" value="([^"]+)"', page)[-1]


def children_of_home(app: Flask) -> list[str]:
    """The addresses' identifiers of the children who live in the first home now."""
    with app.app_context(), system_scope("bench"):
        here = select(Placement.person_id).where(
            Placement.home_id == HOME, Placement.started_on <= today(), Placement.ended_on.is_(None)
        )
        found: list[Any] = list(db.session.scalars(select(Person.public_id).where(Person.id.in_(here))))
    assert found, "nobody lives in the first home: choose another seed"
    return found
