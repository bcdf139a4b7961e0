"""Who's who for a child, and where the child has lived: one statement each.

Three kinds tell who matters, two where the child was; each statement brings them together, so that
the page stays quick.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Date,
    Integer,
    Select,
    String,
    Text,
    case,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from outcomes.care.organisations import CarerHousehold, Home, Organisation, Staff
from outcomes.care.people import Allocation, CareEpisode, Contact, KeyworkerAssignment, Person
from outcomes.care.placements import Placement
from outcomes.core.actor import Actor, Level
from outcomes.core.clock import today
from outcomes.desk.asking import DAY, ask_of, of_the_child
from outcomes.desk.child.whereabouts import KeyWorker, Whereabouts, assigned, open_on
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day

PARTS = {
    "keyworker": "Key worker",
    "cover": "Covering key worker",
    "social_worker": "Social worker",
    "iro": "Independent reviewing officer",
    "contact": "Contact",
}
"""What somebody is to the child, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """One person around the child: what they are to the child, and how to reach them."""

    part: str
    name: str
    role: str
    since: date | None = None
    telephone: str | None = None
    email: str | None = None
    note: str | None = None
    staff_id: int | None = None
    href: str = ""

    @property
    def lines(self) -> list[str]:
        """How to reach them, and since when they are there."""
        told = [one for one in (self.telephone, self.email) if one]
        return told + ([f"Since {say_day(self.since)}"] if self.since else [])


def people_around(child: Person, actor: Actor) -> list[Somebody]:
    """The key workers, social worker and IRO of today, then the contacts, if this reader may see them."""
    rows = ask_of(child, _around(actor.may_read(Level.ADDRESS)), day=today())
    found = [_somebody(child, row) for row in rows.mappings()]
    return sorted(found, key=lambda one: (list(PARTS).index(one.part), one.name))


@cache
def _around(with_contacts: bool) -> CompoundSelect[Any]:
    return union_all(_key_workers(), _allocations(), *([_contacts()] if with_contacts else []))


def _key_workers() -> Select[Any]:
    part = case((KeyworkerAssignment.is_cover.is_(True), "cover"), else_="keyworker")
    return _staff_row(part, KeyworkerAssignment.valid_from).where(
        Staff.id == KeyworkerAssignment.staff_id, of_the_child(KeyworkerAssignment.person_id), assigned()
    )


def _allocations() -> Select[Any]:
    return _staff_row(Allocation.role, Allocation.valid_from).where(
        Staff.id == Allocation.staff_id,
        of_the_child(Allocation.person_id),
        Allocation.standing(),
        open_on(Allocation.valid_from, Allocation.valid_to, DAY),
    )


def _staff_row(part: Any, since: Any) -> Select[Any]:
    return select(
        type_coerce(part, String).label("part"),
        Staff.name.label("name"),
        Staff.job_title.label("role"),
        since.label("since"),
        *(_blank(name) for name in ("telephone", "email", "note", "public_id")),
        Staff.id.label("staff_id"),
    )


def _contacts() -> Select[Any]:
    return select(
        literal("contact", String),
        Contact.name,
        # Who they are to the child says more than an office.
        case((Contact.relationship.is_not(None), Contact.relationship), else_=Contact.role),
        type_coerce(null(), Date),
        Contact.telephone,
        Contact.email,
        Contact.note,
        Contact.public_id,
        type_coerce(null(), Integer),
    ).where(of_the_child(Contact.person_id), Contact.standing())


def _blank(name: str) -> Any:
    return type_coerce(null(), Text).label(name)


def _somebody(child: Person, row: Any) -> Somebody:
    return Somebody(
        part=row["part"],
        name=row["name"] or row["role"] or "Name not recorded",
        role=_upper_first(row["role"] or "Contact") if row["part"] == "contact" else PARTS[row["part"]],
        since=row["since"],
        telephone=row["telephone"],
        email=row["email"],
        note=row["note"],
        staff_id=row["staff_id"],
        href=f"{address(child)}/contact/{row['public_id']}" if row["public_id"] else "",
    )


def _upper_first(words: str) -> str:
    return words[:1].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class Stay:
    """A care episode or a placement."""

    kind: str
    public_id: str
    started_on: date
    ended_on: date | None
    name: str
    sort: str

    @property
    def open(self) -> bool:
        day = today()
        return self.started_on <= day and (self.ended_on is None or self.ended_on > day)

    @property
    def dates(self) -> str:
        """ "3 May 2025 to 1 June 2026", "since 3 May 2025"."""
        if self.ended_on is None:
            return f"Since {say_day(self.started_on)}"
        return f"{say_day(self.started_on)} to {say_day(self.ended_on)}"


def stays_of(child: Person) -> list[Stay]:
    """Every care episode and placement of the child that this reader may see, latest first."""
    stays = [_stay(*row) for row in ask_of(child, _stays())]
    return sorted(stays, key=lambda stay: (stay.started_on, stay.kind), reverse=True)


@cache
def _stays() -> CompoundSelect[Any]:
    return union_all(_placements(), _episodes())


def _placements() -> Select[Any]:
    name = case((Home.name.is_not(None), Home.name), else_=CarerHousehold.name)
    rows: Select[Any] = select(*_stay_row("placement", Placement, Placement.placement_type, name))
    return (
        rows.outerjoin(Home, Home.id == Placement.home_id)
        .outerjoin(CarerHousehold, CarerHousehold.id == Placement.carer_household_id)
        .where(of_the_child(Placement.person_id), Placement.standing())
    )


def _episodes() -> Select[Any]:
    rows: Select[Any] = select(
        *_stay_row("care_episode", CareEpisode, CareEpisode.legal_status, Organisation.name)
    )
    return rows.outerjoin(Organisation, Organisation.id == CareEpisode.authority_id).where(
        of_the_child(CareEpisode.person_id), CareEpisode.standing()
    )


def _stay_row(kind: str, of: Any, code: Any, name: Any) -> list[Any]:
    return [literal(kind, String), of.public_id, of.started_on, of.ended_on, code, name]


def _stay(
    kind: str, public_id: str, started_on: date, ended_on: date | None, code: str | None, name: str | None
) -> Stay:
    codes = "placement_type" if kind == "placement" else "legal_status"
    sort = code_list(codes).label(code) if code else ""
    unnamed = "A place that is not named" if kind == "placement" else "Care episode"
    return Stay(kind, public_id, started_on, ended_on, name or unnamed, sort)


def whereabouts_from(stays: list[Stay], people: list[Somebody]) -> Whereabouts:
    """Where the child lives today and who the key worker is, from what the page has read already."""
    now = next((stay for stay in stays if stay.kind == "placement" and stay.open), None)
    workers = [
        KeyWorker(one.staff_id, one.name, one.part == "cover")
        for one in people
        if one.part in ("keyworker", "cover") and one.staff_id is not None
    ]
    return Whereabouts(now.name if now else None, now.started_on if now else None, key_workers=workers)
