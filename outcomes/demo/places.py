"""Providers, councils, homes, carer households and staff of the demo."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from outcomes.core.calendar import add_months
from outcomes.demo.contracts import AGENCY, CONTRACTS, COUNCIL, HOMES_PROVIDER, OTHER_COUNCIL, contracts
from outcomes.demo.entry import Entry, entry
from outcomes.demo.seeds import content
from outcomes.demo.window import Window

_ORGANISATIONS = (
    (HOMES_PROVIDER, "Tidewater Homes for Children", "provider"),
    (AGENCY, "Kitewood Fostering", "provider"),
    (COUNCIL, "Northmere Borough Council", "council"),
    (OTHER_COUNCIL, "Eastwick Borough Council", "council"),
)


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
        yield from contracts(self.window)

    def _where(self) -> Iterator[Entry]:
        opened = add_months(self.window.first, -60)
        names = content("names")["homes"]
        for number in range(self.homes):
            yield entry(
                "home",
                f"home-{number + 1}",
                provider_id=HOMES_PROVIDER,
                name=names[number],
                ofsted_urn=f"SC9{number + 1:05d}",
                service_type="childrens_home",
                opened_on=add_months(opened, number % 8 * 3),
            )
            yield from self._beds(number)
        for number in range(self.households):
            yield entry(
                "carer_household",
                f"household-{number + 1}",
                provider_id=AGENCY,
                name=f"The {_household_name(number)} household",
                joined_on=add_months(opened, number % 12),
            )

    def _beds(self, number: int) -> Iterator[Entry]:
        """The beds of a home: one more was registered a year ago, and one is out of use in every third home."""
        changed = self.window.quarter(-4).first
        beds = 3 + number % 3
        common: dict[str, Any] = {"home_id": f"home-{number + 1}", "commissioned_beds": beds}
        opened = add_months(self.window.first, -60 + number % 8 * 3)
        yield entry("home_capacity", registered_beds=beds, valid_from=opened, valid_to=changed, **common)
        yield entry(
            "home_capacity",
            registered_beds=beds + 1,
            unavailable_beds=1 if number % 3 == 2 else 0,
            valid_from=changed,
            reason="One more bed was registered.",
            **common,
        )

    def _staff(self) -> Iterator[Entry]:
        for number, post in enumerate(self._posts()):
            reference, organisation, title, group, front_line = post
            yield entry(
                "staff",
                reference,
                provider_id=organisation,
                name=_staff_name(number),
                job_title=title,
                role_group=group,
                front_line=front_line,
            )

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


def _staff_name(number: int) -> str:
    """The name of that number; when the list is used up, given and family names are paired anew."""
    names = content("names")["staff"]
    again, place = divmod(number, len(names))
    given, _, family = names[place].partition(" ")
    return (
        f"{given} {names[(place + again * 7) % len(names)].partition(' ')[2]}"
        if again
        else f"{given} {family}"
    )


def _household_name(number: int) -> str:
    """The name of that number; when the list is used up, two families share a household."""
    names = content("names")["households"]
    again, place = divmod(number, len(names))
    return f"{names[place]}-{names[(place + again) % len(names)]}" if again else str(names[place])
