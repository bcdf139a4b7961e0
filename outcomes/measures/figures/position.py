"""Where a value stands against its target and tolerance (R12), and when it stands nowhere (R30)."""

from fractions import Fraction
from typing import Literal

from outcomes.measures.language.targets import Target

Position = Literal[
    "better_than_target",
    "in_tolerance",
    "outside_tolerance",
    "met",
    "not_met",
    "no_target",
    "target_not_yet_set",
    "no_data",
    "not_due",
]


def position(value: Fraction | None, target: Target) -> Position:
    """The position of an exact value. Equality counts as the target's own sign says (R11).

    None is "no data", whatever the target: 0 of 0 is neither perfect nor a failure (R10).
    """
    if value is None:
        return "no_data"
    if target.status in ("none_stated", "not_applicable"):
        return "no_target"
    if target.status != "set" or target.level is None:
        return "target_not_yet_set"
    reached = target.level.reached_by(value)
    if target.tolerance is None:
        return "met" if reached else "not_met"
    if reached:
        return "better_than_target"
    return "in_tolerance" if target.tolerance.reached_by(value) else "outside_tolerance"
