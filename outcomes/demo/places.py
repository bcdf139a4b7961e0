"""Providers, councils, homes, carer households, staff and contracts of the demo."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from outcomes.core.calendar import add_months
from outcomes.demo.entry import Entry, entry
from outcomes.demo.seeds import content
from outcomes.demo.window import Window

HOMES_PROVIDER, AGENCY = "provider-homes", "provider-fostering"
COUNCIL, OTHER_COUNCIL = "council-northmere", "council-eastwick"

_ORGANISATIONS = (
    (HOMES_PROVIDER, "Tidewater Homes for Children", "provider"),
    (AGENCY, "Kitewood Fostering", "provider"),
    (COUNCIL, "Northmere Borough Council", "council"),
    (OTHER_COUNCIL, "Eastwick Borough Council", "council"),
)


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract, and the kind of placement made under it."""

    reference: str
    framework: str
    provider: str
    council: str
    service: str
    placement_type: str


CONTRACTS = {
    "fostering": Contract(
        "northmere-fostering",
        "newham_ifa",
        AGENCY,
        COUNCIL,
        "Fostering for Northmere by Kitewood Fostering",
        "ifa_foster",
    ),
    "homes": Contract(
        "eastwick-homes",
        "hackney_homes",
        HOMES_PROVIDER,
        OTHER_COUNCIL,
        "Children's homes for Eastwick by Tidewater Homes",
        "childrens_home",
    ),
    "homes_two": Contract(
        "northmere-homes",
        "hackney_homes",
        HOMES_PROVIDER,
        COUNCIL,
        "Children's homes for Northmere by Tidewater Homes",
        "childrens_home",
    ),
}
"""Contracts by the service that a story names."""


@dataclass(frozen=True, slots=True)
class Place:
    """A home or a carer household, with who works there."""

    kind: str
    reference: str
    keyworkers: tuple[str, ...]
    manager: str


