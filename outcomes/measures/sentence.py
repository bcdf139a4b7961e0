"""A card in plain English, for sign-off: what is counted, what is left out, when a unit has met it."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import singledispatch
from typing import Any

from outcomes.measures.card import Card, NoEvidence, Setting, SettingValue
from outcomes.measures.phrases import Blank, FilledIn, Name, OneOf, SettingIs, YesNo
from outcomes.measures.workings import (
    AllOf,
    Also,
    AnyOf,
    Compare,
    Condition,
    Count,
    DaysPlaced,
    Divide,
    EarliestOfOpen,
    Is,
    Latest,
    MeanOf,
    OpenIs,
    Related,
    ShareOf,
    StepsFromBaseline,
    TotalOf,
    UnitsThat,
    Working,
)

MANY = {"child": "children", "placement ending": "placement endings", "session": "key-worker sessions"}
BUILT_IN = {
    "days_in_period": "nights placed in the period",
    "days_since_start": "days since the stay started",
    "age": "age on the day of counting",
    "stay_started_on": "start of the stay",
    "count_date": "day of counting",
}


def sentences(card: Card) -> list[str]:
    """The card as sentences, the first of which says what the figure is; last its target and settings."""
    better = "Smaller" if card.better == "smaller" else "Bigger"
    settings = [f"Setting “{_words(name)}”: {_setting(one)}" for name, one in card.settings.items()]
    return [*definition(card), f"Target: {card.target}. {better} is better.", *settings]


def definition(card: Card, values: Mapping[str, SettingValue] | None = None) -> list[str]:
    """What is counted and how, without target and settings.

    With `values` (by the settings' names) the sentences say each setting's value instead of its name.
    """
    card = card if values is None else _valued(card, values)
    units = MANY.get(card.each, f"{_words(card.each)}s")
    who = f"{units} under the contract"
    where = f" where {_join(card.where)}" if card.where else ""
    if card.met_when is None:
        said = [f"How many {who} there are{where}."]
    else:
        said = [f"Of the {who}{where}, how many meet this: {_condition(card.met_when)}."]
    said += [
        f"Left out, and counted: those where {_condition(one.when)} ({one.because})."
        for one in card.leave_out
    ]
    if card.no_evidence is not None:
        said.append(_evidence(card.no_evidence))
    said += [f"“{_words(name)}” is {_working(working)}." for name, working in card.work_out.items()]
    said += [f"Beside it: {_also(also)}." for also in card.also_show]
    return said


def _valued(part: Any, values: Mapping[str, SettingValue]) -> Any:
    """A card, or any part of one, with settings replaced by their values."""
    if isinstance(part, Name) and part.is_setting:
        return values[part.text.lstrip("$")]
    if isinstance(part, SettingIs):
        return OneOf((str(_valued(part.name, values)),))
    if isinstance(part, tuple):
        return tuple(_valued(one, values) for one in part)
    if isinstance(part, Mapping):
        return {name: _valued(one, values) for name, one in part.items()}
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{one.name: _valued(getattr(part, one.name), values) for one in fields(part)})
    return part


def _evidence(evidence: NoEvidence) -> str:
    unless = f", unless {_condition(evidence.unless)}" if evidence.unless else ""
    counts = {"not met": "counts as not met", "met": "counts against (as met)", "left out": "is left out"}[
        evidence.then
    ]
    return f"No evidence, which {counts}: where {_condition(evidence.when)}{unless}."


def _setting(setting: Setting) -> str:
    return f"{setting.value} ({setting.because})."


def _join(conditions: tuple[Condition, ...], word: str = "and") -> str:
    return f" {word} ".join(_condition(one) for one in conditions)


def _condition(condition: Condition) -> str:
    if isinstance(condition, AllOf):
        return _join(condition.parts)
    if isinstance(condition, AnyOf):
        return (
            f"either {_join(condition.parts, 'or')}" if len(condition.parts) > 1 else _join(condition.parts)
        )
    if isinstance(condition, OpenIs):
        return f"the record is {condition.phrase}"
    is_ = "" if isinstance(condition, Is) and _is_verb(condition) else "is "
    return f"the {_left(condition.left)} {is_}{condition.phrase}"


def _is_verb(condition: Is) -> bool:
    return (
        False
        if isinstance(condition.phrase, YesNo | Blank | FilledIn)
        else str(condition.phrase).startswith("is ")
    )


def _left(name: Name) -> str:
    return BUILT_IN.get(name.text, str(name))


def _words(name: str) -> str:
    return name.replace("_", " ")


def _of(related: Related) -> str:
    where = f" where {_join(related.where)}" if related.where else ""
    but_not = f", but not those where {_join(related.but_not)}" if related.but_not else ""
    return f"{_words(related.record)} records{where}{but_not}"


@singledispatch
def _working(working: Working) -> str:
    raise AssertionError(f"Unhandled working: {working}")


@_working.register
def _(working: Count) -> str:
    if working.distinct:
        return f"the number of different {_words(working.distinct)} among the {_of(working.of)}"
    return f"the number of {_of(working.of)}"


@_working.register
def _(working: Latest) -> str:
    other = (
        "; where there is none, the first one of the stay (the baseline)" if working.or_else_baseline else ""
    )
    return f"the latest by {_words(working.by)} of the {_of(working.of)}{other}"


@_working.register
def _(working: Compare) -> str:
    same = ", ".join(_words(one) for one in working.same)
    areas = "every area" if working.areas == "all" else f"the areas tagged {working.areas}"
    return (
        f"“{working.before}” compared with “{working.now}” in {areas}, where both have the same {same} and are "
        f"at least {working.apart} apart; progress by the rule “{working.rule}”"
    )


@_working.register
def _(working: StepsFromBaseline) -> str:
    return (
        f"the sum over goals of level minus baseline, at each review date in the {working.window} up to the day of "
        f"counting, for the {_of(working.goals)}"
    )


@_working.register
def _(working: Divide) -> str:
    times = f", times {working.times}" if working.times != 1 else ""
    return f"{_words(working.top)} divided by {_left(Name(working.bottom))}{times}"


@_working.register
def _(working: DaysPlaced) -> str:
    return f"the nights placed in {'the period' if working.which == 'this' else 'the period before'}"


@_working.register
def _(working: EarliestOfOpen) -> str:
    return f"the earliest {_words(working.field)} of the {_words(working.record)} records open on the day of counting"


@singledispatch
def _also(also: Also) -> str:
    raise AssertionError(f"Unhandled also_show: {also}")


@_also.register
def _(also: TotalOf) -> str:
    return f"{_words(also.label)}, added up"


@_also.register
def _(also: ShareOf) -> str:
    return f"{_words(also.label)} ({also.part} as a share of {also.whole})"


@_also.register
def _(also: UnitsThat) -> str:
    of = f" of those where {_join(also.of)}" if also.of else ""
    return f"{_words(also.label)} (how many{of}: {_join(also.where)})"


@_also.register
def _(also: MeanOf) -> str:
    return f"{_words(also.label)} (the mean of {also.name})"
