"""Instruments (measuring tools, as data) and the readings taken with them.

No instrument is in code, and none that is licensed is in the repository: its licence holder
registers the areas and the scale, and a reading is numbers against them.
"""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from outcomes.core.actor import Level
from outcomes.core.permissions import Permission
from outcomes.kit.declaring.columns import choice, day, decimal, line, link, many, pairs, whole, words, yes_no
from outcomes.kit.declaring.guards import checked_by, not_before_birth
from outcomes.kit.declaring.record import ChildRecord, Declaration, Part, Record, of_child
from outcomes.kit.declaring.rules import not_more
from outcomes.records.reading_rules import (
    instrument_holds_together,
    instrument_stays_as_it_was_used,
    level_fits_instrument,
    reading_fits_instrument,
    scored,
)


class Instrument(Record):
    """A measuring tool: its scale, direction, areas, smallest step and expected levels by age.

    `areas` are codes in the order in which they are asked; `area_tags` says what an area is about
    (`cooking=independence`); `expected_level_by_age` has entries such as `11-12:cooking=1`, with
    `*` for every area; `anchors` are words for the points of the scale. An instrument that is scored
    from items says so in `scales`, `item_most`, `fewest_items`, `total_of` and `bands`; scores that are
    added up from answers of their own are `sums`, with `sum_points` and `nought_by` (`scoring.py`).
    """

    declaration = Declaration(
        "Instrument",
        read=Permission.INSTRUMENT_READ,
        write=Permission.INSTRUMENT_WRITE,
        level=Level.OPEN,
        natural_key=("instrument_code", "version"),
        rules=(not_more("scale_min", "scale_max"),),
        guards=(checked_by(instrument_holds_together), checked_by(instrument_stays_as_it_was_used)),
        constraints=(
            UniqueConstraint("instrument_code", "version"),
            CheckConstraint("smallest_step > 0", name="step_is_positive"),
        ),
    )

    instrument_code: Mapped[str] = line("What is its code?", hint="For example, progress_wheel", most=60)
    version: Mapped[str] = line("Which version or edition?", most=40)
    title: Mapped[str | None] = line("What is it called?")
    informants: Mapped[list[str] | None] = many("Who gives the ratings?", "informant")
    higher_is_better: Mapped[bool] = yes_no("Is a higher score better?")
    scale_min: Mapped[Decimal] = decimal("What is the lowest score?", least=-1000, most=1000)
    scale_max: Mapped[Decimal] = decimal("What is the highest score?", least=-1000, most=1000)
    smallest_step: Mapped[Decimal] = decimal("What is the smallest step that counts as a change?", most=1000)
    areas: Mapped[list[str]] = many(
        "Which areas does it have?",
        "instrument.area",
        hint="One code on a line, in the order in which they are asked, for example home_and_settled",
        typed=True,
    )
    area_tags: Mapped[dict[str, str] | None] = pairs("What is each area about?", hint="cooking=independence")
    expected_level_by_age: Mapped[dict[str, str] | None] = pairs(
        "Which level is expected at which age?", hint="11-12:cooking=1, or 13-15:*=2 for every area"
    )
    anchors: Mapped[dict[str, str] | None] = pairs(
        "What do the points of the scale mean?", hint="0=Not yet started"
    )
    licence_note: Mapped[str | None] = words("Under which licence is it used?", most=2000)
    scales: Mapped[dict[str, str] | None] = pairs(
        "Which items make each scale?", hint="conduct=5 7r 12, with r where an item counts backwards"
    )
    item_most: Mapped[int | None] = whole("What is the highest answer to an item?", least=1, most=100)
    fewest_items: Mapped[int | None] = whole("How many items of a scale must be answered?", least=1, most=100)
    sums: Mapped[dict[str, str] | None] = pairs(
        "Which scores are added up from answers of their own, and whose?",
        hint="Area and informant, for example impact:teacher=impact_distress impact_friends",
    )
    sum_points: Mapped[dict[str, str] | None] = pairs(
        "How much does each of those answers count?", hint="impact=0 0 1 2 for the answers 0, 1, 2 and 3"
    )
    nought_by: Mapped[dict[str, str] | None] = pairs(
        "Which answer makes such a score 0?",
        hint="impact=impact_difficulties: where the answer to that is 0, the others do not count",
    )
    total_of: Mapped[list[str] | None] = many(
        "Which areas make the total?", "instrument.area", hint="One code on a line", typed=True
    )
    bands: Mapped[dict[str, str] | None] = pairs(
        "Which bands do the scores fall into?",
        hint="Set, informant and area, best band first, for example three:teacher:total=0-11 12-15 16-40",
    )

    def called(self) -> str:
        return self.title or self.instrument_code


class ReadingScore(Part):
    """The score of one area in one reading. A blank score means that the area was not assessed."""

    part_of, part_key = "reading_id", "area"

    reading_id: Mapped[int] = link("Which reading?", "reading", owner=True)
    area: Mapped[str] = choice("Which area?", "instrument.area")
    score: Mapped[Decimal | None] = decimal("What is the score?", least=-1000, most=1000)
    not_age_appropriate: Mapped[bool | None] = yes_no("Is the area not for this age?")


class Reading(ChildRecord):
    """One completed reading of an instrument. The child's and the worker's are both kept."""

    declaration = of_child(
        "Reading",
        about="taken_on",
        follows="placement",
        part=ReadingScore,
        stamps=(scored,),
        guards=(not_before_birth("taken_on"), checked_by(reading_fits_instrument)),
        constraints=(
            ForeignKeyConstraint(
                ["instrument_code", "version"], ["instrument.instrument_code", "instrument.version"]
            ),
        ),
        indexes=(("person_id", "instrument_code", "taken_on"),),
    )

    instrument_code: Mapped[str] = line("Which instrument?", most=60)
    version: Mapped[str] = line("Which version?", most=40)
    informant: Mapped[str] = choice("Whose view is it?", "informant")
    taken_on: Mapped[date] = day("When was it taken?")
    status: Mapped[str] = choice("Is it complete?", "reading.status")
    is_baseline: Mapped[bool | None] = yes_no("Is it the first one, to start from?")
    completed_with_child: Mapped[bool | None] = yes_no("Was it completed with the child?")
    total: Mapped[Decimal | None] = decimal("What is the total?", least=-10_000, most=10_000)
    band_set: Mapped[str | None] = choice(
        "Into which bands do the scores fall?",
        "reading.band_set",
        hint="Left blank for an instrument that has bands, the three bands are used",
    )
    family_id: Mapped[str | None] = line(
        "Which family?", hint="The reference of a family, where it is about one", most=64
    )


class ExpectedLevel(ChildRecord):
    """The level agreed for one child in one area, with the reason, in place of the one for their age.

    The newest that has begun by a day holds on it. It says what is appropriate for this child,
    openly and with a name, instead of hiding an exception in the figure.
    """

    declaration = of_child(
        "Expected level",
        about="valid_from",
        write=Permission.PLAN_WRITE,
        guards=(not_before_birth("valid_from"), checked_by(level_fits_instrument)),
        indexes=(("person_id", "instrument_code", "area", "valid_from"),),
    )

    instrument_code: Mapped[str] = line("On which instrument?", hint="For example, living_skills", most=60)
    area: Mapped[str] = choice("In which area?", "instrument.area")
    level: Mapped[Decimal] = decimal("Which level is expected of this child?", least=-1000, most=1000)
    reason: Mapped[str] = words("Why is another level right for this child?", most=2000)
    set_by: Mapped[int | None] = link("Who set it?", "staff")
    valid_from: Mapped[date] = day("From which day does it hold?", future=True)
