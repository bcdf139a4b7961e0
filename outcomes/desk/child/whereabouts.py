"""Where children live now and who their key worker is: one statement for any number of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from outcomes.care.organisations import CarerHousehold, Home, Staff, household_called, staff_called
from outcomes.care.people import KeyworkerAssignment, Person
from outcomes.care.placements import Placement
from outcomes.core.clock import today
from outcomes.desk.asking import DAY, Here, Question, of_these


def open_on(start: Any, end: Any, day: Any) -> ColumnElement[bool]:
    """Open on a day: started on or before it, and not ended on or before it (R15)."""
    return and_(start <= day, or_(end.is_(None), end > day))


@dataclass(frozen=True, slots=True)
class KeyWorker:
    """A key worker of today. `cover` is True for somebody who stands in."""

    staff_id: int
    name: str
    cover: bool


@dataclass(slots=True)
class Whereabouts:
    """Where a child lives today (None: nowhere that we know of), since when, and with whom to talk."""

    place: str | None = None
    since: date | None = None
    with_carers: bool = False
    key_workers: list[KeyWorker] = field(default_factory=list)

    @property
    def key_worker(self) -> str | None:
        """The key workers' names, "Ada Obi" or "Ada Obi, covered by Sam Reed"; None where there is none."""
        own = " and ".join(one.name for one in self.key_workers if not one.cover)
        cover = " and ".join(one.name for one in self.key_workers if one.cover)
        if own and cover:
            return f"{own}, covered by {cover}"
        return own or cover or None


def placed() -> Any:
    """The condition that a placement stands and is open on `DAY`."""
    return and_(Placement.standing(), open_on(Placement.started_on, Placement.ended_on, DAY))


def assigned() -> Any:
    """The condition that a key worker's assignment stands and is in force on `DAY`."""
    return and_(
        KeyworkerAssignment.standing(),
        open_on(KeyworkerAssignment.valid_from, KeyworkerAssignment.valid_to, DAY),
    )


NOT_NAMED = "A place that is not named"


def place_name(home: Home | None, household: CarerHousehold | None) -> str:
    """What a place is called: the home's name or the household's."""
    known = home or household
    return known.called() if known else NOT_NAMED


def whereabouts_of(children: Iterable[Person]) -> dict[int, Whereabouts]:
    """Where each of these children lives today and who their key worker is, by the child's key."""
    keys = [child.id for child in children]
    found: dict[int, Whereabouts] = {key: Whereabouts() for key in keys}
    if not keys:
        return found
    for row in Here(keys, today()).ask(_whereabouts()):
        add_whereabouts(found[row.id], row)
    return found


@cache
def _whereabouts() -> Question:
    return (
        with_place_and_key_workers(select(Person.id, *PLACE_AND_KEY_WORKERS), outer=True)
        .where(of_these(Person.id))
        .order_by(KeyworkerAssignment.valid_from)
    )


# Columns: six whole records for each child took longer to make than to find.
PLACE_AND_KEY_WORKERS = (
    Placement.started_on.label("since"),
    Placement.carer_household_id.label("with_carers"),
    Home.name.label("home"),
    CarerHousehold.id.label("household"),
    CarerHousehold.name.label("household_name"),
    CarerHousehold.sender_reference.label("household_reference"),
    KeyworkerAssignment.is_cover.label("is_cover"),
    Staff.id.label("staff_id"),
    Staff.name.label("staff_name"),
    Staff.job_title.label("staff_title"),
)


def with_place_and_key_workers(children: Question, *, outer: bool) -> Question:
    """Children joined to where they are placed on `DAY` and their key workers; `outer` keeps those placed nowhere."""
    return (
        children.join(Placement, and_(Placement.person_id == Person.id, placed()), isouter=outer)
        .outerjoin(Home, Home.id == Placement.home_id)
        .outerjoin(CarerHousehold, CarerHousehold.id == Placement.carer_household_id)
        .outerjoin(KeyworkerAssignment, and_(KeyworkerAssignment.person_id == Person.id, assigned()))
        .outerjoin(Staff, Staff.id == KeyworkerAssignment.staff_id)
    )


def add_whereabouts(where: Whereabouts, row: Any) -> None:
    """Note the place and the key worker that a row brought, each once however many rows say so."""
    if row.since is not None:
        where.place, where.since = _place_in(row), row.since
        where.with_carers = row.with_carers is not None
    if row.staff_id is not None:
        one = KeyWorker(row.staff_id, staff_called(row.staff_name, row.staff_title), bool(row.is_cover))
        if one not in where.key_workers:
            where.key_workers.append(one)


def _place_in(row: Any) -> str:
    """As `place_name`. A home or household that this reader may not see came as a blank."""
    if row.home is not None:
        return str(row.home)
    return (
        NOT_NAMED if row.household is None else household_called(row.household_name, row.household_reference)
    )
