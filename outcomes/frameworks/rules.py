"""The rules that cards name by their numbers: what a clause leaves unsaid, answered once (`seeds/frameworks/rules.yaml`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from outcomes.core.settings import root
from outcomes.measures.language.card import Card, Fault
from outcomes.measures.language.card_reader import read_mapping


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its number, what it is about, and the answer in words for people."""

    number: str
    about: str
    says: str


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its number. Raises CardFaults where the file cannot be read."""
    loaded = read_mapping(root() / "seeds" / "frameworks" / "rules.yaml")
    return MappingProxyType(
        {number: Rule(number, one["about"], one["says"]) for number, one in loaded.items()}
    )


def rules_of(card: Card) -> Sequence[Rule]:
    """The rules that a card follows, in its order."""
    return [rules()[number] for number in card.rules]


def unknown_rules(card: Card) -> list[Fault]:
    """A fault for each rule that a card names and nobody wrote."""
    expected = "the number of a rule in seeds/frameworks/rules.yaml, such as R05"
    return [
        Fault(card.file, card.measure, "rules", expected, number)
        for number in card.rules
        if number not in rules()
    ]
