"""The trend word over three consecutive values (R13). A house convention, not a law.

It reproduces 36 of the 39 printed rows of the trust's table; the three others are human judgement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Trend = Literal["improving", "stable", "worsening", "volatile", "new_measure"]


@dataclass(frozen=True, slots=True)
class Band:
    """The thresholds: units over two steps, and the size of a last step that makes a reversal volatile."""

    steady: Fraction = Fraction(3)
    volatile_points: Fraction = Fraction(7)
    volatile_share: Fraction = Fraction(7, 100)


def trend(
    values: Sequence[Fraction | None],
    *,
    better: Literal["bigger", "smaller"],
    percentage: bool,
    band: Band = Band(),
) -> Trend:
    """The word for the last three values, oldest first. A gap breaks the run: "new measure".

    `percentage` measures reverse by points; others by a share of the middle value (at least 1).
    """
    last = list(values)[-3:]
    if len(last) < 3 or any(value is None for value in last):
        return "new_measure"
    first, middle, latest = (value for value in last if value is not None)
    sign = 1 if better == "bigger" else -1
    one, two = sign * (middle - first), sign * (latest - middle)
    if one > 0 and two > 0 and one + two >= band.steady:
        return "improving"
    if one < 0 and two < 0 and one + two <= -band.steady:
        return "worsening"
    large = band.volatile_points if percentage else band.volatile_share * max(middle, Fraction(1))
    return "volatile" if one * two < 0 and abs(two) >= large else "stable"