@dataclass(frozen=True)
class Places:
    """Where children live and who looks after them, for so many homes and households."""

    window: Window
    homes: int
    households: int

    def place(self, service: str, index: int) -> Place:
        """The place that a story counts from 0."""
        if CONTRACTS[service].provider == AGENCY:
            return self._household(index % self.households)
        return self._home(index % self.homes)

    def _home(self, number: int) -> Place:
        team = self.home_teams[number]
        return Place("home", f"home-{number + 1}", tuple(team[1:3]), team[0])

    def _household(self, number: int) -> Place:
        team = self.agency_team
        workers = team[2:]
        mine = (workers[number % len(workers)], workers[(number + 1) % len(workers)])
        return Place("carer_household", f"household-{number + 1}", mine, team[0])

    @cached_property
    def home_teams(self) -> list[list[str]]:
        """For each home: manager, two key workers, a residential worker."""
        return [[f"staff-home-{n}-{k}" for k in range(1, 5)] for n in range(1, self.homes + 1)]

    @cached_property
    def agency_team(self) -> list[str]:
        """Manager, responsible individual, and a supervising social worker for every three households."""
        workers = max(2, -(-self.households // 3))
        return [f"staff-agency-{k}" for k in range(1, workers + 3)]

    def social_workers(self, council: str) -> list[str]:
        return [f"staff-{council}-{k}" for k in (1, 2, 3)]

    def reviewing_officer(self, council: str) -> str:
        return f"staff-{council}-4"

    def entries(self) -> Iterator[Entry]:
        """Organisations, places, staff, contracts, targets and settings."""
        for reference, name, kind in _ORGANISATIONS:
            yield entry("organisation", reference, name=name, kind=kind)
        yield from self._where()
        yield from self._staff()
        for contract in CONTRACTS.values():
            yield from self._contract(contract)

    def _where(self) -> Iterator[Entry]:
        opened = add_months(self.window.first, -60)
        names, households = content("names")["homes"], content("names")["households"]
        for number in range(self.homes):
            yield entry(
                "home",
                f"home-{number + 1}",
                provider_id=HOMES_PROVIDER,
                name=_numbered(names, number),
                ofsted_urn=f"SC9{number + 1:05d}",
                service_type="childrens_home",
                opened_on=add_months(opened, number * 3),
            )
        for number in range(self.households):
            yield entry(
                "carer_household",
                f"household-{number + 1}",
                provider_id=AGENCY,
                name=f"The {_numbered(households, number)} household",
                joined_on=add_months(opened, number % 12),
            )

    def _staff(self) -> Iterator[Entry]:
        number = 0
        for reference, organisation, title, group, front_line in self._posts():
            yield entry(
                "staff",
                reference,
                provider_id=organisation,
                name=_numbered(content("names")["staff"], number),
                job_title=title,
                role_group=group,
                front_line=front_line,
            )
            number += 1

    def _posts(self) -> Iterator[tuple[str, str, str, str, bool]]:
        yield "staff-homes-ri", HOMES_PROVIDER, "Responsible individual", "manager", False
        for team in self.home_teams:
            yield team[0], HOMES_PROVIDER, "Registered manager", "manager", False
            for one in team[1:3]:
                yield one, HOMES_PROVIDER, "Key worker", "key_worker", True
            yield team[3], HOMES_PROVIDER, "Residential worker", "residential_worker", True
        agency = self.agency_team
        yield agency[0], AGENCY, "Registered manager", "manager", False
        yield agency[1], AGENCY, "Responsible individual", "manager", False
        for one in agency[2:]:
            yield one, AGENCY, "Supervising social worker", "supervising_social_worker", True
        for council in (COUNCIL, OTHER_COUNCIL):
            for one in self.social_workers(council):
                yield one, council, "Social worker", "social_worker", True
            yield (
                self.reviewing_officer(council),
                council,
                "Independent reviewing officer",
                "independent_reviewing_officer",
                False,
            )
            yield f"staff-{council}-5", council, "Commissioning manager", "manager", False

    def _contract(self, contract: Contract) -> Iterator[Entry]:
        begins = add_months(self.window.first, -36)
        yield entry(
            "contract",
            contract.reference,
            provider_id=contract.provider,
            framework=contract.framework,
            commissioner_id=contract.council,
            service=contract.service,
            started_on=begins,
            progress_report_every="quarter",
            measure_set_version="1",
        )
        for target in _TARGETS[contract.framework]:
            yield from self._target(contract, begins, *target)
        for setting, value, unit, source, agreed in _SETTINGS[contract.framework]:
            yield entry(
                "contract_setting",
                contract_id=contract.reference,
                setting=setting,
                value=value,
                unit=unit,
                source=source,
                agreed=agreed,
                effective_from=begins,
            )

    def _target(
        self, contract: Contract, begins: date, measure: str, status: str, value: int | None, earlier: int | None
    ) -> Iterator[Entry]:
        """A target; where it was another before, that one holds until a year before today's quarter."""
        changed = self.window.quarter(-4).first
        common: dict[str, Any] = {
            "contract_id": contract.reference,
            "measure_id": f"{contract.framework}.{measure}",
            "status": status,
            "comparator": "at_least" if value is not None else None,
            "set_by": "Contract meeting",
        }
        if earlier is not None:
            yield entry(
                "measure_target",
                value=earlier,
                effective_from=begins,
                effective_to=changed,
                reason="First target of the contract, to be raised after two years.",
                **common,
            )
        yield entry(
            "measure_target",
            value=value,
            effective_from=changed if earlier is not None else begins,
            review_due_on=add_months(self.window.quarter(0).first, 6),
            reason="Raised as agreed when the contract began." if earlier is not None else None,
            **common,
        )


_TARGETS: dict[str, tuple[tuple[str, str, int | None, int | None], ...]] = {
    "newham_ifa": (
        ("5a_planned_endings", "set", 90, None),
        ("5b_long_term_stability", "set", 80, None),
        ("6_progress_quarter", "set", 70, 60),
    ),
    "hackney_homes": (
        ("1.4-K2", "set", 90, None),
        ("3.2-K2", "none_stated", None, None),
        ("3.2-K3", "none_stated", None, None),
    ),
}
"""Measure, status, value, and the value before the last change."""

_SETTINGS: dict[str, tuple[tuple[str, str, str | None, str, bool], ...]] = {
    "newham_ifa": (
        ("tool", "living_skills", None, "Contract meeting: the provider's own procedure", True),
        ("progress_rule", "net", None, "Assumed until it is discussed", False),
    ),
    "hackney_homes": (
        ("return_interview_hours", "72", "hours", "Assumed: the council's policy is awaited", False),
        ("tool", "living_skills", None, "Contract meeting", True),
    ),
}
"""Setting, value, unit, source, agreed (or assumed)."""


def _numbered(names: list[str], number: int) -> str:
    """The name of that number; when the list is used up, it starts again with a numeral."""
    again, place = divmod(number, len(names))
    return names[place] if not again else f"{names[place]} {again + 1}"
