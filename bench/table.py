"""The table of a run: one line per comparison with its goal beside it, and the same as JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.timing import Paired

HEAD = f"{'what':<46} {'database':<11} {'ours':>11} {'peer':>11} {'ratio':>7}  goal"


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison. `ours` and `peer` are in `unit`; the goal is about `value`, the ratio unless said.

    `at_most` false means that more is better (a rate of writes). A line without a goal is for information.
    """

    section: str
    what: str
    database: str
    ours: float
    unit: str
    peer_is: str = ""
    peer: float | None = None
    ratio: float | None = None
    goal: float | None = None
    at_most: bool = True
    goal_is_for: str = "ratio"

    @classmethod
    def of_pair(
        cls, section: str, what: str, database: str, peer_is: str, one: Paired, goal: float | None,
        goal_is_for: str = "ratio",
    ) -> "Line":  # fmt: skip
        """Ours and a peer that were timed in turn, in milliseconds."""
        ours, peer = one.ours * 1000, one.peer * 1000
        return cls(
            section, what, database, ours, "ms", peer_is, peer, one.ratio, goal, goal_is_for=goal_is_for
        )

    @property
    def value(self) -> float | None:
        return self.ratio if self.goal_is_for == "ratio" else self.ours

    @property
    def met(self) -> bool | None:
        if self.goal is None or self.value is None:
            return None
        return self.value <= self.goal if self.at_most else self.value >= self.goal

    @property
    def verdict(self) -> str:
        """The goal in words, and by how much it was missed."""
        if self.goal is None or self.value is None:
            return ""
        sign, unit = ("<=" if self.at_most else ">="), "" if self.goal_is_for == "ratio" else f" {self.unit}"
        said = f"{sign} {_said(self.goal)}{unit}"
        if self.met:
            return f"{said} met"
        return f"{said} MISSED, {self.value / self.goal:.1f} times the goal"

    def printed(self) -> str:
        peer = "" if self.peer is None else f"{self.peer:,.1f} {self.unit}"
        ratio = "" if self.ratio is None else _said(self.ratio, "0.2f")
        return (
            f"{self.what:<46} {self.database:<11} {f'{self.ours:,.1f} {self.unit}':>11} {peer:>11} {ratio:>7}  "
            f"{self.verdict}"
        )


def _said(value: float, form: str = "g") -> str:
    """A small share as one over a number: that a peer takes 43 times as long is easier read than 0.02."""
    return f"1/{1 / value:.0f}" if 0 < value < 0.1 else format(value, form)


def printed(lines: Iterable[Line]) -> Iterable[str]:
    """The table, section by section; each says what its peer is."""
    section = None
    for line in lines:
        if (line.section, line.peer_is) != section:
            section = (line.section, line.peer_is)
            yield from ("", f"{line.section}{f' against {line.peer_is}' if line.peer_is else ''}", HEAD)
        yield line.printed()


def write(path: Path, about: dict[str, Any], lines: Iterable[Line]) -> None:
    """The run as JSON."""
    found = [{**asdict(line), "met": line.met} for line in lines]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**about, "lines": found}, indent=1) + "\n")
