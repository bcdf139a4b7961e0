"""Readings of both instruments, each quarter, as the child and as the key worker see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from outcomes.demo.child import Child, Tenure
from outcomes.demo.entry import Entry, entry
from outcomes.demo.window import Window

SKILLS, WHEEL = "living_skills", "progress_wheel"
WORKER, CHILD = "keyworker", "child"
YOUNGEST_FOR_SKILLS = 11
APART = 35
"""Days between two readings that are to be compared."""


@dataclass(frozen=True, slots=True)
class Tool:
    """An instrument as readings need it."""

    code: str
    version: str
    areas: tuple[str, ...]
    low: int
    high: int


@dataclass(slots=True)
class Scores:
    """The level of a child in each area, moved up and down as the story says."""

    tool: Tool
    rng: Random
    levels: dict[str, int]

    @classmethod
    def starting(cls, tool: Tool, rng: Random) -> "Scores":
        """Somewhere in the lower half of the scale."""
        middle = (tool.low + tool.high) // 2
        return cls(tool, rng, {area: rng.randint(tool.low, middle) for area in tool.areas})

    def move(self, letter: str) -> None:
        """u more areas up than down, d the other way, s as many up as down, t everything at the top."""
        if letter == "t":
            self.levels = dict.fromkeys(self.levels, self.tool.high)
            return
        up, down = {"u": (self.rng.choice((2, 3)), 0), "d": (0, 2), "s": (1, 1)}.get(letter, (0, 0))
        if letter in "ud" and self.rng.random() < 0.4:
            up, down = max(up, 1), max(down, 1)
            up, down = (up + 1, down) if letter == "u" else (up, down + 1)
        areas = self.rng.sample(list(self.levels), len(self.levels))
        rising = [area for area in areas if self.levels[area] < self.tool.high][:up]
        falling = [area for area in areas if self.levels[area] > self.tool.low and area not in rising][:down]
        if letter == "s" and len(rising) != len(falling):
            return
        for area in rising:
            self.levels[area] += 1
        for area in falling:
            self.levels[area] -= 1


class Readings:
    """The readings of one child with one instrument."""

    def __init__(self, child: Child, window: Window, tool: Tool) -> None:
        self._child, self._window, self._tool = child, window, tool
        self._rng = child.rng(f"readings/{tool.code}")
        # How the child sees it differs from the worker's view, and keeps differing in the same areas.
        areas = list(tool.areas)
        self._own_view = {area: self._rng.choice((-1, 1)) for area in self._rng.sample(areas, 3)}
        self.entries = [one for tenure in child.tenures for one in self._tenure(tenure)]

    def _tenure(self, tenure: Tenure) -> Iterator[Entry]:
        scores = Scores.starting(self._tool, self._rng)
        first = tenure.first + timedelta(days=self._rng.randint(12, 24))
        if self._may_be_taken(first, tenure):
            yield from self._both(first, scores, tenure, baseline=True)
        latest = first
        for index in self._window.indexes:
            letter = self._letter(index)
            day = self._day(index, letter, tenure)
            if letter == "c" and self._may_be_taken(early := day - timedelta(days=15), tenure):
                yield from self._both(early, scores, tenure)
                latest = early - timedelta(days=APART)
            if letter == "." or day - latest < timedelta(days=APART) or not self._may_be_taken(day, tenure):
                continue
            scores.move(letter)
            yield from self._taken(day, letter, scores, tenure)
            latest = day

    def _letter(self, index: int) -> str:
        """What the story says of that quarter; for the wheel and outside the story, chance."""
        place = index + 8
        if self._tool.code == SKILLS and 0 <= place < len(self._child.story.skills):
            return self._child.story.skills[place]
        return self._rng.choices("usd.", (5, 3, 2, 0.6))[0]

    def _day(self, index: int, letter: str, tenure: Tenure) -> date:
        """In the middle of the quarter; before the child leaves; late in the quarter for who has just come."""
        quarter = self._window.quarter(index)
        if letter == "c":
            return quarter.first + timedelta(days=5)
        day = quarter.first + timedelta(days=self._rng.randint(34, 50))
        if quarter.first <= tenure.first <= quarter.last:
            day = max(day, min(tenure.first + timedelta(days=65), quarter.last - timedelta(days=2)))
        if tenure.last is not None and day >= tenure.last:
            day = tenure.last - timedelta(days=4)
        return day if day >= quarter.first else quarter.first - timedelta(days=1)

    def _may_be_taken(self, day: date, tenure: Tenure) -> bool:
        """Placed that day, in the past, and for a skills reading old enough. Baselines may be older."""
        old_enough = self._tool.code != SKILLS or self._child.age(day) >= YOUNGEST_FOR_SKILLS
        return old_enough and tenure.covers(day) and day <= self._window.today

    def _taken(self, day: date, letter: str, scores: Scores, tenure: Tenure) -> Iterator[Entry]:
        if letter == "x":
            yield self._entry(day, CHILD, "declined_by_child", {})
        elif letter == "p":
            some = dict(list(scores.levels.items())[:3])
            yield self._entry(day, WORKER, "partial", some)
        else:
            yield from self._both(day, scores, tenure)

    def _both(self, day: date, scores: Scores, tenure: Tenure, *, baseline: bool = False) -> Iterator[Entry]:
        """The worker's reading on the day; the child's own a few days before, three times in four."""
        own_day = day - timedelta(days=self._rng.randint(1, 5))
        if self._rng.random() < 0.75 and tenure.covers(own_day):
            yield self._entry(own_day, CHILD, "complete", self._as_the_child_sees(scores), baseline=baseline)
        yield self._entry(day, WORKER, "complete", scores.levels, baseline=baseline)

    def _as_the_child_sees(self, scores: Scores) -> dict[str, int]:
        return {
            area: max(self._tool.low, min(self._tool.high, level + self._own_view.get(area, 0)))
            for area, level in scores.levels.items()
        }

    def _entry(
        self, day: date, informant: str, status: str, levels: dict[str, int], *, baseline: bool = False
    ) -> Entry:
        return entry(
            "reading",
            author=self._child.key_worker_on(day),
            person_id=self._child.reference,
            instrument_code=self._tool.code,
            version=self._tool.version,
            informant=informant,
            taken_on=day,
            status=status,
            is_baseline=baseline,
            completed_with_child=informant == CHILD or self._rng.random() < 0.7,
            scores=[{"area": area, "score": level} for area, level in levels.items()],
        )


def own_levels(child: Child, window: Window, tool: Tool) -> Iterator[Entry]:
    """For every sixth child one level of their own, agreed with a reason, in place of the one for the age."""
    day = max(child.stays[0].first, window.first) + timedelta(days=45)
    if tool.code == SKILLS and child.number % 6 == 4 and day <= window.today:
        yield entry(
            "expected_level",
            author=child.key_worker_on(day),
            person_id=child.reference,
            instrument_code=tool.code,
            area=tool.areas[0],
            level=tool.low + 1,
            reason="Agreed at the review: one step at a time, because new things take a while to settle.",
            valid_from=day,
        )
