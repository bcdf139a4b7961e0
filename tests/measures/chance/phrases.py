"""Phrases of the language by chance: about days and numbers, for a card that counts one thing."""

from tests.measures.chance.draw import Draw

OPEN = ("during the period", "on the period end", "on the period start")


class Phrases(Draw):
    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.each = self.random.choice(
            ("child",) * 5 + ("placement ending", "session", "missing_episode", "goal")
        )

    def date(self) -> str:
        return self.pick(
            "in the period",
            "in the period",
            "in the period before",
            "before the period",
            "by the period end",
            f"{self.order()} period_end minus {self.pick('1 month', '28 days', '6 months')}",
            f"{self.order()} period_start",
            f"{self.order()} today minus 400 days",
        )

    def record_date(self) -> str:
        return self.pick(self.date(), f"{self.order()} count_date") if self.each == "child" else self.date()

    def order(self) -> str:
        return self.pick("on or before", "before", "on or after", "after")

    def number(self, *, names: tuple[str, ...] = ()) -> str:
        operator = self.pick("at least", "at most", "more than", "less than")
        return f"{operator} {self.pick('0', '1', '2', '0.5', '28', '$least', *names)}"
