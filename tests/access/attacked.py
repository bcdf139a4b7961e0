"""A town to attack: two providers, two councils, six children, a canary in every text of every record.

    own     lives in Elm House, on Sam's caseload and Iris's, Ada is key worker
    south   lives in Elm House too, placed by the other council
    key     lives in Oak House, of the same provider; Ada's key child; was Sam's and Iris's until yesterday
    oak     lives in Oak House, on Noor's caseload, who works where Sam does
    gone    left Elm House sixty days ago for Birch House (other provider, other council)
    birch   lives in Birch House

Canaries are words that stand nowhere else, `cnry-<record>-<field>`: whoever sees one has seen that
field. The accounts that wrote the records have theirs, and so have the senders' references. All invented.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from outcomes.access.bind import system_scope
from outcomes.accounts.account import Account
from outcomes.care.contracts import Contract
from outcomes.care.organisations import CarerHousehold, Home, HomeCapacity, Organisation, Staff
from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.actor import Actor
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.kit.declaring.fields import Day, Instant, Text
from outcomes.kit.declaring.record import KINDS, PersonRecord, Record
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from tests.builders import World, signed_in, token_of
from tests.databases import Fresh
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
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
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
    """How the canaries of a record begin: "cnry-healthcheckown" for "health_check own"."""
    return "cnry-" + "".join(letter for letter in name.lower() if letter.isalnum())


def canary(name: str, field: str) -> str:
    """The canary of one field: "cnry-healthcheckown-note"."""
    return f"{mark(name)}-{''.join(letter for letter in field.lower() if letter.isalnum())}"


def build(app: Flask) -> Town:
    # Pages are linted elsewhere; here hundreds of them are only searched.
    app.test_client_class = FlaskClient
    town = Town(app)
    with town.inside() as world:
        _places(town, world)
        for child in CHILDREN:
            _child(town, world, child)
        _accounts(town, world)
    return town


@pytest.fixture(scope="session")
def built_town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Fresh, Town]:
    """The town on SQLite, made once: `Fresh.empty()` brings the database back to it."""
    folder = tmp_path_factory.mktemp("town")
    fresh = Fresh(folder, f"sqlite:///{folder / 'town.sqlite'}")
    made = build(fresh.app)
    fresh.keep()
    return fresh, made


@pytest.fixture
def town(built_town: tuple[Fresh, Town]) -> Town:
    """On SQLite."""
    fresh, made = built_town
    return Town(fresh.empty(), dict(made.ids), dict(made.emails))


@pytest.fixture
def any_town(any_app: Flask) -> Town:
    """On each database."""
    return build(any_app)


_MADE: dict[str, Any] = {}


def _plant(town: Town, world: World, kind: type[Record], name: str, /, **values: Any) -> Any:
    """A record with a canary in each text that it does not get from `values`, and in its sender's reference."""
    fields = kind.asked_fields()
    full = {
        one: _canary_for(name, fields[one]) if value is CANARY else value for one, value in values.items()
    }
    with transaction():
        origin = writer.Origin("main", canary(name, "reference"))
        made = writer.record(check(kind, full, with_owner=True), origin=origin, by=world.by)
    town.ids[name], _MADE[name] = made.public_id, made
    return made


CANARY = object()
"""Stands for "the canary of this field" among a record's values."""


def _canary_for(name: str, field: Any) -> str | None:
    planted = canary(name, field.name)
    return planted if len(planted) <= field.most else None


def _texts(kind: type[Record], *, but: Sequence[str] = ()) -> dict[str, Any]:
    return {
        one.name: CANARY
        for one in kind.asked_fields().values()
        if isinstance(one, Text) and one.name not in (*_CODES, *but)
    }


