"""What a unit's place in a figure rests on, in words: the records and numbers that the card worked out.

The engine hands over keys and numbers; a record is linked only where the reader may see it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import singledispatch
from typing import Any

from outcomes.care.people import Person
from outcomes.desk.figures.reach import reachable
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.declaring.record import Record, day_of
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day, say_list
from outcomes.measures.buckets import Bucket
from outcomes.measures.figures.facts import Fact
from outcomes.measures.language.phrases import number_words
from outcomes.measures.planning.plan import (
    AgainstPlan,
    ComparePlan,
    CountPlan,
    LatestPlan,
    Plan,
    StepsPlan,
    WorkingPlan,
)
from outcomes.measures.planning.units import ChildUnits

Line = dict[str, str | None]
"""One piece of evidence: its words, and the address of the record where there is one to open."""

Found = Mapping[str, Mapping[int, Record]]
"""The records that the reader may see, by working and key."""


def found_records(plan: Plan, facts: Sequence[Fact]) -> Found:
    """The records that the latest-of workings of these units point to."""
    wanted = [(name, one) for level in plan.levels for name, one in level if isinstance(one, LatestPlan)]
    return {
        name: reachable(
            working.rows.record.name,
            (fact.worked[name, ""] for fact in facts if fact.worked.get((name, "")) is not None),
        )
        for name, working in wanted
    }


def evidence(plan: Plan, fact: Fact, child: Person, unit: Record | None, found: Found) -> list[Line]:
    """The lines of one unit: the record that it is, then what was worked out, step by step."""
    lines = [_line(unit.called(), address(unit, child))] if unit is not None else []
    lines += _own_fields(plan, fact, unit.about_on if unit is not None else None)
    counts = [
        _named(name, fact.worked.get((name, "")))["text"]
        for level in plan.levels
        for name, working in level
        if isinstance(working, CountPlan)
    ]
    lines += [_line(". ".join(str(one) for one in counts))] if counts else []
    for level in plan.levels:
        for name, working in level:
            if isinstance(working, CountPlan):
                continue
            parts = {part: value for (of, part), value in fact.worked.items() if of == name}
            lines += _told(working, name, parts, found.get(name, {}), child)
    return lines


def _line(words: str, href: str | None = None) -> Line:
    return {"text": words, "href": href}


def _own_fields(plan: Plan, fact: Fact, about: date | None) -> list[Line]:
    """The unit's own fields that the card reads. Of a child the stay, and what leaves somebody out."""
    if not isinstance(plan.source, ChildUnits):
        names = [column.name for column in plan.unit_columns if not column.path]
        told = {name: fact.worked.get(("", name)) for name in names}
        # The record's link says its own day already.
        return [
            _named(name, value)
            for name, value in told.items()
            if about is None or day_of(_day(value)) != about
        ]
    lines = []
    since = _day(fact.worked.get(("", "stay_started_on")))
    if since is not None:
        lines.append(_line(f"Here since {say_day(since)}"))
    nights = fact.worked.get(("", "days_in_period"))
    if fact.group.bucket is Bucket.LEFT_OUT and nights is not None:
        lines.append(_line(f"{nights} nights here in the period"))
    return lines


def _named(name: str, value: Any) -> Line:
    return _line(f"{_words(name)}: {_said(value)}")


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _said(value: Any) -> str:
    if value is None:
        return "not recorded"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Fraction):
        return number_words(Fraction(value))
    day = day_of(_day(value))
    return str(value).replace("_", " ") if day is None else say_day(day)


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else None


@singledispatch
def _told(
    _working: WorkingPlan, name: str, parts: Mapping[str, Any], _found: Mapping[int, Record], _child: Person
) -> list[Line]:
    """A number or a day stands for itself."""
    return [_named(name, parts.get(""))]


@_told.register
def _(
    _working: LatestPlan, name: str, parts: Mapping[str, Any], found: Mapping[int, Record], child: Person
) -> list[Line]:
    key = parts.get("")
    if key is None:
        return [_line(f"{_words(name)}: none")]
    first = ", the first of the stay" if parts.get("from_baseline") else ""
    record = found.get(key)
    if record is None:
        return [_line(f"{_words(name)}: recorded elsewhere{first}")]
    return [_line(f"{_words(name)}: {record.called()}{first}", address(record, child))]


@_told.register
def _(
    _working: ComparePlan, name: str, parts: Mapping[str, Any], _found: Mapping[int, Record], _child: Person
) -> list[Line]:
    if not parts.get(""):
        return [_line(f"{_words(name)}: no two readings that can be compared")]
    up, down, same = (_said(parts.get(part)) for part in ("up", "down", "same"))
    lines = [_line(f"{_words(name)}: {up} up, {down} down, {same} the same")]
    if parts.get("all_at_top_and_held"):
        lines.append(_line("Every area is at the top, or at the level expected, and was held"))
    if parts.get("late_baseline"):
        lines.append(_line("The first reading was taken late, more than 28 days into the stay"))
    return lines


@_told.register
def _(
    working: AgainstPlan, name: str, parts: Mapping[str, Any], _found: Mapping[int, Record], _child: Person
) -> list[Line]:
    expected, below, own = (parts.get(part) for part in ("expected", "below", "individual"))
    if not expected:
        return [_line(f"{_words(name)}: no level is expected at this age")]
    if below is None:
        return [_line(f"{_words(name)}: {_said(expected)} areas with an expected level, and no reading")]
    lines = [
        _line(
            f"{_words(name)}: {_said(below)} of {_said(expected)} areas not known to be at the level expected"
        )
    ]
    areas = code_list("instrument.area")
    short = [
        areas.label(area) for area in working.one_by_one if parts.get(area) is not None and not parts[area]
    ]
    lines += [_line(f"Not known to be at it: {say_list(short)}")] if short else []
    return [*lines, _line(f"Levels agreed for this child: {_said(own)}")] if own else lines


@_told.register
def _(
    _working: StepsPlan, name: str, parts: Mapping[str, Any], _found: Mapping[int, Record], _child: Person
) -> list[Line]:
    points, last, highest = (parts.get(part) for part in ("points", "last", "highest"))
    told = f"{_words(name)}: {_said(points)} review {'date' if points == 1 else 'dates'} with a level"
    if points and last is not None and highest is not None:
        told += f", {_signed(last)} since the start at the last, {_signed(highest)} at the highest"
    return [_line(told)]


def _signed(value: Any) -> str:
    return f"{'+' if value > 0 else ''}{number_words(Fraction(value))}"
