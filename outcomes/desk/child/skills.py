"""Skills against the expected level: each area, the level reached, the one expected, and how it stands.

Expected is what the instrument says of the child's age on the day, or what was agreed for this
child, with its reason. A reading older than six months says nothing about today.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from markupsafe import Markup
from sqlalchemy import select

from outcomes.care.people import Person
from outcomes.core.calendar import add_months, age_on
from outcomes.core.database import db
from outcomes.desk.asking import DAY, Question, ask_of, of_the_child
from outcomes.desk.child.readings import Taken, View, area_title, expected_levels
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day
from outcomes.records.readings import ExpectedLevel, Instrument
from outcomes.web.pictures import NOTHING, steps
from outcomes.web.templates import lower_first

READING_MONTHS = 6
"""Older than so many months a reading is no evidence of a skill (measure 6_skills_for_age)."""

STATES = {
    "above": ("✓ Above", "green"),
    "at": ("✓ At", "green"),
    "below": ("✗ Below", "orange"),
    "not_assessed": ("? Not yet assessed", "grey"),
    "not_for_age": ("Not for this age", "grey"),
    "none_expected": ("No level agreed", "grey"),
}


@dataclass(frozen=True, slots=True)
class Skill:
    """One area. `expected_words` say whose level it is; `own` is the child's own, where one was agreed."""

    area: str
    level: Decimal | None
    expected: Decimal | None
    state: str
    drawn: Markup
    own: ExpectedLevel | None = None

    @property
    def title(self) -> str:
        return area_title(self.area)

    @property
    def level_words(self) -> str:
        return f"{self.level:f}" if self.level is not None else ""

    @property
    def expected_words(self) -> str:
        """ "3", "2, agreed for this child"; "" where none is expected."""
        if self.expected is None:
            return ""
        return f"{self.expected:f}, agreed for this child" if self.own else f"{self.expected:f}"

    @property
    def tag(self) -> tuple[str, str]:
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class Grid:
    """One instrument's skills of a child on a day."""

    instrument: Instrument
    about: str
    skills: list[Skill]
    reasons: list[tuple[str, str, str]]

    @property
    def title(self) -> str:
        return self.instrument.called()

    @property
    def summary(self) -> str:
        """ "5 at or above the expected level, 2 below, 1 not yet assessed."."""
        states = [skill.state for skill in self.skills]
        said = [
            (sum(state in ("at", "above") for state in states), "at or above the expected level"),
            (states.count("below"), "below"),
            (states.count("not_assessed"), "not yet assessed"),
            (states.count("not_for_age"), "not for this age"),
        ]
        told = ", ".join(f"{number} {words}" for number, words in said if number)
        return f"{told}." if told else ""


def skills_of(child: Person, views: Sequence[View], day: date) -> list[Grid]:
    """A grid for each instrument with expected levels that the child was read with, else for one to begin with.

    Two statements: the instruments and the levels agreed for this child.
    """
    age, agreed = age_on(child.date_of_birth, day), _agreed(child, day)
    tools = _newest_by_code()
    read = {view.instrument.instrument_code for view in views}
    wanted = [one for one in tools.values() if _has_levels(one, age, agreed)]
    chosen = [one for one in wanted if one.instrument_code in read] or wanted[:1]
    return [_grid(one, child, views, agreed, age, day) for one in chosen]


def _newest_by_code() -> dict[str, Instrument]:
    return dict(sorted(newest_instruments().items(), key=lambda entry: entry[1].called()))


Agreed = Mapping[tuple[str, str], ExpectedLevel]


def _agreed(child: Person, day: date) -> Agreed:
    """The child's own levels in force on the day, by instrument and area: the newest that has begun."""
    rows = ask_of(child, _levels(), day=day).scalars()
    return {(one.instrument_code, one.area): one for one in rows}


def newest_instruments() -> dict[str, Instrument]:
    """The newest standing version of each instrument, by its code."""
    return {one.instrument_code: one for one in db.session.scalars(_instruments())}


@cache
def _instruments() -> Question:
    return select(Instrument).where(Instrument.standing()).order_by(Instrument.id)


@cache
def _levels() -> Question:
    begun = ExpectedLevel.valid_from
    return (
        select(ExpectedLevel)
        .where(of_the_child(ExpectedLevel.person_id), ExpectedLevel.standing(), begun <= DAY)
        .order_by(begun, ExpectedLevel.recorded_at, ExpectedLevel.id)
    )


def _has_levels(tool: Instrument, age: int, agreed: Agreed) -> bool:
    own = any(code == tool.instrument_code for code, _ in agreed)
    return own or bool(expected_levels(tool, age))


def _grid(
    tool: Instrument, child: Person, views: Sequence[View], agreed: Agreed, age: int, day: date
) -> Grid:
    own = [view for view in views if view.instrument.instrument_code == tool.instrument_code]
    found = latest_reading(own, day)
    if found is not None:
        tool = found[0].instrument
    taken = found[1] if found else None
    by_age = expected_levels(tool, age)
    skills = [
        _skill(tool, area, taken, by_age.get(area), agreed.get((tool.instrument_code, area)))
        for area in tool.areas
    ]
    reasons = [
        (skill.title, skill.own.reason, address(skill.own, child))
        for skill in skills
        if skill.own is not None
    ]
    return Grid(tool, _about(own, found, age, day), skills, reasons)


def latest_reading(views: Sequence[View], day: date) -> tuple[View, Taken] | None:
    """The latest complete reading that is not too old, whoever took it; else the latest begun one."""
    since = add_months(day, -READING_MONTHS)
    fresh = [
        (view, taken) for view in views for taken in view.taken if since <= taken.reading.taken_on <= day
    ]
    return max(
        fresh,
        key=lambda one: (
            one[1].reading.status == "complete",
            one[1].reading.taken_on,
            one[1].reading.recorded_at,
        ),
        default=None,
    )


def _about(views: Sequence[View], found: tuple[View, Taken] | None, age: int, day: date) -> str:
    if found:
        view, taken = found
        partly = ", not complete" if taken.reading.status != "complete" else ""
        read = f"Read on {taken.day} ({lower_first(view.title)}{partly})"
    else:
        last = max((one.reading.taken_on for view in views for one in view.taken), default=None)
        read = f"Last read on {say_day(last)}, more than 6 months ago" if last else "Not read yet"
    return f"{read}. Expected at age {age}, on {say_day(day)}."


def _skill(
    tool: Instrument, area: str, taken: Taken | None, by_age: Decimal | None, own: ExpectedLevel | None
) -> Skill:
    level = taken.scores.get(area) if taken else None
    expected = own.level if own else by_age
    not_for_age = taken is not None and area in taken.not_for_age
    state = "not_for_age" if not_for_age else state_of(level, expected, higher=tool.higher_is_better)
    return Skill(area, level, expected, state, _drawn(tool, level, expected), own)


def state_of(level: Decimal | None, expected: Decimal | None, *, higher: bool) -> str:
    """At, above or below what is expected; not assessed is neither."""
    if expected is None:
        return "none_expected"
    if level is None:
        return "not_assessed"
    if level == expected:
        return "at"
    return "above" if (level > expected) == higher else "below"


def _drawn(tool: Instrument, level: Decimal | None, expected: Decimal | None) -> Markup:
    def whole(value: Decimal | None) -> int | None:
        return int(value) if value is not None and value == int(value) else None

    ends = whole(tool.scale_min), whole(tool.scale_max)
    if ends[0] is None or ends[1] is None or (level is not None and whole(level) is None):
        return NOTHING
    return steps(ends[0], ends[1], whole(level), whole(expected))