def _places(town: Town, world: World) -> None:
    _MADE.clear()
    for name, kind in (
        ("elm", "provider"),
        ("birch", "provider"),
        ("north", "council"),
        ("south", "council"),
    ):
        _plant(town, world, Organisation, f"organisation {name}", **_texts(Organisation), kind=kind)
    for name, provider in (("elm", "elm"), ("oak", "elm"), ("birch", "birch")):
        home = _plant(town, world, Home, f"home {name}", **_texts(Home), provider_id=_org(provider))
        beds = {"home_id": home, "registered_beds": 4, "valid_from": "2020-04-01", "valid_to": "2030-04-01"}
        _plant(town, world, HomeCapacity, f"home_capacity {name}", **_texts(HomeCapacity), **beds)
    for name, provider in (("marlow", "elm"), ("thames", "birch")):
        _plant(
            town,
            world,
            CarerHousehold,
            f"carer_household {name}",
            **_texts(CarerHousehold),
            provider_id=_org(provider),
        )
    for name, employer in STAFF.items():
        _plant(town, world, Staff, f"staff {name}", **_texts(Staff), provider_id=_org(employer))
    for name, council in (("elm", "north"), ("birch", "south")):
        _contract(town, world, name, council)
    _keep(town, "instrument wheel", world.instrument("wheel"))


def _org(name: str) -> Any:
    return _MADE[f"organisation {name}"]


def _keep(town: Town, name: str, record: Record) -> None:
    town.ids[name], _MADE[name] = record.public_id, record


def _contract(town: Town, world: World, name: str, council: str) -> None:
    contract = _plant(
        town,
        world,
        Contract,
        f"contract {name}",
        **_texts(Contract, but=("framework",)),
        framework="hackney_homes",
        provider_id=_org(name),
        commissioner_id=_org(council),
        started_on="2020-04-01",
    )
    for kind, more in (
        ("measure_target", {"measure_id": "hackney_homes.3.1-M1", "status": "none_stated", "reason": CANARY}),
        ("contract_setting", {"setting": "progress_rule", "value": "net", "source": CANARY}),
    ):
        values = {"contract_id": contract, "effective_from": "2024-04-01"} | more
        _plant(town, world, KINDS[kind], f"{kind} {name}", **values)


STAFF = {
    "ada": "elm",
    "eve": "elm",
    "bob": "birch",
    "sam": "north",
    "iris": "north",
    "nell": "north",
    "noor": "north",
    "una": "south",
}
"""Who works for whom."""

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


def _child(town: Town, world: World, child: str) -> None:
    world.by = _author(world, child)
    person = _plant(
        town,
        world,
        Person,
        f"person {child}",
        **_texts(Person),
        person_kind="child",
        date_of_birth="2011-03-15",
    )
    for number, (home, started, ended) in enumerate(CHILDREN[child]):
        name = f"placement {child}" if not number else f"placement {child} now"
        _stay(town, world, person, name, home, started, ended)
    world_of = ("", " now") if child == "gone" else ("",)
    _keep(
        town,
        f"keyworker_assignment {child}",
        world.keyworker(
            person,
            _MADE[f"staff {KEY_WORKERS[child]}"],
            day(300),
            valid_to=day(60) if child == "gone" else None,
        ),
    )
    _keep(
        town,
        f"allocation {child}",
        world.allocated(person, _MADE[f"staff {SOCIAL_WORKERS[child]}"], day(300)),
    )
    for staff, role in (("sam", "social_worker"), ("iris", "iro")):
        if child == "key":
            world.allocated(
                person,
                _MADE[f"staff {staff}"],
                day(399),
                role=role,
                valid_to=day(301) if role == "social_worker" else day(1),
            )
    if child == "own":
        world.allocated(person, _MADE["staff iris"], day(300), role="iro")
    for when in world_of:
        if when:
            world.by = _author(world, f"{child}{when}")
        _records(town, world, person, child, when, 10 if when else 100)


def _author(world: World, child: str) -> Actor:
    """The account in whose name a child's records are written: its own name is a canary as well."""
    world.by = Actor("the system", "system")
    email = world.account("system_administrator", name=canary(f"author {child}", "name"))
    account = db.session.scalars(select(Account).where(Account.email == email)).one()
    return Actor(account.name, "system_administrator", account.id, account.public_id)


def _stay(
    town: Town, world: World, person: Any, name: str, home: str, started: int, ended: int | None
) -> None:
    council = "south" if name.split()[1] == "south" or home == "birch" else "north"
    # A contract is one council's: a child whom another council placed is there without one.
    contract = {("elm", "north"): "elm", ("oak", "north"): "elm", ("birch", "south"): "birch"}.get(
        (home, council)
    )
    _plant(
        town,
        world,
        Placement,
        name,
        person_id=person,
        provider_id=_org("birch" if home == "birch" else "elm"),
        home_id=_MADE[f"home {home}"],
        placement_type="childrens_home",
        started_on=day(started),
        ended_on=day(ended) if ended else None,
        contract_id=_MADE[f"contract {contract}"] if contract else None,
        commissioner_id=_org(council),
    )


