"""Drawing from a seed: among options, by a chance, and days near the boundaries that rules speak of."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from outcomes.core.clock import from_london
from outcomes.core.periods import parse_period

PERIOD = parse_period("2025-26-Q2")
EDGES = (
    PERIOD.first,
    PERIOD.first,
    PERIOD.last,
    PERIOD.last,
    PERIOD.last,
    PERIOD.earlier().first,
    PERIOD.earlier(-1).first,
    PERIOD.first + timedelta(days=28),
    PERIOD.last - timedelta(days=28),
    # The clocks change on these days.
    date(2025, 3, 30),
    date(2025, 10, 26),
)


class Draw:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def pick(self, *options: Any) -> Any:
        return self.random.choice(options)

    def likely(self, chance: float) -> bool:
        return self.random.random() < chance

    def maybe(self, value: Any, chance: float = 0.8) -> Any:
        return value if self.likely(chance) else None

    def yes_no(self) -> bool | None:
        """A tick box: ticked more often than not, or never answered."""
        return self.random.choice((True, True, False, None))

    def day(self) -> date:
        near = self.random.choice(EDGES) + timedelta(days=self.random.choice((-29, -28, -1, 0, 0, 0, 1, 28)))
        anywhere = date(2024, 10, 1) + timedelta(days=self.random.randint(0, 400))
        return near if self.likely(0.6) else anywhere

    def moment(self) -> datetime:
        wall = datetime.combine(self.day(), datetime.min.time()) + timedelta(
            minutes=self.random.choice((0, 30, 90, 720, 1380, 1439))
        )
        return from_london(wall if not (wall.hour == 1 and wall.day in (30,)) else wall + timedelta(hours=2))[
            0
        ]
