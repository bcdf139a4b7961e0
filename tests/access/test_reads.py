"""Who reads what: role by relationship, on both databases. The table is the policy, in words."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from outcomes.access.protected import protected
from outcomes.accounts.account import Held
from outcomes.accounts.roles import Role
from outcomes.care.contracts import Contract, ContractSetting
from outcomes.care.organisations import CarerHousehold, Home, Organisation, Staff
from outcomes.care.people import Contact, Person
from outcomes.care.placements import Placement
from outcomes.core.clock import today
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.health import HealthCheck
from outcomes.records.readings import Instrument, Reading, ReadingScore
from tests.access.world import World

R = Role
HERE = {"own_now", "left"}
EVER = HERE | {"own_formerly", "long_left", "coming"}
ELM_EVER = EVER | {"same_provider", "fostered"}
ELM_NOW = HERE | {"same_provider", "fostered"}

PERSONS: dict[Role, set[str]] = {
    R.RESIDENTIAL_WORKER: HERE,
    R.KEYWORKER: HERE | {"same_provider"},
    R.REGISTERED_MANAGER: EVER | {"mistaken"},
    R.RESPONSIBLE_INDIVIDUAL: ELM_EVER,
    R.SOCIAL_WORKER: {"own_now", "other"},
    R.IRO: {"own_now"},
    R.COMMISSIONER: set(),
    R.SYSTEM_ADMINISTRATOR: set(),
}
CONTACTS = PERSONS | {R.REGISTERED_MANAGER: HERE | {"mistaken"}, R.RESPONSIBLE_INDIVIDUAL: ELM_NOW}
"""Of former residents a manager has what was recorded there, and contacts are of the child's life."""

STAYS: dict[Role, set[str]] = {
    R.RESIDENTIAL_WORKER: {"own_now at elm", "left at elm"},
    R.KEYWORKER: {"own_now at elm", "left at elm", "same_provider at oak"},
    R.REGISTERED_MANAGER: {f"{child} at elm" for child in EVER | {"mistaken"}},
    R.RESPONSIBLE_INDIVIDUAL: {f"{child} at elm" for child in EVER | {"mistaken"}}
    | {"same_provider at oak", "fostered at marlow"},
    R.SOCIAL_WORKER: {"own_now at elm", "other at birch"},
    R.IRO: {"own_now at elm"},
    R.COMMISSIONER: set(),
    R.SYSTEM_ADMINISTRATOR: set(),
}
"""Placements, and the records made under them: never own_formerly's at Birch House."""

READINGS: dict[Role, set[str]] = {role: persons & {"own_now", "other"} for role, persons in PERSONS.items()}
_NONE: set[str] = set()


def everybody(*names: str) -> dict[Role, set[str]]:
    return {role: set(names) for role in Role}


HOMES: dict[Role, set[str]] = {
    **everybody("elm", "oak"),
    R.SOCIAL_WORKER: {"elm", "birch"},
    R.IRO: {"elm"},
    R.COMMISSIONER: _NONE,
    R.SYSTEM_ADMINISTRATOR: {"elm", "oak", "birch"},
}
HOUSEHOLDS: dict[Role, set[str]] = {
    **everybody("marlow"),
    R.SOCIAL_WORKER: _NONE,
    R.IRO: _NONE,
    R.COMMISSIONER: _NONE,
    R.SYSTEM_ADMINISTRATOR: {"marlow", "thames"},
}
STAFF: dict[Role, set[str]] = {
    **everybody("ada", "sam", "iris"),
    R.RESPONSIBLE_INDIVIDUAL: {"ada", "sam", "iris", "una"},
    R.SOCIAL_WORKER: {"ada", "bob", "sam", "iris"},
    R.COMMISSIONER: _NONE,
    R.SYSTEM_ADMINISTRATOR: {"ada", "bob", "sam", "iris", "una"},
}
CONTRACTS: dict[Role, set[str]] = {
    **everybody(),
    R.REGISTERED_MANAGER: {"elm"},
    R.RESPONSIBLE_INDIVIDUAL: {"elm"},
    R.COMMISSIONER: {"elm"},
}
ALL_ORGANISATIONS = everybody("elm", "birch", "council")

MATRIX: list[tuple[type[Any], str, dict[Role, set[str]]]] = [
    (Person, "person", PERSONS),
    (Contact, "contact", CONTACTS),
    (Placement, "placement", STAYS),
    (HealthCheck, "health_check", STAYS),
    (RecordVersion, "record_version", STAYS),
    (Reading, "reading", READINGS),
    (ReadingScore, "reading_score", READINGS),
    (Home, "home", HOMES),
    (CarerHousehold, "carer_household", HOUSEHOLDS),
    (Staff, "staff", STAFF),
    (Contract, "contract", CONTRACTS),
    (ContractSetting, "contract_setting", CONTRACTS),
    (Organisation, "organisation", ALL_ORGANISATIONS),
    (Instrument, "instrument", everybody("wheel")),
]


