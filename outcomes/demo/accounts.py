"""The demo's sign-ins: at least one for each role, with grants in the invented places.

Their e-mail addresses share a domain that cannot exist elsewhere, by which production knows them
and refuses to start.
"""

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from outcomes.accounts import manage
from outcomes.accounts.account import Account
from outcomes.accounts.passwords import Passwords
from outcomes.accounts.roles import Role
from outcomes.core.actor import Actor
from outcomes.demo.contracts import AGENCY, CONTRACTS, COUNCIL, HOMES_PROVIDER, OTHER_COUNCIL
from outcomes.demo.loading import Loader
from outcomes.demo.places import Places
from outcomes.demo.seeds import content
from outcomes.demo.world import World

DOMAIN = "demo.example.org"
"""The mark of a demo account. example.org is kept free of real mail (RFC 2606)."""

PASSWORD_WORDS = 4


@dataclass(frozen=True, slots=True)
class Post:
    """An account to be made. `targets` are kinds of grant with references; `staff` a reference."""

    role: Role
    mailbox: str
    staff: str = ""
    name: str = ""
    targets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SignIn:
    """What somebody needs to sign in. The password is kept nowhere else."""

    role: Role
    name: str
    email: str
    password: str


def is_demo(session: Session) -> bool:
    """True where the database holds a demo account, whose password was printed on a screen.

    Works before the first migration, and where no scope is bound: it is asked at the start.
    """
    if not inspect(session.connection()).has_table(Account.__tablename__):
        return False
    mark = select(Account.id).where(Account.email_key.endswith(f"@{DOMAIN}", autoescape=True)).limit(1)
    return session.scalar(mark) is not None


def posts(world: World) -> Iterator[Post]:
    """One account per role and service. The workers are those with most children today."""
    places = world.places
    yield from _homes(world, places)
    yield from _fostering(world, places)
    for council, short in ((OTHER_COUNCIL, "eastwick"), (COUNCIL, "northmere")):
        worker = _busiest(world, "allocation", places.social_workers(council))
        yield Post(Role.SOCIAL_WORKER, f"social.worker.{short}", worker, targets=(("authority", council),))
        officer = places.reviewing_officer(council)
        yield Post(Role.IRO, f"iro.{short}", officer, targets=(("authority", council),))
        theirs = tuple(("contract", one.reference) for one in CONTRACTS.values() if one.council == council)
        yield Post(Role.COMMISSIONER, f"commissioner.{short}", f"staff-{council}-5", targets=theirs)
    yield Post(Role.SYSTEM_ADMINISTRATOR, "administrator", name="Robin Sexton")


def _homes(world: World, places: Places) -> Iterator[Post]:
    workers = [staff for team in places.home_teams for staff in team[1:3]]
    worker = _busiest(world, "keyworker_assignment", workers)
    number = next(n for n, team in enumerate(places.home_teams) if worker in team)
    home, team = (("home", f"home-{number + 1}"),), places.home_teams[number]
    yield Post(Role.KEYWORKER, "keyworker.homes", worker, targets=home)
    yield Post(Role.RESIDENTIAL_WORKER, "residential.worker", team[3], targets=home)
    yield Post(Role.REGISTERED_MANAGER, "manager.homes", team[0], targets=home)
    everything = (("provider", HOMES_PROVIDER),)
    yield Post(Role.RESPONSIBLE_INDIVIDUAL, "responsible.homes", "staff-homes-ri", targets=everything)


def _fostering(world: World, places: Places) -> Iterator[Post]:
    service = (("provider", AGENCY),)
    team = places.agency_team
    worker = _busiest(world, "keyworker_assignment", team[2:])
    yield Post(Role.KEYWORKER, "keyworker.fostering", worker, targets=service)
    yield Post(Role.REGISTERED_MANAGER, "manager.fostering", team[0], targets=service)
    yield Post(Role.RESPONSIBLE_INDIVIDUAL, "responsible.fostering", team[1], targets=service)


def _busiest(world: World, kind: str, staff: Iterable[str]) -> str:
    """Who of these has most children today; the first of them where nobody has any."""
    candidates = list(staff)
    children = Counter(
        one.values["staff_id"]
        for one in world.entries
        if one.kind == kind and one.values.get("valid_to", world.window.today) >= world.window.today
    )
    return max(candidates, key=lambda one: children[one])


def make_accounts(
    session: Session, world: World, loader: Loader, passwords: Passwords, *, by: Actor
) -> tuple[list[SignIn], dict[str, Actor]]:
    """Make every account; gives the sign-ins, and the authors by their reference in the staff list."""
    sign_ins: list[SignIn] = []
    authors = _staff_as_authors(world)
    for post in posts(world):
        name = post.name or authors[post.staff].name
        password = _password()
        account = manage.add(
            session,
            email=f"{post.mailbox}@{DOMAIN}",
            name=name,
            role=post.role,
            targets=[(kind, loader.key_of(_kind_of(kind), reference)) for kind, reference in post.targets],
            staff_id=loader.key_of("staff", post.staff) if post.staff else None,
            valid_from=world.window.first,
            by=by,
        )
        account.password_hash = passwords.hash(password)
        sign_ins.append(SignIn(post.role, name, account.email, password))
        if post.staff:
            authors[post.staff] = Actor(name, post.role.value, account.id, account.public_id)
    return sign_ins, authors


def _staff_as_authors(world: World) -> dict[str, Actor]:
    """Everybody in the staff list can have written a record, also those who never sign in."""
    named: Mapping[str, str] = {
        one.reference: one.values["name"] for one in world.entries if one.kind == "staff"
    }
    return {reference: Actor(name, "staff") for reference, name in named.items()}


def _kind_of(target: str) -> str:
    return "organisation" if target in ("provider", "authority") else target


def _password() -> str:
    words = content("names")["password_words"]
    return "-".join(secrets.choice(words) for _ in range(PASSWORD_WORDS)) + f"-{secrets.randbelow(90) + 10}"
