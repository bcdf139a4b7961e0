"""Who plays which story: children with their dates, from the stories, the window and the seed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from outcomes.core.calendar import add_months
from outcomes.demo.child import Child, InCare, KeyWorker, Stay
from outcomes.demo.contracts import CONTRACTS
from outcomes.demo.places import Place, Places
from outcomes.demo.seeds import Span, StayTold, Story, content, stories
from outcomes.demo.window import Window

SHIFT_MOST = 20
"""Days by which a story that is told again differs from its first telling."""


@dataclass(frozen=True, slots=True)
class _Telling:
    """A story told for the n-th time, with its days moved by so much."""

    story: Story
    number: int
    again: int
    shift: int
    window: Window

    def day(self, written: str) -> date:
        return self.window.day(written) + timedelta(days=self.shift)

    def until(self, written: str | None) -> date | None:
        """The end of a span; None where it has not come yet."""
        day = self.day(written) if written else None
        return day if day is not None and day <= self.window.today else None


def cast(children: int, places: Places, seed: int) -> list[Child]:
    """So many children. Stories that were over before the window begins are not told."""
    found: list[Child] = []
    for telling in _tellings(places.window, seed):
        if len(found) == children:
            break
        stays = tuple(_stays(telling, len(found) + 1, places))
        if stays and (stays[-1].last is None or stays[-1].last > places.window.first):
            found.append(_child(telling, len(found) + 1, stays, seed))
    return found


def _tellings(window: Window, seed: int) -> Iterator[_Telling]:
    rng = Random(f"{seed}/tellings")
    courses: Mapping[str, Any] = content("stories")["courses"]
    for again in count():
        for number, story in enumerate(stories()):
            if not again:
                yield _Telling(story, number, again, 0, window)
                continue
            # Told again, a story keeps its stays but takes another course.
            other = replace(
                story,
                skills=rng.choice(courses["skills"]),
                goals=rng.choice(courses["goals"]),
                flags=frozenset(),
            )
            yield _Telling(other, number, again, rng.randint(-SHIFT_MOST, SHIFT_MOST), window)


def _stays(telling: _Telling, number: int, places: Places) -> Iterator[Stay]:
    for n, told in enumerate(telling.story.stays, start=1):
        first = telling.day(told.span.first)
        if first > telling.window.today:
            return
        last = telling.until(told.span.last)
        yield Stay(
            reference=f"placement-{number:02d}-{n}",
            contract=CONTRACTS[told.service],
            place=_place(told, telling.again, places),
            first=first,
            last=last,
            ending=told.ending if last else None,
        )


def _place(told: StayTold, again: int, places: Places) -> Place:
    """The place of the story; told again, the next ones along."""
    step = 7 if told.service == "fostering" else 3
    return places.place(told.service, told.place + again * step)


def _child(telling: _Telling, number: int, stays: tuple[Stay, ...], seed: int) -> Child:
    rng = Random(f"{seed}/{number}/birth")
    today = telling.window.today
    born = add_months(today, -12 * telling.story.age) - timedelta(days=rng.randint(20, 340))
    care = tuple(_in_care(telling, span) for span in telling.story.care)
    workers = tuple(_key_workers(telling, number, stays))
    return Child(
        number=number,
        reference=f"child-{number:02d}",
        seed=seed,
        story=telling.story,
        shift=telling.shift,
        born=born,
        care=care,
        stays=stays,
        key_workers=workers,
    )


def _in_care(telling: _Telling, span: Span) -> InCare:
    last = telling.until(span.last)
    return InCare(telling.day(span.first), last, span.reason if last else None)


def _key_workers(telling: _Telling, number: int, stays: tuple[Stay, ...]) -> Iterator[KeyWorker]:
    """One for each stay, with the change and the cover that the story tells."""
    story = telling.story
    for stay in stays:
        mine, other = stay.place.keyworkers[number % 2], stay.place.keyworkers[(number + 1) % 2]
        change = _inside(stay, telling, story.keyworker_change)
        if change is None or story.keyworker_change is None:
            yield KeyWorker(mine, stay.first, stay.last)
        else:
            yield KeyWorker(mine, stay.first, change)
            yield KeyWorker(other, change, stay.last, why=story.keyworker_change["why"])
        cover = _inside(stay, telling, story.cover)
        if cover is not None and story.cover is not None:
            until = cover + timedelta(days=story.cover["days"])
            yield KeyWorker(other, cover, until, covers_for=True, why="long_absence")


def _inside(stay: Stay, telling: _Telling, told: Mapping[str, Any] | None) -> date | None:
    day = telling.day(told["at"]) if told else None
    return day if day is not None and stay.covers(day) else None
