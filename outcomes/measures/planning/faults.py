"""What is wrong with a card: why a name cannot stand where it stands, and all such faults told at once."""

from collections.abc import Callable
from typing import Any

from outcomes.measures.language.card import Card, Fault
from outcomes.measures.language.phrases import NotAPhrase


class Refusal(Exception):
    """A name or phrase that cannot stand here: what was expected and what came."""

    def __init__(self, expected: str, came: str, key: str = "") -> None:
        super().__init__(expected)
        self.expected, self.came, self.key = expected, came, key


class Faults:
    """The faults of one card, in the order in which they were found."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.found: list[Fault] = []

    def tried(self, key: str, make: Callable[..., Any], *args: Any) -> Any:
        """What was made; None where it was refused, which is noted under the key."""
        try:
            return make(*args)
        except Refusal as refusal:
            self.add(key, refusal)
        except NotAPhrase as error:
            self.add(key, Refusal(str(error), "-"))
        return None

    def add(self, key: str, refusal: Refusal) -> None:
        self.found.append(Fault(self.card.file, self.card.measure, key, refusal.expected, refusal.came))
