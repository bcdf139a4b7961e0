"""How large the invented provider is. The provider size is about that of one regional provider over three years."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Size:
    """`children` live there at any time; who leaves is followed by somebody new the next week."""

    name: str
    children: int
    homes: int
    households: int
    years: int
    until: date
    seed: int = 1

    @property
    def first(self) -> date:
        """The day on which the records begin."""
        return self.until - timedelta(days=round(365.25 * self.years))

    @property
    def places(self) -> int:
        return self.homes + self.households

    @property
    def staff(self) -> int:
        return 3 * self.places


def provider(until: date, seed: int = 1) -> Size:
    """120 children at a time in 20 places over three years: about 1,500 readings and 19,000 sessions."""
    return Size("provider", children=120, homes=14, households=6, years=3, until=until, seed=seed)


def small(until: date, seed: int = 1) -> Size:
    """Large enough for every bucket of every card to hold somebody; for the tests of the bench itself."""
    return Size("small", children=24, homes=4, households=2, years=2, until=until, seed=seed)
