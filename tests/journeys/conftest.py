"""One small story: two children, the people around them, two contracts, and browsers to be them in.

Zephyrine lives in Copperbeech House under the homes' contract, Ottoline lives there under the
fostering agencies' contract; Leopold lives in a home of others. Ada is key worker, Mo manager,
Sam the two's social worker, Cleo commissions both contracts. All invented.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from outcomes.access.bind import system_scope
from outcomes.accounts import manage
from outcomes.accounts.login import shared
from outcomes.accounts.roles import Role
from outcomes.care.contracts import Contract, ContractSetting
from outcomes.care.organisations import Home, Staff
from outcomes.care.people import Person
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.periods import Period, containing
from outcomes.core.transaction import transaction
from outcomes.frameworks.figures import Asked, figures
from outcomes.frameworks.sources import Live
from outcomes.kit.declaring.record import Record
from outcomes.measures.figures.figure import Figure
from outcomes.records.plans import Goal
from outcomes.records.readings import Reading
from outcomes.records.sessions import KeyworkerSession
from tests.builders import PASSWORD, TESTS, World
from tests.databases import furnished

SESSIONS = "hackney_homes.3.1-M1"
PROGRESS = "newham_ifa.6_progress_quarter"

WORDS = "I want my saffron umbrella back"
NEXT = "Ask the gooseberry market stall"

PLANTED = (
    "Zephyrine",
    "Quillfeather",
    "Ottoline",
    "Brackenbury",
    "Leopold",
    "Copperbeech",
    "saffron umbrella",
    "gooseberry",
    "Ada Lanternjaw",
    "Polish the harpsichord",
)
"""What a commissioner must never be shown, anywhere: children, homes, workers, words."""


def days_ago(number: int) -> str:
    return (today() - timedelta(days=number)).isoformat()


@dataclass
class Story:
    """Keys of what there is; read after the session that made them."""

    app: Flask
    zephyrine: str
    ottoline: str
    leopold: str
    home: str
    goal: str
    wheel: str
    homes_contract: str
    agency_contract: str
    contract_ids: dict[str, int]

    @property
    def quarter(self) -> Period:
        return containing(today(), "quarter")

    @contextmanager
    def inside(self) -> Iterator[World]:
        """Inside the application as the system, to look or to add."""
        with self.app.app_context(), system_scope("a test"):
            yield World()

    def figure(self, measure: str) -> Figure:
        """The running quarter's figure, straight from the engine."""
        with self.inside():
            asked = Asked([measure], [self.contract_ids[measure.partition(".")[0]]], self.quarter)
            (found,) = figures(Live(db.session.connection()), asked)
            return found

    def scorecard(self, measure: str) -> str:
        return f"/scorecard?contract={self._contract(measure)}&period={self.quarter.code}"

    def measure(self, measure: str) -> str:
        return f"/measures/{measure}?contract={self._contract(measure)}&period={self.quarter.code}"

    def _contract(self, measure: str) -> str:
        return self.homes_contract if measure == SESSIONS else self.agency_contract

    def one(self, kind: type[Record], **by: Any) -> Any:
        """The only record of a kind with these values; inside()."""
        return db.session.scalars(select(kind).filter_by(**by)).one()


@pytest.fixture
def story(app: Flask) -> Story:
    """On SQLite."""
    return furnished(app, told)


@pytest.fixture
def any_story(any_app: Flask) -> Story:
    """On each database."""
    return furnished(any_app, told)


def told(app: Flask) -> Story:
    with app.app_context(), system_scope("a test"):
        world = World()
        home = world.home("Copperbeech House")
        homes, agency = world.contract("hackney_homes"), world.contract("newham_ifa")
        ada, sam = world.staff("Ada Lanternjaw"), world.staff("Sam Reed", at=world.council)
        zephyrine = world.child("Zephyrine", family_name="Quillfeather")
        ottoline = world.child("Ottoline", family_name="Brackenbury")
        leopold = world.child("Leopold")
        for child, contract in ((zephyrine, homes), (ottoline, agency)):
            world.placed(child, home, days_ago(400), contract_id=contract)
            world.keyworker(child, ada, days_ago(400))
            world.allocated(child, sam, days_ago(400))
        world.placed(leopold, world.home("Elsewhere", world.organisation("Others Care")), days_ago(400))
        wheel = world.instrument("wheel")
        goal = _records(world, zephyrine, ottoline, agency)
        _accounts(home, ada, sam, [homes.id, agency.id])
        return Story(
            app,
            zephyrine.public_id,
            ottoline.public_id,
            leopold.public_id,
            home.public_id,
            goal.public_id,
            wheel.public_id,
            homes.public_id,
            agency.public_id,
            {"hackney_homes": homes.id, "newham_ifa": agency.id},
        )


def _records(world: World, zephyrine: Person, ottoline: Person, agency: Contract) -> Goal:
    """One session already held this quarter; a first reading before it; a goal to talk about."""
    quarter = containing(today(), "quarter")
    world.record(
        ContractSetting, contract_id=agency, setting="tool", value="wheel", effective_from="2020-04-01"
    )
    for day in (quarter.first, quarter.first - timedelta(days=5)):
        world.record(KeyworkerSession, person_id=zephyrine, status="held", held_on=day, topics=["education"])
    world.record(
        Reading,
        person_id=ottoline,
        instrument_code="wheel",
        version="1",
        informant="child",
        taken_on=quarter.first - timedelta(days=30),
        status="complete",
        scores=[{"area": area, "score": 4} for area in ("cooking", "cleaning", "relationships")],
    )
    return world.record(
        Goal,
        person_id=zephyrine,
        area="independence",
        wording="Polish the harpsichord",
        set_on=days_ago(200),
        baseline_level=1,
        target_level=4,
        status="open",
    )


def _accounts(home: Home, ada: Staff, sam: Staff, contracts: Sequence[int]) -> None:
    hashed = shared().passwords.hash(PASSWORD)
    for name, role, targets, staff in (
        ("ada", Role.KEYWORKER, [("home", home.id)], ada.id),
        ("mo", Role.REGISTERED_MANAGER, [("home", home.id)], None),
        ("sam", Role.SOCIAL_WORKER, [], sam.id),
        ("cleo", Role.COMMISSIONER, [("contract", one) for one in contracts], None),
    ):
        with transaction() as session:
            account = manage.add(
                session,
                email=address_of(name),
                name=name.capitalize(),
                role=role,
                targets=targets,
                staff_id=staff,
                by=TESTS,
                valid_from=today() - timedelta(days=1),
            )
            account.password_hash = hashed


def address_of(who: str) -> str:
    return f"{who}@story.example"
