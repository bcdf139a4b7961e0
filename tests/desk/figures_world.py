"""A small contract whose figures are known by heart, for the tests of the pages of figures. All invented.

Zinnia Court and Oak House belong to one provider, under one contract of hackney_homes. In July to
September 2025 five children were missing; Nettle, who came in the last days, has a goal. 3.2-K4
(reported according to procedure) is therefore 2 of 5: Quillon and Sorrel met, Bramwell and Linnet
not, and of Tansy it is not recorded. Sorrel lived in Zinnia Court until June and went missing from
Oak House. Another provider has a contract of its own with the same council.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from outcomes.access.bind import system_scope
from outcomes.care.contracts import Contract, ContractSetting, MeasureTarget
from outcomes.care.organisations import Home
from outcomes.care.people import Person
from outcomes.core.transaction import transaction
from outcomes.kit.declaring.record import Record
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.kit.writing.states import Origin
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Goal
from tests.builders import TESTS, World, signed_in
from tests.databases import furnished

PERIOD = "2025-26-Q2"
REPORTED = "hackney_homes.3.2-K4"
EPISODES = "hackney_homes.3.2-K2"
GOALS = "hackney_homes.1.4-K2"
CHILDREN = ("Quillon", "Bramwell", "Tansy", "Sorrel", "Linnet", "Nettle")
SECRETS = (*CHILDREN, "REF-", "Zinnia", "ZIN-", "Oak House", "OAK-")
"""What no commissioner may ever read: names and references of children and of homes."""


@dataclass(frozen=True)
class Figures:
    """Public ids and e-mail addresses only, so that it can be read after the session that made it."""

    app: Flask
    contract: str
    other_contract: str
    fostering_contract: str
    children: dict[str, str]
    emails: dict[str, str]

    def client(self, who: str) -> FlaskClient:
        """Somebody signed in: commissioner, manager, other_manager, keyworker, responsible."""
        return signed_in(self.app, self.emails[who])

    def measure(self, measure: str = REPORTED, **query: str) -> str:
        return _address(f"/measures/{measure}", {"contract": self.contract, "period": PERIOD} | query)

    def api(self, measure: str = REPORTED, **query: str) -> str:
        return _address(
            f"/api/v1/measures/{measure}/figures", {"contract": self.contract, "period": PERIOD} | query
        )

    def scorecard(self, **query: str) -> str:
        return _address("/scorecard", {"contract": self.contract, "period": PERIOD} | query)

    @contextmanager
    def inside(self) -> Iterator[World]:
        with self.app.app_context(), system_scope("a test"):
            yield World()


def _address(path: str, query: dict[str, str]) -> str:
    return f"{path}?{'&'.join(f'{name}={value}' for name, value in query.items())}"


def figures_world(app: Flask) -> Figures:
    """Six children in two homes under one contract, and who looks at its figures."""
    return furnished(app, _build)


def _build(app: Flask) -> Figures:
    with app.app_context(), system_scope("a test"):
        world = World()
        zinnia = _known(Home, "ZIN-1", name="Zinnia Court", provider_id=world.provider)
        oak = _known(Home, "OAK-1", name="Oak House", provider_id=world.provider)
        contract = world.contract(service="Homes for Northmere")
        other = world.organisation("Birch Care")
        other_contract = world.contract(provider_id=other, service="Homes by Birch Care")
        fostering = world.contract("newham_ifa", service="Fostering for Northmere")
        children = {name: _child(name) for name in CHILDREN}
        _stays(world, contract, children, zinnia, oak)
        _missing(world, children)
        _terms(world, contract)
        emails = {
            "commissioner": world.account("commissioner", at=contract),
            "other_commissioner": world.account("commissioner", at=other_contract),
            "manager": world.account("registered_manager", at=zinnia),
            "responsible": world.account("responsible_individual", at=world.provider),
            "other_manager": world.account("registered_manager", at=world.home("Birch House", other)),
            "keyworker": world.account("keyworker", at=zinnia),
        }
        return Figures(
            app,
            contract.public_id,
            other_contract.public_id,
            fostering.public_id,
            {name: child.public_id for name, child in children.items()},
            emails,
        )


def _known(kind: type[Record], reference: str, **values: Any) -> Any:
    """A record with a reference of its sender's."""
    with transaction():
        checked = check(kind, values, with_owner=True)
        return writer.record(checked, origin=Origin("main", reference), by=TESTS)


def _child(name: str) -> Person:
    values = {"person_kind": "child", "known_as": name, "date_of_birth": "2011-03-15"}
    made: Person = _known(Person, f"REF-{name.upper()}", **values)
    return made


def _stays(world: World, contract: Contract, children: dict[str, Person], zinnia: Home, oak: Home) -> None:
    under = {"contract_id": contract, "commissioner_id": world.council}
    for name in ("Quillon", "Bramwell", "Tansy"):
        world.placed(children[name], zinnia, "2025-01-06", **under)
    world.placed(children["Sorrel"], zinnia, "2025-01-06", "2025-06-30", **under)
    world.placed(children["Sorrel"], oak, "2025-06-30", **under)
    world.placed(children["Linnet"], oak, "2025-01-06", **under)
    world.placed(children["Nettle"], zinnia, "2025-09-15", **under)
    world.record(
        Goal,
        person_id=children["Nettle"],
        area="independence",
        wording="Cook one meal a week",
        set_on="2025-09-16",
        baseline_level=1,
        status="open",
    )


def _missing(world: World, children: dict[str, Person]) -> None:
    reported = {"Quillon": True, "Bramwell": False, "Tansy": None, "Sorrel": True, "Linnet": False}
    for name, followed in reported.items():
        world.record(
            MissingEpisode,
            person_id=children[name],
            kind="missing",
            started_at="2025-08-02T20:00",
            ended_at="2025-08-03T09:00",
            procedure_followed=followed,
        )


def _terms(world: World, contract: Contract) -> None:
    target = {"contract_id": contract, "measure_id": REPORTED, "status": "set", "comparator": "at_least"}
    world.record(MeasureTarget, **target, value=50, effective_from="2024-04-01", effective_to="2025-07-01")
    world.record(
        MeasureTarget, **target, value=75, effective_from="2025-07-01", reason="Raised after a year."
    )
    setting = {"contract_id": contract, "setting": "present_days", "effective_from": "2024-04-01"}
    world.record(ContractSetting, **setting, value="21", agreed=False, source="Meeting of 3 March 2024")
