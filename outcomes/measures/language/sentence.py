"""A card in plain English, for sign-off: what is counted, what is left out, when a unit has met it."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import singledispatch
from typing import Any

from outcomes.measures.language.card import Card, NoEvidence, Setting, SettingValue
from outcomes.measures.language.phrases import (
    Length,
    Name,
    OneOf,
    Open,
    SettingIs,
    settings_in,
    with_settings,
)
from outcomes.measures.language.wording import Wording, listed, words
from outcomes.measures.language.workings import (
    AgainstExpected,
    Also,
    ChangesOf,
    Compare,
    Count,
    DaysPlaced,
    Divide,
    EarliestOfOpen,
    Latest,
    MeanOf,
    OpenIs,
    Related,
    ShareOf,
    StepsFromBaseline,
    Sum,
    TotalOf,
    UnitsThat,
    Working,
)

MANY = {
    "child": "children",
    "session": "key-worker sessions",
    "keyworker_session": "key-worker sessions",
    "immunisation_status": "records of immunisations",
    "attendance": "weeks of attendance",
}
PLACED = {
    "during the period": "were placed at any time in the period",
    "on the period end": "were placed on the last day of the period",
    "on the period start": "were placed on the first day of the period",
}


def sentences(card: Card, values: Mapping[str, SettingValue] | None = None) -> list[str]:
    """The card as sentences, the first of which says what the figure is; last its target and settings."""
    better = "Smaller" if card.better == "smaller" else "Bigger"
    settings = [f"Setting “{words(name)}”: {_setting(one)}" for name, one in card.settings.items()]
    return [*definition(card, values), f"Target: {card.target}. {better} is better.", *settings]


def definition(card: Card, values: Mapping[str, SettingValue] | None = None) -> list[str]:
    """What is counted and how, without target and settings.

    With `values` (by the settings' names) the sentences say each setting's value instead of its name.
    """
    card = card if values is None else _valued(card, values)
    wording = Wording(
        [*card.work_out, *(name for named in card.per.values() for name in named)],
        levels=[
            f"{name}.{area}"
            for name, working in card.work_out.items()
            if isinstance(working, AgainstExpected)
            for area in working.one_by_one
        ],
    )
    who, where = _who(card, wording)
    if card.met_when is None:
        said = [f"How many {who} there are{where}."]
    else:
        said = [f"Of the {who}{where}, how many meet this: {wording.condition(card.met_when)}."]
    said += [
        f"Left out, and counted: those where {wording.condition(one.when)} ({_because(one.because, values)})."
        for one in card.leave_out
    ]
    if card.no_evidence is not None:
        said.append(_evidence(card.no_evidence, wording))
    said += [
        f"For each {words(record)}, “{words(name)}” is {_working(working, wording)}."
        for record, named in card.per.items()
        for name, working in named.items()
    ]
    said += [f"“{words(name)}” is {_working(working, wording)}." for name, working in card.work_out.items()]
    said += [f"Shown beside it, “{words(also.label)}”: {_also(also, wording)}." for also in card.also_show]
    if card.over_a_year:
        said.append(
            "Shown beside it, “over 12 months”: the same of the twelve months that end with the period."
        )
    return said


def _who(card: Card, wording: Wording) -> tuple[str, str]:
    """The units under the contract, and what is asked of them to be in scope."""
    who, where = f"{_many(card.each)} under the contract", list(card.where)
    placed = next((one for one in where if isinstance(one, OpenIs)), None) if card.each == "child" else None
    if placed is not None:
        assert isinstance(placed.phrase, Open)
        where.remove(placed)
        who = f"{who} who {PLACED[placed.phrase.when]}{',' if where else ''}"
    return who, f" where {wording.every(where)}" if where else ""


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


def _evidence(evidence: NoEvidence, wording: Wording) -> str:
    unless = f", unless {wording.condition(evidence.unless)}" if evidence.unless else ""
    counts = {"not met": "counts as not met", "met": "counts against (as met)", "left out": "is left out"}[
        evidence.then
    ]
    return f"No evidence, which {counts}: where {wording.condition(evidence.when)}{unless}."


def _setting(setting: Setting) -> str:
    return f"{setting.value} ({setting.because})."


def _many(name: str) -> str:
    return MANY.get(name, f"{words(name)}s")


def _of(related: Related, wording: Wording) -> str:
    where = f" where {wording.every(related.where)}" if related.where else ""
    but_not = f", but not those where {wording.every(related.but_not)}" if related.but_not else ""
    return f"{_many(related.record)}{where}{but_not}"


@singledispatch
def _working(working: Working, wording: Wording) -> str:
    raise AssertionError(f"Unhandled working: {working}")


@_working.register
def _(working: Count, wording: Wording) -> str:
    if working.distinct:
        days = working.distinct.removesuffix("_on")
        what = f"different days ({words(days)})" if days != working.distinct else f"different {words(days)}"
        return f"the number of {what} among the {_of(working.of, wording)}"
    return f"the number of {_of(working.of, wording)}"


@_working.register
def _(working: Sum, wording: Wording) -> str:
    return f"“{words(working.field)}” added up over the {_of(working.of, wording)}"


@_working.register
def _(working: ChangesOf, wording: Wording) -> str:
    left = ["the first of a stay"] if working.first_of_stay else []
    if working.cover is not None:
        left.append(f"cover that ended within {_said(working.cover, wording)}")
    but_not = f", not counting {' or '.join(left)}" if left else ""
    many = _many(working.record)
    return f"how often in the period “{words(working.field)}” changed from one of the {many} to the next{but_not}"


@_working.register
def _(working: AgainstExpected, wording: Wording) -> str:
    areas = "every area" if working.areas == "all" else f"the areas tagged {words(working.areas)}"
    return (
        f"“{words(working.reading)}” against the level expected of the child in {areas}: the child’s own "
        "where one was agreed, else the one for their age"
        + (
            f"; and one by one in {listed([words(area) for area in working.one_by_one])}"
            if working.one_by_one
            else ""
        )
    )


@_working.register
def _(working: Latest, wording: Wording) -> str:
    other = (
        "; where there is none, the first one of the stay (the baseline)" if working.or_else_baseline else ""
    )
    return f"the latest of the {_of(working.of, wording)}{other}"


@_working.register
def _(working: Compare, wording: Wording) -> str:
    same = listed([words(one) for one in working.same])
    areas = "every area" if working.areas == "all" else f"the areas tagged {words(working.areas)}"
    return (
        f"“{words(working.before)}” compared with “{words(working.now)}” in {areas}, where both have the same "
        f"{same} and lie at least {_said(working.apart, wording)} apart; whether there is progress is decided by "
        f"the rule “{working.rule}”"
    )


@_working.register
def _(working: StepsFromBaseline, wording: Wording) -> str:
    return (
        f"where the child’s goals stand (the sum of each goal’s latest level less its baseline) on each review "
        f"date in the {_said(working.window, wording)} up to the day of counting, for the {_of(working.goals, wording)}"
    )


@_working.register
def _(working: Divide, wording: Wording) -> str:
    times = f", times {working.times}" if working.times != 1 else ""
    top, bottom = (wording.name(Name(one)) for one in (working.top, working.bottom))
    return f"{top} divided by {bottom}{times}"


@_working.register
def _(working: DaysPlaced, wording: Wording) -> str:
    return (
        f"the number of nights placed in {'the period' if working.which == 'this' else 'the period before'}"
    )


@_working.register
def _(working: EarliestOfOpen, wording: Wording) -> str:
    what = _many(working.record)
    return f"the earliest date in “{words(working.field)}” of the {what} open on the day of counting"


def _because(text: str, values: Mapping[str, SettingValue] | None) -> str:
    names = {name.text.lstrip("$"): f"“{name}”" for name in settings_in(text)} if values is None else values
    return with_settings(text, names)


def _said(value: Length | Name, wording: Wording) -> str:
    return wording.name(value) if isinstance(value, Name) else str(value)


@singledispatch
def _also(also: Also, wording: Wording) -> str:
    raise AssertionError(f"Unhandled also_show: {also}")


@_also.register
def _(also: TotalOf, wording: Wording) -> str:
    name = "" if also.name.text == also.label else f"{wording.name(also.name)} "
    return f"{name}added up over those in the figure"


@_also.register
def _(also: ShareOf, wording: Wording) -> str:
    return f"{wording.name(also.part)} as a share of {wording.name(also.whole)}, each added up"


@_also.register
def _(also: UnitsThat, wording: Wording) -> str:
    of = f"of those where {wording.every(also.of)}, " if also.of else ""
    return f"{of}how many there are where {wording.every(also.where)}"


@_also.register
def _(also: MeanOf, wording: Wording) -> str:
    return f"the mean of {wording.name(also.name)}"
