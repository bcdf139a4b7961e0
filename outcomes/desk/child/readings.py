"""The readings of a child by instrument and by whose view it is: first, previous and latest as a wheel.

One statement reads them all. A child's view and a worker's are never mixed: each has its own wheel.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache
from math import ceil, floor
from typing import Any

from sqlalchemy import and_, select

from outcomes.care.people import Person
from outcomes.desk.asking import Question, ask_of, of_the_child
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.words import say_day, say_list
from outcomes.measures.instruments import better_when_higher
from outcomes.records.readings import Instrument, Reading, ReadingScore
from outcomes.records.scoring import TOTAL, band_of
from outcomes.web.pictures import Picture, Series, wheel
from outcomes.web.templates import lower_first

SHOWN_STATUSES = ("complete", "partial")
"""A reading that the child declined, or that is void, has nothing to draw."""

LEAST_AREAS = 3
"""A wheel needs three spokes; an instrument with fewer is shown as words."""

_AGES = re.compile(r"(?P<first>\d{1,2})(?:-(?P<last>\d{1,2})|\+)?:(?P<area>.+)\Z", re.ASCII)


@dataclass(slots=True)
class Taken:
    """One reading and its scores by area; a blank score was not assessed."""

    reading: Reading
    scores: dict[str, Decimal | None] = field(default_factory=dict)
    not_for_age: set[str] = field(default_factory=set)

    @property
    def day(self) -> str:
        return say_day(self.reading.taken_on)

    def say(self, area: str) -> str:
        """The answer of an area in words: "4", "Not for this age", "Not assessed"."""
        score = self.scores.get(area)
        if score is not None:
            return f"{score:f}"
        return "Not for this age" if area in self.not_for_age else "Not assessed"


@dataclass(slots=True)
class View:
    """Every reading of one instrument by one informant, oldest first."""

    instrument: Instrument
    informant: str
    taken: list[Taken]

    @property
    def title(self) -> str:
        """Whose view it is."""
        return code_list("informant").label(self.informant)

    @property
    def telling(self) -> list[tuple[str, Taken]]:
        """First, previous and latest, each once, oldest first."""
        names = {0: "First", len(self.taken) - 2: "Previous", len(self.taken) - 1: "Latest"}
        if len(self.taken) == 2:
            names = {0: "First", 1: "Latest"}
        return [(names[index], self.taken[index]) for index in sorted(names) if 0 <= index < len(self.taken)]

    @property
    def picture(self) -> Picture | None:
        """The wheel with its table; None for an instrument with fewer than three areas."""
        named = [(f"{name}, {one.day}", one) for name, one in self.telling]
        return wheel_of(self.instrument, f"{self.instrument.called()}, {lower_first(self.title)}", named)

    @property
    def latest_rows(self) -> list[tuple[str, str]]:
        """The latest reading in words, where no wheel can be drawn."""
        return rows_of(self.instrument, self.taken[-1])

    @property
    def changes(self) -> list[str]:
        """What moved from the previous reading to the latest, in words."""
        if len(self.taken) < 2:
            return []
        return changes_between(self.instrument, self.taken[-2], self.taken[-1])


def rows_of(instrument: Instrument, taken: Taken) -> list[tuple[str, str]]:
    """A reading in words: each area with its answer and band, and the total where there is one."""
    rows = [(area_title(area), _with_band(instrument, taken, area)) for area in instrument.areas]
    return [*rows, ("Total", _with_band(instrument, taken, TOTAL))] if instrument.total_of else rows


def _with_band(instrument: Instrument, taken: Taken, area: str) -> str:
    reading = taken.reading
    score = reading.total if area == TOTAL else taken.scores.get(area)
    tool = {"bands": instrument.bands, "area_tags": instrument.area_tags}
    band = band_of(tool, reading.band_set, reading.informant, area, score)
    said = ("Not enough answers" if score is None else f"{score:f}") if area == TOTAL else taken.say(area)
    return f"{said}: {lower_first(code_list('reading.band').label(band))}" if band else said


def wheel_of(instrument: Instrument, title: str, readings: Sequence[tuple[str, Taken]]) -> Picture | None:
    """Up to three named readings of an instrument as a wheel, oldest first; None where none can be drawn."""
    lowest, highest = floor(instrument.scale_min), ceil(instrument.scale_max)
    series = [
        Series(name, tuple(one.scores.get(area) for area in instrument.areas)) for name, one in readings
    ]
    # The scale may have been corrected since: such a reading is told in words.
    on_scale = all(score is None or lowest <= score <= highest for one in series for score in one.scores)
    # A wheel in which some areas are better outwards and others inwards would mislead.
    tool = instrument.asked_values()
    mixed = len({better_when_higher(tool, area) for area in instrument.areas}) > 1
    if len(instrument.areas) < LEAST_AREAS or not readings or not on_scale or mixed:
        return None
    return wheel(
        title,
        [area_title(area) for area in instrument.areas],
        series,
        lowest=lowest,
        highest=highest,
        higher_is_better=instrument.higher_is_better,
    )


def area_title(area: str) -> str:
    """An area's name for people."""
    return code_list("instrument.area").label(area)


