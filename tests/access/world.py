"""The world of the scope tests: two providers, one council, and a child in each relationship. Invented.

    own_now       lives in Elm House, on Sam's caseload and Iris's
    own_formerly  lived in Elm House until two months ago, lives in Birch House (other provider)
    left          left Elm House yesterday      long_left  left it two days ago
    same_provider lives in Oak House (Elm Care's too); Ada is the key worker; was on Sam's caseload
    other         lives in Birch House, on Sam's caseload
    fostered      lives with Elm Care's Marlow household
    coming        comes to Elm House tomorrow
    mistaken      was put down for Elm House in error (withdrawn); lives nowhere

Each child has a contact, and a health check with its version at each placement; own_now and other
have a reading with a score.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from outcomes.access.bind import system_scope
from outcomes.access.guarded import bind_scope
from outcomes.access.scope import Scope
from outcomes.accounts.account import Account, Held
from outcomes.accounts.roles import Role
from outcomes.accounts.sessions import SignedIn
from outcomes.care.contracts import Contract, ContractSetting
from outcomes.care.organisations import CarerHousehold, Home, Organisation, Staff
from outcomes.care.people import Allocation, Contact, KeyworkerAssignment, Person
from outcomes.care.placements import Placement
from outcomes.core.clock import now, today
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.health import HealthCheck
from outcomes.records.readings import Instrument, Reading, ReadingScore
from tests.databases import furnished

DAY = timedelta(days=1)


@dataclass
class World:
    """Keys of what there is, by the names above, and a way to be somebody."""

    app: Flask
    keys: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, name: str) -> int:
        return self.keys[name]

    def names(self, prefix: str, keys: Any) -> set[str]:
        """The names behind keys: names("person", {3}) = {"own_now"}."""
        by_key = {key: name for name, key in self.keys.items() if name.startswith(f"{prefix} ")}
        return {by_key[key].removeprefix(f"{prefix} ") for key in keys}

    def who(self, role: Role) -> SignedIn:
        """Somebody of each role, with the grant that these tests are about."""
        grants = {
            Role.SOCIAL_WORKER: [Held("authority", self["organisation council"])],
            Role.IRO: [Held("authority", self["organisation council"])],
            Role.COMMISSIONER: [Held("contract", self["contract elm"])],
            Role.RESPONSIBLE_INDIVIDUAL: [Held("provider", self["organisation elm"])],
            Role.SYSTEM_ADMINISTRATOR: [Held(None, None)],
        }.get(role, [Held("home", self["home elm"])])
        staff = {Role.SOCIAL_WORKER: "sam", Role.IRO: "iris", Role.KEYWORKER: "ada"}.get(role)
        return self.with_grants(role, grants, staff)

    def with_grants(self, role: Role, grants: list[Held], staff: str | None = None) -> SignedIn:
        staff_id = self[f"staff {staff}"] if staff else None
        account = self["account ada"]
        return SignedIn(account, "a" * 22, "Ada Obi", role, staff_id, "s" * 22, tuple(grants), "token")

    @contextmanager
    def acting(self, who: Role | SignedIn, day: date | None = None) -> Iterator[Session]:
        """A fresh session with somebody's scope, as a request has it."""
        signed_in = self.who(who) if isinstance(who, Role) else who
        with self.app.app_context():
            session = db.session()
            bind_scope(session, Scope.for_actor(signed_in, day or today()))
            try:
                yield session
            finally:
                db.session.remove()

    def move_out(self, stay: str) -> None:
        """The system ends a placement, five days ago, while somebody is acting."""
        with self.app.app_context(), system_scope("move the child"), transaction() as system:
            system.get_one(Placement, self[f"placement {stay}"]).ended_on = today() - 5 * DAY


@pytest.fixture
def world(any_app: Flask) -> World:
    """The world above, on SQLite and on PostgreSQL, in the whole application."""
    return furnished(any_app, _build)


def _build(app: Flask) -> World:
    made = World(app)
    with app.app_context(), system_scope("make the tests' world"), transaction() as session:
        _places(made, session)
        _children(made, session)
        _readings(made, session)
    return made


def _add(world: World, session: Session, name: str, row: Any) -> int:
    session.add(row)
    session.flush()
    world.keys[name] = row.id
    return int(row.id)


