"""How a value is printed (R11): one decimal, half up, and never against its position.

Values are exact fractions until here; nothing is compared after rounding.
"""

from collections.abc import Callable, Hashable
from decimal import Decimal
from fractions import Fraction

MOST_DECIMALS = 30
"""More than any fraction of two counts needs: two that differ, differ within their digits."""


def printed(value: Fraction, judged: Callable[[Fraction], Hashable] | None = None, decimals: int = 1) -> str:
    """The value with one decimal, half up, or with as many as keep the print true.

    `judged` is what is said beside the value (its position). 89.96 against "at least 90" is not
    met, so it is printed as 89.96 and not as 90.0 (R11, D26).
    """
    for places in range(decimals, MOST_DECIMALS):
        rounded = round_half_up(value, places)
        if judged is None or judged(rounded) == judged(value):
            return f"{_plain(rounded, places)}"
    raise AssertionError(f"No print of {value} agrees with what is said beside it.")


def round_half_up(value: Fraction, places: int) -> Fraction:
    """Half goes away from zero: 0.25 to 0.3, -0.25 to -0.3."""
    scale = 10**places
    magnitude = (abs(value) * scale * 2 + 1) // 2
    return Fraction(magnitude if value >= 0 else -magnitude, scale)


def _plain(value: Fraction, places: int) -> str:
    digits = int(value * 10**places)
    return str(Decimal(digits).scaleb(-places)) if places else str(digits)