def changes_between(instrument: Instrument, before: Taken, after: Taken) -> list[str]:
    """ "Better: cooking and cleaning.", "Not as good: money." Only areas rated in both count."""
    tool = instrument.asked_values()
    moved: dict[str, list[str]] = {"Better": [], "Not as good": [], "The same": []}
    for area in instrument.areas:
        then, now = before.scores.get(area), after.scores.get(area)
        if then is None or now is None:
            continue
        up = (now > then) == better_when_higher(tool, area)
        moved["The same" if now == then else "Better" if up else "Not as good"].append(area_title(area))
    return [f"{word}: {say_list(areas)}." for word, areas in moved.items() if areas]


def views_of(child: Person) -> list[View]:
    """Every view of the child's readings, by instrument and informant."""
    views: dict[tuple[int, str], View] = {}
    taken: dict[int, Taken] = {}
    for reading, instrument, score in ask_of(child, _readings()):
        view = views.setdefault((instrument.id, reading.informant), View(instrument, reading.informant, []))
        if reading.id not in taken:
            taken[reading.id] = Taken(reading)
            view.taken.append(taken[reading.id])
        if score is not None:
            add_score(taken[reading.id], score)
    # The child's own view stands before what others say.
    return sorted(
        views.values(), key=lambda view: (view.instrument.called(), view.informant != "child", view.informant)
    )


def of_its_version() -> Any:
    """The condition that joins a reading to the version of the instrument that it was taken with."""
    return and_(Instrument.instrument_code == Reading.instrument_code, Instrument.version == Reading.version)


@cache
def _readings() -> Question:
    return (
        select(Reading, Instrument, ReadingScore)
        .join(Instrument, of_its_version())
        .outerjoin(ReadingScore, ReadingScore.reading_id == Reading.id)
        .where(of_the_child(Reading.person_id), Reading.standing(), Reading.status.in_(SHOWN_STATUSES))
        # Ties on one date: the latest recorded (R15).
        .order_by(Reading.taken_on, Reading.recorded_at, Reading.id, ReadingScore.id)
    )


def add_score(taken: Taken, score: ReadingScore) -> None:
    """Put one score into the reading that it belongs to."""
    taken.scores[score.area] = score.score
    if score.not_age_appropriate:
        taken.not_for_age.add(score.area)


def expected_levels(instrument: Instrument, age: int) -> dict[str, Decimal]:
    """The level that the instrument expects of each area at an age; one named beats `*`."""
    everywhere: dict[str, Decimal] = {}
    named: dict[str, Decimal] = {}
    for area, level in _at_age(instrument.expected_level_by_age or {}, age):
        if area == "*":
            everywhere |= dict.fromkeys(instrument.areas, level)
        else:
            named[area] = level
    return everywhere | named


def _at_age(entries: Mapping[str, str], age: int) -> list[tuple[str, Decimal]]:
    found = []
    for key, level in entries.items():
        ages = _AGES.match(key)
        if not ages:
            continue
        last = ages["last"] or ("99" if "+" in key else ages["first"])
        if int(ages["first"]) <= age <= int(last):
            try:
                found.append((ages["area"], Decimal(level)))
            except InvalidOperation:
                continue
    return found
