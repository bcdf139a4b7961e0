"""Builders: small invented worlds, made through the same writers as everything else.

world = World()
home = world.home("Elm House")
jay = world.child("Jay")
world.placed(jay, home, "2025-04-01")
world.record(HealthCheck, person_id=jay, kind="dental", due_on="2025-05-01")
"""

import re
from itertools import count
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from outcomes.accounts import manage
from outcomes.accounts.login import shared
from outcomes.accounts.roles import Role
from outcomes.care.contracts import Contract
from outcomes.care.organisations import CarerHousehold, Home, Organisation, Staff
from outcomes.care.people import Allocation, KeyworkerAssignment, Person
from outcomes.care.placements import Placement
from outcomes.core.actor import Actor, system_actor
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.kit.declaring.record import Record
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.records.readings import Instrument

Kind = TypeVar("Kind", bound=Record)

PASSWORD = "marmalade-tuba-glacier"

TESTS: Actor = system_actor("tests")


class World:
    """Makes records, each in a transaction of its own. Names are invented where none is given."""

    def __init__(self, by: Actor = TESTS) -> None:
        self.by = by
        self._numbers = count(1)
        self._provider: Organisation | None = None
        self._council: Organisation | None = None

    def record(self, kind: type[Kind], /, **values: Any) -> Kind:
        """Any record, through check() and the writer."""
        with transaction():
            made = writer.record(check(kind, values, with_owner=True), by=self.by)
        assert isinstance(made, kind)
        return made

    @property
    def provider(self) -> Organisation:
        self._provider = self._provider or self.organisation("Larkfield Care")
        return self._provider

    @property
    def council(self) -> Organisation:
        self._council = self._council or self.organisation("Northmere Council", "council")
        return self._council

    def organisation(self, name: str, kind: str = "provider") -> Organisation:
        return self.record(Organisation, name=name, kind=kind)

    def home(self, name: str = "", provider: Organisation | None = None) -> Home:
        return self.record(
            Home, name=name or f"Home {next(self._numbers)}", provider_id=provider or self.provider
        )

    def household(self, name: str = "", provider: Organisation | None = None) -> CarerHousehold:
        return self.record(
            CarerHousehold,
            name=name or f"Household {next(self._numbers)}",
            provider_id=provider or self.provider,
        )

    def staff(self, name: str = "", at: Organisation | None = None) -> Staff:
        return self.record(
            Staff, name=name or f"Worker {next(self._numbers)}", provider_id=at or self.provider
        )

    def contract(self, framework: str = "hackney_homes", **values: Any) -> Contract:
        return self.record(
            Contract,
            **{
                "framework": framework,
                "provider_id": self.provider,
                "commissioner_id": self.council,
                "started_on": "2020-04-01",
                **values,
            },
        )

    def child(self, known_as: str = "", born: str = "2011-03-15", **values: Any) -> Person:
        name = known_as or f"Child {next(self._numbers)}"
        return self.record(Person, person_kind="child", known_as=name, date_of_birth=born, **values)

    def placed(
        self,
        child: Person,
        place: Home | CarerHousehold,
        started_on: str,
        ended_on: str | None = None,
        **values: Any,
    ) -> Placement:
        """A placement in a home or with a household, of the place's own provider."""
        in_home = isinstance(place, Home)
        return self.record(
            Placement,
            **{
                "person_id": child,
                "provider_id": self._provider_of(place),
                "home_id" if in_home else "carer_household_id": place,
                "placement_type": "childrens_home" if in_home else "ifa_foster",
                "started_on": started_on,
                "ended_on": ended_on,
                **values,
            },
        )

    def _provider_of(self, place: Home | CarerHousehold) -> str:
        return db.session.scalars(
            select(Organisation.public_id).where(Organisation.id == place.provider_id)
        ).one()

    def keyworker(self, child: Person, staff: Staff, valid_from: str, **values: Any) -> KeyworkerAssignment:
        return self.record(
            KeyworkerAssignment, person_id=child, staff_id=staff, valid_from=valid_from, **values
        )

    def allocated(
        self, child: Person, staff: Staff, valid_from: str, role: str = "social_worker", **values: Any
    ) -> Allocation:
        return self.record(
            Allocation, person_id=child, staff_id=staff, role=role, valid_from=valid_from, **values
        )

    def instrument(self, code: str = "wheel", **values: Any) -> Instrument:
        return self.record(
            Instrument,
            **{
                "instrument_code": code,
                "version": "1",
                "title": "A wheel",
                "informants": ["child", "keyworker"],
                "higher_is_better": True,
                "scale_min": 1,
                "scale_max": 10,
                "smallest_step": 1,
                "areas": ["cooking", "cleaning", "relationships"],
                "area_tags": {"cooking": "independence", "cleaning": "independence"},
                **values,
            },
        )

    def account(
        self,
        role: str,
        *,
        at: Record | None = None,
        staff: Staff | None = None,
        email: str = "",
        name: str = "",
        **dates: Any,
    ) -> str:
        """An account with one grant; its e-mail address. `at` is the home, organisation or contract."""
        email = email or f"{role.replace('_', '.')}.{next(self._numbers)}@example.org"
        with transaction() as session:
            made = manage.add(
                session,
                email=email,
                name=name or f"{role.replace('_', ' ').capitalize()} Example",
                role=Role(role),
                targets=[(_target_of(role, at), at.id)] if at is not None else [],
                staff_id=staff.id if staff else None,
                by=self.by,
                **dates,
            )
            made.password_hash = shared().passwords.hash(PASSWORD)
        return email


def _target_of(role: str, at: Record) -> str:
    kind = at.kind_name()
    if kind != "organisation":
        return kind
    return "authority" if role in ("social_worker", "iro") else "provider"


def signed_in(app: Flask, email: str) -> FlaskClient:
    """A client of the application, signed in through the page."""
    client = app.test_client()
    token = token_of(client.get("/sign-in").text)
    answer = client.post("/sign-in", data={"email": email, "password": PASSWORD, "csrf_token": token})
    assert answer.status_code == 303, answer.text
    return client


def token_of(page: str) -> str:
    """The CSRF token of a page's first form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def hidden_of(page: str) -> dict[str, str]:
    """Every hidden input of a page, as a browser would send them."""
    return {
        name: value
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    }