def _records(town: Town, world: World, person: Person, child: str, when: str, ago: int) -> None:
    """One record of every kind of this child, with its canary in every text."""
    linked: dict[str, Any] = {}
    for kind in KINDS:
        name = kind.kind_name()
        if not issubclass(kind, PersonRecord) or name in MADE_OTHERWISE:
            continue
        values = _sampled(kind, world) | {"person_id": person}
        for one in kind.asked_fields().values():
            if isinstance(one, Text) and values.get(one.name) and one.name not in _CODES:
                values[one.name] = CANARY
            elif isinstance(one, Day) and values.get(one.name):
                values[one.name] = day(ago)
            elif isinstance(one, Instant) and values.get(one.name):
                values[one.name] = f"{day(ago)}T10:00"
        if name == "attendance":
            values["week_starting"] = _monday(ago)
        values |= _LINKS.get(name, lambda _linked, _child: {})(linked, child)
        linked[name] = _plant(town, world, kind, f"{name} {child}{when}", **values)


def _monday(ago: int) -> str:
    about = today() - timedelta(days=ago)
    return (about - timedelta(days=about.weekday())).isoformat()


def _sampled(kind: type[Record], world: World) -> dict[str, Any]:
    """A sample of a kind, made once: an instrument of the same code would be refused."""
    name = f"sample {kind.kind_name()}"
    if name not in _MADE:
        _MADE[name] = sample(kind, world)
    return dict(_MADE[name])


_CODES = ("instrument_code", "version")
_LINKS: dict[str, Any] = {
    "goal": lambda linked, child: {"plan_id": linked["plan"], "owner_staff_id": _worker(child)},
    "goal_review": lambda linked, child: {"goal_id": linked["goal"], "session_id": None},
    "keyworker_session": lambda linked, child: {"staff_id": _worker(child)},
    "missing_episode": lambda linked, child: {"home_id": _MADE[f"home {CHILDREN[child][0][0]}"]},
    "reading": lambda linked, child: {
        "instrument_code": "wheel",
        "version": "1",
        "informant": "child",
        "scores": [{"area": "cooking", "score": 3}],
    },
    "expected_level": lambda linked, child: {
        "instrument_code": "wheel",
        "level": 3,
        "set_by": _worker(child),
    },
    "care_episode": lambda linked, child: {"authority_id": _org("south" if child in OF_SOUTH else "north")},
}


def _worker(child: str) -> Any:
    return _MADE[f"staff {KEY_WORKERS[child]}"]


PRINCIPALS = {
    "residential_worker": ("home elm", None),
    "keyworker": ("home elm", "staff ada"),
    "registered_manager": ("home elm", None),
    "responsible_individual": ("organisation elm", None),
    "social_worker": ("organisation north", "staff sam"),
    "iro": ("organisation north", "staff iris"),
    "commissioner": ("contract elm", None),
    "system_administrator": (None, None),
}
"""An account of each role: at which place, and as whom of the staff."""


def _accounts(town: Town, world: World) -> None:
    for role, (at, staff) in PRINCIPALS.items():
        town.emails[role] = world.account(
            role, at=_MADE[at] if at else None, staff=_MADE[staff] if staff else None
        )
    town.emails["birch_manager"] = world.account("registered_manager", at=_MADE["home birch"])
    town.emails["south_commissioner"] = world.account("commissioner", at=_MADE["contract birch"])


def canaries_in(answer: TestResponse) -> set[tuple[str, str]]:
    """Every canary that an answer shows anywhere, as (mark, field): body, headers, the files in a workbook."""
    return set(_CANARY.findall("\n".join([str(answer.headers), *texts_of(answer)])))


def texts_of(answer: TestResponse) -> Iterator[str]:
    """What an answer says: its body, and each file in a workbook."""
    if answer.data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            yield from (name + book.read(name).decode(errors="replace") for name in book.namelist())
    yield answer.data.decode(errors="replace")


def marks_in(answer: TestResponse) -> set[str]:
    """The records whose canaries an answer shows, by mark."""
    return {mark for mark, _ in canaries_in(answer)}


_CANARY = re.compile(r"(cnry-[a-z0-9]+)-([a-z0-9]+)")
