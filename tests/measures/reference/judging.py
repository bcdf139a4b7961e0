"""Into which bucket each unit in scope falls and why, and what is shown beside the figure."""

from dataclasses import dataclass, field
from typing import Any

from outcomes.measures.language import phrases as say
from outcomes.measures.language import workings as work
from tests.measures.reference.conditions import true
from tests.measures.reference.question import About, Question, Unit
from tests.measures.reference.units import units
from tests.measures.reference.values import value


@dataclass
class Outcome:
    """One unit in scope: the naive counterpart of a fact."""

    unit: str
    bucket: str
    because: str
    place: str
    also: dict[str, Any] = field(default_factory=dict)


def judged(question: Question) -> list[Outcome]:
    """Every unit in scope, in its bucket."""
    return [
        Outcome(unit.name, *_bucket(unit), unit.place, _also(unit))
        for unit in units(question)
        if _all(question.card.where, unit)
    ]


def _all(conditions: tuple[work.Condition, ...], unit: Unit) -> bool:
    return all(true(one, About(unit)) for one in conditions)


def _bucket(unit: Unit) -> tuple[str, str]:
    card, about = unit.question.card, About(unit)
    for leave in card.leave_out:
        if true(leave.when, about):
            return "left out", say.with_settings(leave.because, unit.question.settings)
    evidence = card.no_evidence
    if evidence and true(evidence.when, about) and not (evidence.unless and true(evidence.unless, about)):
        return ("left out", "no evidence") if evidence.then == "left out" else ("no evidence", "")
    if card.met_when is None or true(card.met_when, about):
        return "met", ""
    return "not met", ""


def _also(unit: Unit) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for also in unit.question.card.also_show:
        if isinstance(also, work.TotalOf | work.MeanOf):
            shown[also.label] = value(also.name, unit)
        elif isinstance(also, work.ShareOf):
            shown[also.label] = (value(also.part, unit), value(also.whole, unit))
        else:
            of = _all(also.of, unit)
            shown[also.label] = (int(of and _all(also.where, unit)), int(of))
    return shown