@pytest.mark.parametrize("role", Role)
def test_each_role_reads_its_own_and_nothing_else(world: World, role: Role) -> None:
    for kind, prefix, expected in MATRIX:
        with world.acting(role) as session:
            shown = world.names(prefix, session.scalars(select(kind.id)))
            assert shown == expected[role], f"{role} reads {prefix}: {shown}"
            # However it is asked, the answer is the same.
            assert world.names(prefix, [row.id for row in session.scalars(select(kind))]) == shown
            assert session.scalar(select(func.count()).select_from(kind)) == len(shown)
            other = aliased(kind)
            assert world.names(prefix, session.scalars(select(other.id))) == shown
            inner = select(kind.id).scalar_subquery()
            assert world.names(prefix, session.scalars(select(kind.id).where(kind.id.in_(inner)))) == shown
            for name, key in world.keys.items():
                if name.startswith(f"{prefix} "):
                    there = session.get(kind, key) is not None
                    assert there == (name.removeprefix(f"{prefix} ") in shown), f"{role}: get {name}"


def test_every_guarded_table_is_nothing_to_a_commissioner_but_contracts_and_the_catalogue(
    world: World,
) -> None:
    seen = {"organisation", "instrument", "contract", "contract_setting", "measure_target"}
    for name, kind in protected().items():
        with world.acting(Role.COMMISSIONER) as session:
            count = session.scalar(select(func.count()).select_from(kind))
            assert name in seen or count == 0, name


def test_joins_of_several_guarded_classes_are_narrowed_each(world: World) -> None:
    with world.acting(Role.KEYWORKER) as session:
        wanted = select(HealthCheck.id, Person.given_name).join(Person, Person.id == HealthCheck.person_id)
        assert {row.given_name for row in session.execute(wanted)} == {"own_now", "left", "same_provider"}
        outer = (
            select(Person.given_name, Home.name)
            .join(Placement, Placement.person_id == Person.id)
            .outerjoin(Home, Home.id == Placement.home_id)
        )
        assert ("own_now", "Elm House") in {tuple(row) for row in session.execute(outer)}
        either = (
            select(Person.id)
            .where(Person.given_name == "own_now")
            .union(select(Person.id).where(Person.given_name == "other"))
        )
        assert world.names("person", session.scalars(either)) == {"own_now"}
        named = select(Person.id).where(Person.given_name == "other").cte()
        assert session.scalars(select(named.c.id)).all() == []
        exists = select(Contact.id).where(select(Person.id).where(Person.given_name == "other").exists())
        assert session.scalars(exists).all() == []


def test_a_fostering_grant_reaches_the_households_children_only(world: World) -> None:
    who = world.with_grants(Role.REGISTERED_MANAGER, [Held("provider", world["organisation elm"])])
    with world.acting(who) as session:
        assert world.names("person", session.scalars(select(Person.id))) == {"fostered"}
        assert world.names("home", session.scalars(select(Home.id))) == {"elm", "oak"}


def test_without_a_grant_there_is_nothing(world: World) -> None:
    who = world.with_grants(Role.REGISTERED_MANAGER, [])
    with world.acting(who) as session:
        assert session.scalars(select(Person.id)).all() == []
        assert session.scalars(select(Home.id)).all() == []


def test_a_social_worker_without_an_entry_in_the_staff_list_has_no_children(world: World) -> None:
    who = world.with_grants(Role.SOCIAL_WORKER, [Held("authority", world["organisation council"])])
    with world.acting(who) as session:
        assert session.scalars(select(Person.id)).all() == []


@pytest.mark.parametrize(("days", "there"), [(-1, False), (0, False), (1, True), (2, True)])
def test_a_child_is_there_from_the_day_of_arrival(world: World, days: int, there: bool) -> None:
    with world.acting(Role.RESIDENTIAL_WORKER, today() + timedelta(days=days)) as session:
        found = session.get(Person, world["person coming"])
        assert (found is not None) == there


@pytest.mark.parametrize(("days", "there"), [(-2, True), (-1, True), (0, True), (1, False)])
def test_notes_may_be_finished_for_a_day_after_leaving(world: World, days: int, there: bool) -> None:
    """`left` ended yesterday: the day before is the last night, today is the day to finish notes."""
    with world.acting(Role.RESIDENTIAL_WORKER, today() + timedelta(days=days)) as session:
        assert (session.get(Person, world["person left"]) is not None) == there


@pytest.mark.parametrize(("days", "there"), [(-81, False), (-80, True), (-1, True), (0, False)])
def test_a_caseload_is_for_its_dates(world: World, days: int, there: bool) -> None:
    """Sam's allocation to same_provider began 80 days ago; today is the first day without it."""
    with world.acting(Role.SOCIAL_WORKER, today() + timedelta(days=days)) as session:
        assert (session.get(Person, world["person same_provider"]) is not None) == there