def _places(world: World, session: Session) -> None:
    account = Account(email="ada@elm.example", email_key="ada@elm.example", name="Ada Obi")
    _add(world, session, "account ada", account)
    for name in ("elm", "birch", "council"):
        kind = "council" if name == "council" else "provider"
        _add(world, session, f"organisation {name}", Organisation(name=name.title(), kind=kind))
    elm, birch, council = (world[f"organisation {name}"] for name in ("elm", "birch", "council"))
    for name, provider in (("elm", elm), ("oak", elm), ("birch", birch)):
        _add(world, session, f"home {name}", Home(name=f"{name.title()} House", provider_id=provider))
    for name, provider in (("marlow", elm), ("thames", birch)):
        _add(world, session, f"carer_household {name}", CarerHousehold(name=name, provider_id=provider))
    for name, provider in (
        ("ada", elm),
        ("bob", birch),
        ("sam", council),
        ("iris", council),
        ("una", council),
    ):
        _add(world, session, f"staff {name}", Staff(name=name.title(), provider_id=provider))
    for name, provider in (("elm", elm), ("birch", birch)):
        contract = Contract(
            provider_id=provider, commissioner_id=council, framework="newham_ifa", started_on=date(2024, 4, 1)
        )
        key = _add(world, session, f"contract {name}", contract)
        setting = ContractSetting(
            contract_id=key, setting="progress_rule", value="net", effective_from=date(2024, 4, 1)
        )
        _add(world, session, f"contract_setting {name}", setting)


def _children(world: World, session: Session) -> None:
    t = today()
    stays: dict[str, list[tuple[str, date, date | None]]] = {
        "own_now": [("home elm", t - 90 * DAY, None)],
        "own_formerly": [("home elm", t - 200 * DAY, t - 60 * DAY), ("home birch", t - 60 * DAY, None)],
        "left": [("home elm", t - 200 * DAY, t - DAY)],
        "long_left": [("home elm", t - 200 * DAY, t - 2 * DAY)],
        "same_provider": [("home oak", t - 90 * DAY, None)],
        "other": [("home birch", t - 90 * DAY, None)],
        "fostered": [("carer_household marlow", t - 90 * DAY, None)],
        "coming": [("home elm", t + DAY, None)],
        "mistaken": [("home elm", t - 90 * DAY, None)],
    }
    for name, placements in stays.items():
        person = Person(person_kind="child", given_name=name, date_of_birth=date(2012, 5, 3))
        key = _add(world, session, f"person {name}", person)
        _add(world, session, f"contact {name}", Contact(person_id=key, name=f"Aunt of {name}"))
        for where, started, ended in placements:
            _stay(world, session, name, where, started, ended)
    for staff, role, child, ended in (
        ("sam", "social_worker", "own_now", None),
        ("iris", "iro", "own_now", None),
        ("sam", "social_worker", "other", None),
        ("sam", "social_worker", "same_provider", t),
        ("una", "social_worker", "fostered", None),
    ):
        allocation = Allocation(
            person_id=world[f"person {child}"],
            staff_id=world[f"staff {staff}"],
            role=role,
            valid_from=t - 80 * DAY,
            valid_to=ended,
        )
        _add(world, session, f"allocation {staff} {child}", allocation)
    key_worker = KeyworkerAssignment(
        person_id=world["person same_provider"], staff_id=world["staff ada"], valid_from=t - 80 * DAY
    )
    _add(world, session, "keyworker_assignment ada", key_worker)


def _stay(world: World, session: Session, child: str, where: str, started: date, ended: date | None) -> None:
    place = where.split()[1]
    person = world[f"person {child}"]
    foster = where.startswith("carer_household")
    placement = Placement(
        person_id=person,
        provider_id=world["organisation birch" if place == "birch" else "organisation elm"],
        home_id=None if foster else world[where],
        carer_household_id=world[where] if foster else None,
        placement_type="ifa_foster" if foster else "children_home",
        started_on=started,
        ended_on=ended,
        withdrawn_at=now() if child == "mistaken" else None,
    )
    stay = _add(world, session, f"placement {child} at {place}", placement)
    check = HealthCheck(person_id=person, placement_id=stay, kind="dental", due_on=started)
    name = f"health_check {child} at {place}"
    _add(world, session, name, check)
    version = RecordVersion(
        kind="health_check",
        record_id=world[name],
        revision=1,
        act="recorded",
        person_id=person,
        placement_id=stay,
        content={},
        author_name="Ada Obi",
        recorded_at=now(),
        declaration="x",
    )
    _add(world, session, f"record_version {child} at {place}", version)


def _readings(world: World, session: Session) -> None:
    instrument = Instrument(
        instrument_code="wheel",
        version="1",
        higher_is_better=True,
        scale_min=Decimal(1),
        scale_max=Decimal(10),
        smallest_step=Decimal(1),
        areas=["home"],
    )
    _add(world, session, "instrument wheel", instrument)
    for child in ("own_now", "other"):
        reading = Reading(
            person_id=world[f"person {child}"],
            instrument_code="wheel",
            version="1",
            informant="child",
            taken_on=today() - 10 * DAY,
            status="complete",
        )
        key = _add(world, session, f"reading {child}", reading)
        score = ReadingScore(reading_id=key, area="home", score=Decimal(5))
        _add(world, session, f"reading_score {child}", score)
