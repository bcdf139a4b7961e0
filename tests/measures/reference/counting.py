"""Records counted and added up: how many, how much, how often something changed, one number over another."""

from datetime import date
from fractions import Fraction

from outcomes.measures.language import phrases as say
from outcomes.measures.language import workings as work
from tests.measures.reference.conditions import related
from tests.measures.reference.kinds import field_of, lasts, open_on
from tests.measures.reference.question import Unit
from tests.measures.reference.stays import Stay, joined_up, place_of
from tests.measures.reference.values import nights, value, work_out
from tests.measures.world import Row


@work_out.register
def _count(working: work.Count, unit: Unit, name: str) -> int:
    rows = related(working.of, unit)
    if working.distinct is None:
        return len(rows)
    values = {field_of(unit.question, working.of.record, row, working.distinct) for row in rows}
    return len(values - {None})


@work_out.register
def _sum(working: work.Sum, unit: Unit, name: str) -> Fraction | None:
    rows = related(working.of, unit)
    numbers = [field_of(unit.question, working.of.record, row, working.field) for row in rows]
    known = [Fraction(one) for one in numbers if one is not None]
    return sum(known, Fraction(0)) if known else None


@work_out.register
def _divide(working: work.Divide, unit: Unit, name: str) -> Fraction | None:
    top, bottom = value(say.Name(working.top), unit), value(say.Name(working.bottom), unit)
    return None if top is None or not bottom else Fraction(top) * working.times / Fraction(bottom)


@work_out.register
def _days_placed(working: work.DaysPlaced, unit: Unit, name: str) -> int:
    return nights(unit, unit.question.days_of(working.which))


@work_out.register
def _earliest(working: work.EarliestOfOpen, unit: Unit, name: str) -> date | None:
    assert unit.count_date is not None
    kind = working.record
    rows = [row for row in related(work.Related(kind), unit) if open_on(unit.count_date, kind, row)]
    return min((row[working.field] for row in rows if row.get(working.field)), default=None)


@work_out.register
def _changes(working: work.ChangesOf, unit: Unit, name: str) -> int:
    """Walk through the key workers in the order in which they began."""
    question, kind = unit.question, working.record
    rows = [row for row in question.standing(kind) if row["person_id"] == unit.person["id"]]
    if working.cover is not None:
        short = question.or_setting(working.cover).count
        rows = [row for row in rows if not _short_cover(kind, row, short)]
    rows.sort(key=lambda row: (lasts(kind, row)[0], row["recorded_at"], row["id"]))
    stays = joined_up(question.placements(unit.person["id"]), place_of)
    changed = 0
    for number, row in enumerate(rows[1:], start=1):
        begins = lasts(kind, row)[0]
        different = row[working.field] != rows[number - 1][working.field]
        for stay in stays:
            there_before = any(lasts(kind, one)[1] > stay.starts for one in rows[:number])
            if _counted_on(begins, stay, unit) and different and begins in question.period:
                changed += there_before or not working.first_of_stay
    return changed


def _short_cover(kind: str, row: Row, most_days: int) -> bool:
    """Cover that has ended, within that many days."""
    begins, ends = lasts(kind, row)
    return bool(row.get("is_cover")) and (ends - begins).days <= most_days


def _counted_on(day: date, stay: Stay, unit: Unit) -> bool:
    """The child is placed that day, in this stay, under the contract and where the unit is counted."""

    def here(row: Row) -> bool:
        at_place = not unit.question.each_place or place_of(row) == unit.place
        return unit.question.under_contract(row) and open_on(day, "placement", row) and at_place

    return any(here(row) for row in stay.rows)
