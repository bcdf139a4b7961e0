"""Which parts of what is worked out a card asks for: only these are fetched."""

from outcomes.measures.language.card import Card
from outcomes.measures.language.phrases import Compared, Dated, Name, Within
from outcomes.measures.language.workings import (
    AllOf,
    AnyOf,
    Condition,
    Count,
    Is,
    MeanOf,
    ShareOf,
    Sum,
    TotalOf,
    UnitsThat,
)


def fields_asked_of(card: Card, working: str) -> set[str]:
    """The fields of a latest record that the card's conditions name (`now.taken_on`)."""
    places = [*card.where, *(one.when for one in card.leave_out)]
    places += [one for one in (card.met_when,) if one]
    if card.no_evidence:
        places += [one for one in (card.no_evidence.when, card.no_evidence.unless) if one]
    for also in card.also_show:
        places += [*also.where, *also.of] if isinstance(also, UnitsThat) else []
    names = [name for place in places for name in _names(place)]
    names += [also.name for also in card.also_show if isinstance(also, TotalOf | MeanOf)]
    names += [
        name for also in card.also_show if isinstance(also, ShareOf) for name in (also.part, also.whole)
    ]
    return _tails(names, working)


def fields_of_each(card: Card, working: str) -> set[str]:
    """The fields of what is worked out for each record that the card's counts name (`now.level`)."""
    related = [one.of for one in card.work_out.values() if isinstance(one, Count | Sum)]
    names = [name for of in related for one in (*of.where, *of.but_not) for name in _names(one)]
    return _tails(names, working)


def _tails(names: list[Name], working: str) -> set[str]:
    asked = (name.text.partition(".") for name in names)
    return {tail for head, _, tail in asked if head == working and tail}


def _names(condition: Condition) -> list[Name]:
    if isinstance(condition, AllOf | AnyOf):
        return [name for part in condition.parts for name in _names(part)]
    if not isinstance(condition, Is):
        return []
    phrase = condition.phrase
    right = [phrase.operand] if isinstance(phrase, Compared) and isinstance(phrase.operand, Name) else []
    right += [phrase.point.name] if isinstance(phrase, Dated | Within) else []
    return [condition.left, *right]
