"""Targets as a contract words them: `at least 70%`, `less than 20%`, `none stated`.

The status, the sign and the value; where a figure stands against them is `figures/position.py`.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from outcomes.measures.language.phrase_reader import number
from outcomes.measures.language.phrases import NotAPhrase, Operator, number_words

Status = Literal["set", "to_be_confirmed", "to_be_determined", "not_applicable", "none_stated"]
STATUSES: tuple[Status, ...] = ("set", "to_be_confirmed", "to_be_determined", "not_applicable", "none_stated")

_LEVEL = re.compile(
    r"(at least|at most|more than|less than) (-?[\d.]+)(%| points| days| hours| per [\d,]+|)\Z", re.ASCII
)
EXPECTED = (
    "a level such as: at least 70%, at most 12%, less than 20%, more than 90%; or: none stated; "
    "or {status: to_be_confirmed, draft: at most 0%}"
)


@dataclass(frozen=True, slots=True)
class Level:
    """A value to reach. `operator` keeps the seed's own sign: `less than` and `more than` are strict."""

    operator: Operator
    value: Fraction
    unit: str = "%"

    def reached_by(self, value: Fraction) -> bool:
        return {
            "at least": value >= self.value,
            "at most": value <= self.value,
            "more than": value > self.value,
            "less than": value < self.value,
        }[self.operator]

    def __str__(self) -> str:
        return f"{self.operator} {number_words(self.value)}{self.unit}"


@dataclass(frozen=True, slots=True)
class Target:
    """A target and its tolerance. Only a target whose status is `set` is judged (R30)."""

    status: Status
    level: Level | None = None
    tolerance: Level | None = None

    def __str__(self) -> str:
        if self.status == "set":
            return str(self.level)
        words = self.status.replace("_", " ")
        return f"{words} (draft: {self.level})" if self.level else words


NONE_STATED = Target("none_stated")


def parse_level(raw: Any) -> Level:
    """A level in words. Raises NotAPhrase."""
    found = _LEVEL.match(raw) if isinstance(raw, str) else None
    value = number(found[2]) if found else None
    if found is None or value is None:
        raise NotAPhrase(EXPECTED)
    return Level(found[1], value, found[3])  # type: ignore[arg-type]


def parse_target(raw: Any, tolerance: Any = None) -> Target:
    """A card's target, with its tolerance. Raises NotAPhrase."""
    if raw is None or raw == "none stated":
        target = NONE_STATED
    elif isinstance(raw, dict):
        target = _with_status(raw)
    else:
        target = Target("set", parse_level(raw))
    if tolerance is None:
        return target
    return Target(target.status, target.level, parse_level(tolerance))


def _with_status(raw: dict[Any, Any]) -> Target:
    status, draft = raw.get("status"), raw.get("draft")
    if status not in STATUSES or set(raw) - {"status", "draft"} or status == "set":
        raise NotAPhrase(EXPECTED)
    return Target(status, parse_level(draft) if draft is not None else None)


def wrong_way_round(target: Target, better: Literal["bigger", "smaller"]) -> str:
    """What is wrong with a target's direction, or an empty string (R12)."""
    if target.level is None:
        return ""
    wants = ("at least", "more than") if better == "bigger" else ("at most", "less than")
    for level in (target.level, target.tolerance):
        if level is not None and level.operator not in wants:
            return f"a level that says {' or '.join(wants)}, because {better} is better"
    if target.tolerance is None:
        return ""
    ahead = target.level.value - target.tolerance.value
    if (ahead if better == "bigger" else -ahead) < 0:
        return "a tolerance that is easier to reach than the target"
    return ""
