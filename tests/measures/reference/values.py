"""What a name of a card stands for: a setting, a field of the unit, what is built in, what is worked out.

How each working is worked out is said in the room of its subject, which tells `work_out`.
"""

from datetime import timedelta
from functools import singledispatch
from typing import Any

from outcomes.core.calendar import age_on
from outcomes.core.periods import Period
from outcomes.measures.language import phrases as say
from tests.measures.reference.kinds import field_of
from tests.measures.reference.question import Unit
from tests.measures.reference.stays import FOREVER, place_of


def value(name: say.Name, unit: Unit) -> Any:
    if name.is_setting:
        setting = unit.question.setting(name)
        return setting.count if isinstance(setting, say.Length) else setting
    head, _, part = name.text.partition(".")
    if head in unit.question.card.work_out:
        found = worked_out(head, unit)
        if isinstance(found, dict):
            return found.get(part) if part else found.get("", found or None)
        return found
    built = built_in(name.text, unit)
    if built is NotImplemented:
        return field_of(unit.question, unit.kind, unit.record, name.text)
    return built


def worked_out(name: str, unit: Unit) -> Any:
    """What the card works out under this name, once for each unit."""
    if name not in unit.known:
        unit.known[name] = work_out(unit.question.card.work_out[name], unit, name)
    return unit.known[name]


@singledispatch
def work_out(working: Any, unit: Unit, name: str) -> Any:
    raise AssertionError(f"No room works out {working}")


def built_in(name: str, unit: Unit) -> Any:
    """What every card may name without working it out; `NotImplemented` where the name is none of these."""
    stay = unit.stay
    if stay is not None:
        if name in ("stay_started_on", "started_on"):
            return stay.starts
        if name in ("ended_on", "stay_ended_on"):
            return None if stay.ends == FOREVER else stay.ends
    if unit.question.card.each != "child" or unit.count_date is None or stay is None:
        return NotImplemented
    return {
        "count_date": lambda: unit.count_date,
        "days_in_period": lambda: nights(unit, unit.question.period),
        "days_since_start": lambda: (unit.count_date - stay.starts).days,
        "age": lambda: age_on(unit.person["date_of_birth"], unit.count_date),
    }.get(name, lambda: NotImplemented)()


def nights(unit: Unit, period: Period) -> int:
    """Nights placed under the contract, and at the unit's place where each place is counted."""
    question, counted = unit.question, 0
    for row in question.placements(unit.person["id"]):
        if not question.under_contract(row) or (question.each_place and place_of(row) != unit.place):
            continue
        ends = min(row.get("ended_on") or FOREVER, period.last + timedelta(days=1))
        counted += max(0, (ends - max(row["started_on"], period.first)).days)
    return counted
