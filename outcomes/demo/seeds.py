"""The words and stories of the demo, from `seeds/demo/`, and how they are drawn without repeating."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any, Generic, TypeVar

import yaml

from outcomes.core.settings import root

T = TypeVar("T")


@cache
def content(name: str) -> Any:
    """What `seeds/demo/<name>.yaml` holds."""
    return yaml.safe_load((root() / "seeds" / "demo" / f"{name}.yaml").read_text(encoding="utf-8"))


class Deck(Generic[T]):
    """Draws at random, and nothing twice before everything was drawn once."""

    def __init__(self, cards: Iterable[T], rng: Random) -> None:
        self._all = list(cards)
        self._rng = rng
        self._left: list[T] = []

    def draw(self) -> T:
        if not self._left:
            self._left = self._rng.sample(self._all, len(self._all))
        return self._left.pop()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch between two written days (`q-3+20`); the end is the first day after it."""

    first: str
    last: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StayTold:
    """One stay of a story: which service, which place of it, from when to when, and how it ended."""

    service: str
    place: int
    span: Span
    ending: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to one child. The file explains each key."""

    title: str
    age: int
    care: tuple[Span, ...]
    stays: tuple[StayTold, ...]
    skills: str
    goals: str
    missing: tuple[Mapping[str, Any], ...] = ()
    keyworker_change: Mapping[str, Any] | None = None
    cover: Mapping[str, Any] | None = None
    flags: frozenset[str] = field(default_factory=frozenset)


_FLAGS = ("no_independence", "goal_withdrawn", "goal_without_baseline", "goals_not_reviewed")


@cache
def stories() -> tuple[Story, ...]:
    """Every story, in the order in which children are given one."""
    return tuple(_read(raw) for raw in content("stories")["stories"])


@cache
def endings() -> Mapping[str, Mapping[str, Any]]:
    """What is recorded of each sort of ending of a placement."""
    found: Mapping[str, Mapping[str, Any]] = content("stories")["endings"]
    return found


def _read(raw: Mapping[str, Any]) -> Story:
    return Story(
        title=raw["story"],
        age=raw["age"],
        care=tuple(_span(one) for one in raw["care"]),
        stays=tuple(
            StayTold(one.get("service", raw["service"]), one["place"], _span(one), one.get("ending"))
            for one in raw["stays"]
        ),
        skills=raw.get("skills", ""),
        goals=raw.get("goals", ""),
        missing=tuple(raw.get("missing", ())),
        keyworker_change=raw.get("keyworker_change"),
        cover=raw.get("cover"),
        flags=frozenset(flag for flag in _FLAGS if raw.get(flag)),
    )


def _span(raw: Mapping[str, Any]) -> Span:
    return Span(raw["from"], raw.get("to"), raw.get("reason"))
