"""The children of the town: where each has lived, who works with them, and a record of every kind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from outcomes.accounts.account import Account
from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.actor import Actor
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.kit.declaring.fields import Day, Instant, Text
from outcomes.kit.declaring.record import KINDS, PersonRecord, Record
from tests.access.attacked.canaries import CANARY, CODES, canary, texts
from tests.access.attacked.site import Site
from tests.access.attacked.town import day
from tests.builders import World
from tests.kit.test_every_kind import sample

MADE_OTHERWISE = ("placement", "keyworker_assignment", "allocation")
"""Kinds of which the town's own story makes the records."""

CHILDREN = {
    "own": [("elm", 400, None)],
    "south": [("elm", 400, None)],
    "key": [("oak", 400, None)],
    "oak": [("oak", 400, None)],
    "gone": [("elm", 400, 60), ("birch", 60, None)],
    "birch": [("birch", 400, None)],
}
"""Where each child has lived: home, and from and to how many days ago."""

KEY_WORKERS = {"own": "ada", "south": "eve", "key": "ada", "oak": "eve", "gone": "ada", "birch": "bob"}
SOCIAL_WORKERS = {"own": "sam", "south": "una", "key": "nell", "oak": "noor", "gone": "una", "birch": "una"}
OF_SOUTH = ("south", "gone", "birch")
"""Children for whom the other council answers."""


def make_child(site: Site, child: str) -> None:
    site.world.by = _author(site.world, child)
    person = site.plant(
        Person,
        f"person {child}",
        **texts(Person),
        person_kind="child",
        date_of_birth="2011-03-15",
    )
    for number, (home, started, ended) in enumerate(CHILDREN[child]):
        name = f"placement {child}" if not number else f"placement {child} now"
        _stay(site, person, name, home, started, ended)
    _workers(site, person, child)
    for when in ("", " now") if child == "gone" else ("",):
        if when:
            site.world.by = _author(site.world, f"{child}{when}")
        _records(site, person, child, when, 10 if when else 100)


def _workers(site: Site, person: Person, child: str) -> None:
    """Who works with the child, and whose caseload they are on or were."""
    site.keep(
        f"keyworker_assignment {child}",
        site.world.keyworker(
            person,
            site[f"staff {KEY_WORKERS[child]}"],
            day(300),
            valid_to=day(60) if child == "gone" else None,
        ),
    )
    site.keep(
        f"allocation {child}",
        site.world.allocated(person, site[f"staff {SOCIAL_WORKERS[child]}"], day(300)),
    )
    for staff, role in (("sam", "social_worker"), ("iris", "iro")):
        if child == "key":
            site.world.allocated(
                person,
                site[f"staff {staff}"],
                day(399),
                role=role,
                valid_to=day(301) if role == "social_worker" else day(1),
            )
    if child == "own":
        site.world.allocated(person, site["staff iris"], day(300), role="iro")


def _author(world: World, child: str) -> Actor:
    """The account in whose name a child's records are written: its own name is a canary as well."""
    world.by = Actor("the system", "system")
    email = world.account("system_administrator", name=canary(f"author {child}", "name"))
    account = db.session.scalars(select(Account).where(Account.email == email)).one()
    return Actor(account.name, "system_administrator", account.id, account.public_id)


def _stay(site: Site, person: Any, name: str, home: str, started: int, ended: int | None) -> None:
    council = "south" if name.split()[1] == "south" or home == "birch" else "north"
    # A contract is one council's: a child whom another council placed is there without one.
    contract = {("elm", "north"): "elm", ("oak", "north"): "elm", ("birch", "south"): "birch"}.get(
        (home, council)
    )
    site.plant(
        Placement,
        name,
        person_id=person,
        provider_id=site.organisation("birch" if home == "birch" else "elm"),
        home_id=site[f"home {home}"],
        placement_type="childrens_home",
        started_on=day(started),
        ended_on=day(ended) if ended else None,
        contract_id=site[f"contract {contract}"] if contract else None,
        commissioner_id=site.organisation(council),
    )


def _records(site: Site, person: Person, child: str, when: str, ago: int) -> None:
    """One record of every kind of this child, with its canary in every text."""
    linked: dict[str, Any] = {}
    for kind in KINDS:
        name = kind.kind_name()
        if not issubclass(kind, PersonRecord) or name in MADE_OTHERWISE:
            continue
        values = _sampled(kind, site) | {"person_id": person}
        for one in kind.asked_fields().values():
            if isinstance(one, Text) and values.get(one.name) and one.name not in CODES:
                values[one.name] = CANARY
            elif isinstance(one, Day) and values.get(one.name):
                values[one.name] = day(ago)
            elif isinstance(one, Instant) and values.get(one.name):
                values[one.name] = f"{day(ago)}T10:00"
        if name == "attendance":
            values["week_starting"] = _monday(ago)
        if name in _LINKS:
            values |= _LINKS[name](site, linked, child)
        linked[name] = site.plant(kind, f"{name} {child}{when}", **values)


def _monday(ago: int) -> str:
    about = today() - timedelta(days=ago)
    return (about - timedelta(days=about.weekday())).isoformat()


def _sampled(kind: type[Record], site: Site) -> dict[str, Any]:
    """A sample of a kind, made once: an instrument of the same code would be refused."""
    if kind not in site.samples:
        site.samples[kind] = sample(kind, site.world)
    return dict(site.samples[kind])


_LINKS: dict[str, Callable[[Site, dict[str, Any], str], dict[str, Any]]] = {
    "goal": lambda site, linked, child: {
        "plan_id": linked["plan"],
        "owner_staff_id": site[f"staff {KEY_WORKERS[child]}"],
    },
    "goal_review": lambda site, linked, child: {"goal_id": linked["goal"], "session_id": None},
    "keyworker_session": lambda site, linked, child: {"staff_id": site[f"staff {KEY_WORKERS[child]}"]},
    "missing_episode": lambda site, linked, child: {"home_id": site[f"home {CHILDREN[child][0][0]}"]},
    "reading": lambda site, linked, child: {
        "instrument_code": "wheel",
        "version": "1",
        "informant": "child",
        "scores": [{"area": "cooking", "score": 3}],
    },
    "expected_level": lambda site, linked, child: {
        "instrument_code": "wheel",
        "level": 3,
        "set_by": site[f"staff {KEY_WORKERS[child]}"],
    },
    "care_episode": lambda site, linked, child: {
        "authority_id": site.organisation("south" if child in OF_SOUTH else "north")
    },
}
"""What a record of a kind is linked to, from the places and from the records before it."""
