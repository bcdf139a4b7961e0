"""A town to attack: two providers, two councils, four children, a mark in every text of every record.

    own     lives in Elm House, on Sam's caseload and Iris's, Ada is key worker
    gone    left Elm House sixty days ago for Birch House (other provider, other council)
    oak     lives in Oak House, of the same provider
    birch   lives in Birch House

Marks are words that stand nowhere else: whoever sees one has seen that record. All invented.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from outcomes.access.bind import system_scope
from outcomes.care.people import Person
from outcomes.core.clock import today
from outcomes.kit.fields import Day, Instant, Text
from outcomes.kit.record import KINDS, PersonRecord, Record
from tests.builders import World, signed_in, token_of
from tests.kit.test_every_kind import sample

MADE_OTHERWISE = ("placement", "keyworker_assignment", "allocation")
"""Kinds of which the town's own story makes the records."""


def day(ago: int) -> str:
    return (today() - timedelta(days=ago)).isoformat()


@dataclass
class Town:
    """Public ids by name ("child own", "health_check own", "home elm"), and a client for each role."""

    app: Flask
    ids: dict[str, str] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    sent: int = 0
    _clients: dict[str, FlaskClient] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.ids[name]

    def client(self, who: str) -> FlaskClient:
        """Somebody signed in, by role; "nobody" is not signed in."""
        if who not in self._clients:
            fresh = self.app.test_client()
            self._clients[who] = fresh if who == "nobody" else signed_in(self.app, self.emails[who])
        return self._clients[who]

    def send(self, who: str, path: str, body: Any, method: str = "POST", **headers: str) -> TestResponse:
        """JSON with everything that a true request carries."""
        self.sent += 1
        client = self.client(who)
        told = {
            "X-CSRF-Token": token_of(client.get("/organisations").text),
            "Idempotency-Key": f"key-{self.sent}",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        return client.open(f"/api/v1{path}", method=method, json=body, headers=told)

    def record(self, kind: str, child: str) -> str:
        """The address of a child's record."""
        return f"/children/{self[f'person {child}']}/{kind.replace('_', '-')}/{self[f'{kind} {child}']}"

    def inside(self) -> Any:
        return _Inside(self.app)


class _Inside:
    """Inside the application as the system, with a world to build in."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __enter__(self) -> World:
        self.context, self.scope = self.app.app_context(), system_scope("a test")
        self.context.__enter__()
        self.scope.__enter__()
        return World()

    def __exit__(self, *error: Any) -> None:
        self.scope.__exit__(*error)
        self.context.__exit__(*error)


def mark(name: str) -> str:
    """The mark of a child, a home, …: "Zqhealthcheckown"."""
    return "Zq" + "".join(letter for letter in name.lower() if letter.isalnum()) + "x"


def build(app: Flask) -> Town:
    # Pages are linted elsewhere; here hundreds of them are only searched.
    app.test_client_class = FlaskClient
    town = Town(app)
    with town.inside() as world:
        _places(town, world)
        for child in ("own", "gone", "oak", "birch"):
            _child(town, world, child)
        _accounts(town, world)
    return town


@pytest.fixture
def town(app: Flask) -> Town:
    """On SQLite."""
    return build(app)


@pytest.fixture
def any_town(any_app: Flask) -> Town:
    """On each database."""
    return build(any_app)


def _keep(town: Town, name: str, record: Record) -> Any:
    town.ids[name] = record.public_id
    return record


_MADE: dict[str, Any] = {}


def _places(town: Town, world: World) -> None:
    made = _MADE
    made.clear()
    for name, kind in (
        ("elm", "provider"),
        ("birch", "provider"),
        ("north", "council"),
        ("south", "council"),
    ):
        made[name] = _keep(town, f"organisation {name}", world.organisation(f"{name.title()} Care", kind))
    for name, provider in (("elm", "elm"), ("oak", "elm"), ("birch", "birch")):
        made[f"home {name}"] = _keep(town, f"home {name}", world.home(mark(f"home {name}"), made[provider]))
    for name, provider in (("marlow", "elm"), ("thames", "birch")):
        _keep(town, f"carer_household {name}", world.household(mark(f"household {name}"), made[provider]))
    for name, at in (("ada", "elm"), ("bob", "birch"), ("sam", "north"), ("iris", "north"), ("una", "south")):
        made[f"staff {name}"] = _keep(town, f"staff {name}", world.staff(mark(f"staff {name}"), made[at]))
    for name, council in (("elm", "north"), ("birch", "south")):
        made[f"contract {name}"] = _keep(
            town,
            f"contract {name}",
            world.contract(
                "hackney_homes",
                provider_id=made[name],
                commissioner_id=made[council],
                service=mark(f"contract {name}"),
            ),
        )
        for kind, more in (
            ("measure_target", {"measure_id": "hackney_homes.3.1-M1", "status": "none_stated", "reason": ""}),
            ("contract_setting", {"setting": "progress_rule", "value": "net", "source": ""}),
        ):
            text = {key: mark(f"{kind} {name}") for key, value in more.items() if value == ""}
            values = {"contract_id": made[f"contract {name}"], "effective_from": "2024-04-01"} | more | text
            _keep(town, f"{kind} {name}", world.record(KINDS[kind], **values))
    made["wheel"] = _keep(town, "instrument wheel", world.instrument("wheel"))


STAYS = {
    "own": [("elm", 400, None)],
    "gone": [("elm", 400, 60), ("birch", 60, None)],
    "oak": [("oak", 400, None)],
    "birch": [("birch", 400, None)],
}


def _child(town: Town, world: World, child: str) -> None:
    made = _MADE
    person = _keep(
        town,
        f"person {child}",
        world.child(mark(f"person {child}"), family_name=mark(f"family {child}"), born="2011-03-15"),
    )
    made[f"person {child}"] = person
    for number, (home, started, ended) in enumerate(STAYS[child]):
        contract = made["contract birch" if home == "birch" else "contract elm"]
        stay = world.placed(
            person,
            made[f"home {home}"],
            day(started),
            day(ended) if ended else None,
            contract_id=contract,
            commissioner_id=made["south" if home == "birch" else "north"],
        )
        _keep(town, f"placement {child}" if not number else f"placement {child} now", stay)
    if child != "birch":
        _keep(town, f"keyworker_assignment {child}", world.keyworker(person, made["staff ada"], day(300)))
    else:
        _keep(town, f"keyworker_assignment {child}", world.keyworker(person, made["staff bob"], day(300)))
    if child == "own":
        _keep(town, "allocation own", world.allocated(person, made["staff sam"], day(300)))
        world.allocated(person, made["staff iris"], day(300), role="iro")
    else:
        _keep(town, f"allocation {child}", world.allocated(person, made["staff una"], day(300)))
    _records(town, world, person, child, "", 100)
    if child == "gone":
        _records(town, world, person, child, " now", 10)


def _records(town: Town, world: World, person: Person, child: str, when: str, ago: int) -> None:
    """One record of every kind of this child, with its mark in every text."""
    linked: dict[str, Any] = {}
    for kind in KINDS:
        name = kind.kind_name()
        if not issubclass(kind, PersonRecord) or name in MADE_OTHERWISE:
            continue
        values = _sampled(kind, world) | {"person_id": person}
        for one in kind.asked_fields().values():
            if isinstance(one, Text) and values.get(one.name) and one.name not in _CODES:
                values[one.name] = mark(f"{name} {child}{when}")
            elif isinstance(one, Day) and values.get(one.name):
                values[one.name] = day(ago)
            elif isinstance(one, Instant) and values.get(one.name):
                values[one.name] = f"{day(ago)}T10:00"
        if name == "attendance":
            values["week_starting"] = _monday(ago)
        values |= _LINKS.get(name, lambda _made, _linked, _child: {})(_MADE, linked, child)
        linked[name] = _keep(town, f"{name} {child}{when}", world.record(kind, **values))


def _monday(ago: int) -> str:
    about = today() - timedelta(days=ago)
    return (about - timedelta(days=about.weekday())).isoformat()


def _sampled(kind: type[Record], world: World) -> dict[str, Any]:
    """A sample of a kind, made once: an instrument of the same code would be refused."""
    name = f"sample {kind.kind_name()}"
    if name not in _MADE:
        _MADE[name] = sample(kind, world)
    return dict(_MADE[name])


_CODES = ("instrument_code", "version", "telephone", "email")
_LINKS: dict[str, Any] = {
    "goal": lambda made, linked, child: {"plan_id": linked["plan"], "owner_staff_id": _worker(made, child)},
    "goal_review": lambda made, linked, child: {"goal_id": linked["goal"], "session_id": None},
    "keyworker_session": lambda made, linked, child: {"staff_id": _worker(made, child)},
    "missing_episode": lambda made, linked, child: {"home_id": made[f"home {STAYS[child][0][0]}"]},
    "reading": lambda made, linked, child: {
        "instrument_code": "wheel",
        "version": "1",
        "informant": "child",
        "scores": [{"area": "cooking", "score": 3}],
    },
    "expected_level": lambda made, linked, child: {
        "instrument_code": "wheel",
        "level": 3,
        "set_by": _worker(made, child),
    },
    "care_episode": lambda made, linked, child: {
        "authority_id": made["south" if child == "birch" else "north"]
    },
}


def _worker(made: dict[str, Any], child: str) -> Any:
    return made["staff bob" if child == "birch" else "staff ada"]


def _accounts(town: Town, world: World) -> None:
    made = _MADE
    for role, at, staff in (
        ("residential_worker", "home elm", None),
        ("keyworker", "home elm", None),
        ("registered_manager", "home elm", None),
        ("responsible_individual", "elm", None),
        ("social_worker", "north", "staff sam"),
        ("iro", "north", "staff iris"),
        ("commissioner", "contract elm", None),
        ("system_administrator", None, None),
    ):
        town.emails[role] = world.account(
            role, at=made[at] if at else None, staff=made[staff] if staff else None
        )
    town.emails["birch_manager"] = world.account("registered_manager", at=made["home birch"])
    town.emails["south_commissioner"] = world.account("commissioner", at=made["contract birch"])


def marks_in(answer: TestResponse) -> set[str]:
    """Every mark that an answer shows anywhere: body, headers, redirect."""
    return set(_MARK.findall(answer.get_data(as_text=True) + str(answer.headers)))


_MARK = re.compile(r"Zq[a-z]{6,}x(?![A-Za-z0-9_-])")
