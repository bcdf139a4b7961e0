"""Random cards, as the YAML that a person would write."""

from typing import Any

import yaml

from outcomes.core.periods import Period
from outcomes.measures.language.card import Card
from outcomes.measures.language.card_reader import read_text
from tests.measures.chance.conditions import field_condition, unit_condition
from tests.measures.chance.draw import PERIOD
from tests.measures.chance.phrases import OPEN, Phrases
from tests.measures.chance.workings import Workings, moving, per_goal


def period_of(card: Card) -> Period:
    """The period of the card's length that ends with the quarter drawn around, or in it."""
    ended = PERIOD.ends_with(card.period)
    assert ended is not None
    return ended


class RandomCard:
    """Makes one card from a seed."""

    def __init__(self, seed: int) -> None:
        self.say = Phrases(seed)
        self.better = self.say.pick("bigger", "bigger", "smaller")
        self.shape = self.say.pick("share", "share", "count")
        self.work_out: dict[str, Any] = {}

    def card(self) -> Card:
        return read_text(yaml.safe_dump(self.entry(), sort_keys=False), "random")[0]

    def entry(self) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "measure": "random.card",
            "version": self.say.random.randint(1, 3),
            "title": "A card of chance",
            "says": "Whatever comes",
            "shape": self.shape,
            "period": self.say.pick("quarter", "quarter", "month", "half year"),
            "each": self.say.each,
            "where": self._where(),
            "better": self.better,
            "if_nobody": "no data",
            "target": self._target(),
            "rules": ["R01"],
            "notes": "Made by the generator.",
        }
        if self.say.each == "child":
            entry["from"] = "placement"
        if (
            entry["target"] not in ("none stated",)
            and not isinstance(entry["target"], dict)
            and self.say.likely(0.5)
        ):
            entry["tolerance"] = "at least 40%" if self.better == "bigger" else "at most 60%"
        if self.say.each == "child" and self.say.likely(0.3):
            entry["per"] = {"goal": per_goal(self.say)}
        self.work_out = Workings(self.say).draw()
        if "per" in entry:
            self.work_out["moving"] = moving(self.say)
        if self.work_out:
            entry["work_out"] = self.work_out
        extra = [self._condition() for _ in range(self.say.random.randint(0, 1))]
        entry["where"] += extra
        if self.say.likely(0.6):
            entry["leave_out"] = [
                {"when": self._condition(), "because": f"reason {n}"}
                for n in range(self.say.random.randint(1, 2))
            ]
        if self.shape == "share":
            entry["met_when"] = {self.say.pick("all", "any"): [self._condition(), self._condition()]}
            if self.say.likely(0.6):
                entry["no_evidence"] = self._no_evidence()
            if "in the period" in (phrase for one in entry["where"] for phrase in one.values()):
                entry["over_a_year"] = True
        entry["also_show"] = self._also()
        entry["split_by"] = [self.say.pick("place", "each place")]
        entry["settings"] = {
            "least": {"value": self.say.pick(1, 28, "0.5"), "because": "chance"},
            "tool": {"value": self.say.pick("skills", "any", "other"), "because": "chance"},
            "apart": {"value": self.say.pick("28 days", "1 day"), "because": "chance"},
            "rule": {"value": self.say.pick("net", "any", "all", "mean"), "because": "chance"},
            "window": {"value": self.say.pick("6 months", "3 months"), "because": "chance"},
        }
        return entry

    def _target(self) -> Any:
        level = "at least 50%" if self.better == "bigger" else "at most 50%"
        strict = "more than 50%" if self.better == "bigger" else "less than 50%"
        return self.say.pick(level, strict, "none stated", {"status": "to_be_confirmed", "draft": level})

    def _where(self) -> list[Any]:
        if self.say.each == "child":
            return [
                {"open": self.say.pick(*OPEN)},
                *self._own(),
            ]
        if self.say.each == "placement ending":
            return [{"ended_on": "in the period"}]
        if self.say.each == "goal":
            return [{"open": self.say.pick(*OPEN)}, *self._own()]
        if self.say.each == "session":
            return [{"planned_on": self.say.date()}, *self._own()]
        return [{"started_at": self.say.date()}, *self._own()]

    def _own(self) -> list[Any]:
        return [field_condition(self.say)] if self.say.likely(0.4) else []

    def _no_evidence(self) -> dict[str, Any]:
        then = "met" if self.better == "smaller" else "not met"
        made = {"when": self._condition(), "then": self.say.pick(then, "left out")}
        return made | {"unless": self._condition()} if self.say.likely(0.5) else made

    def _also(self) -> list[Any]:
        shown: list[Any] = [{"some_units": {"units": [self._condition()]}}]
        counts = [name for name, what in self.work_out.items() if "count" in what]
        if counts:
            shown += [
                counts[0],
                {"total_too": {"total": counts[0]}},
                {"part": {"share": counts[0], "of": counts[-1]}},
            ]
            shown += [{"of_some": {"units": [self._condition()], "of": [{counts[0]: "at least 1"}]}}]
        if "moved" in self.work_out:
            shown += [{"mean_change": {"mean": "moved.mean_change"}}]
        if "changes" in self.work_out:
            shown += ["changes"]
        sums = [name for name, what in self.work_out.items() if "sum" in what]
        shown += [{"mean_sum": {"mean": name}} for name in sums[:1]]
        return shown

    def _condition(self) -> dict[str, Any]:
        return unit_condition(self.say, self.work_out)
