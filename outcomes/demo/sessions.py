"""Key-worker sessions of a child: weekly in a home, every other week with carers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from outcomes.demo.child import Child, Stay
from outcomes.demo.entry import Entry, entry
from outcomes.demo.seeds import Deck, content
from outcomes.demo.window import Window

_REASONS = {
    "missed_by_child": ("child_refused", "child_away", "child_unwell"),
    "missed_by_staff": ("staff_absent", "staff_busy"),
    "cancelled_rearranged": ("clash", "child_unwell"),
    "cancelled_not_rearranged": ("cancelled_by_service", "clash", "child_away"),
}
_MISSES = ("missed_by_child", "missed_by_staff", "cancelled_rearranged", "cancelled_not_rearranged")
_WITHOUT_TOPIC = 0.05
"""Share of held sessions of which nothing is said: they do not count as delivered (3.1-M1)."""


@dataclass(frozen=True, slots=True)
class _Words:
    topic: str
    said: str
    agreed: str


class Sessions:
    """The sessions of one child, by the day on which they were held, for reviews to cite."""

    def __init__(self, child: Child, window: Window) -> None:
        self._child, self._window = child, window
        rng = child.rng("session words")
        self._deck = Deck(
            [_Words(topic, *pair) for topic, pairs in content("sessions").items() for pair in pairs], rng
        )
        self.held: dict[date, str] = {}
        self.entries = list(self._all())

    def near(self, day: date) -> date | None:
        """The day of the held session nearest to `day`, from six days before to the day itself."""
        return next((on for back in range(7) if (on := day - timedelta(days=back)) in self.held), None)

    def _all(self) -> Iterator[Entry]:
        rng = self._child.rng("sessions")
        number = 0
        for stay in self._child.stays:
            every = 7 if stay.place.kind == "home" else 14
            likely = rng.uniform(0.76, 0.93)
            day = _first_weekday(max(stay.first + timedelta(days=3), self._window.first), rng.randrange(5))
            end = min(stay.last or self._window.today, self._window.today)
            while day < end:
                for one in self._planned(day, end, likely, stay, rng):
                    number += 1
                    yield self._entry(number, one, rng)
                day += timedelta(days=every)

    def _planned(
        self, day: date, end: date, likely: float, stay: Stay, rng: Random
    ) -> Iterator[tuple[date, date | None, str]]:
        """Planned for, held on, status. What is rearranged is held a few days later."""
        if rng.random() < likely:
            held = day + timedelta(days=rng.choice((0, 0, 0, 0, 1)))
            yield day, held if held < end else day, "held"
            return
        status = rng.choices(_MISSES, (4, 2, 3, 1.5))[0]
        later = day + timedelta(days=rng.randint(2, 5))
        if status == "cancelled_rearranged" and later >= end:
            status = "cancelled_not_rearranged"
        yield day, None, status
        if status == "cancelled_rearranged":
            yield later, later, "held"

    def _entry(self, number: int, one: tuple[date, date | None, str], rng: Random) -> Entry:
        planned, held, status = one
        reference = f"session-{self._child.number:02d}-{number:03d}"
        staff = self._child.key_worker_on(held or planned) or self._child.key_worker_on(planned)
        if held is None:
            return entry(
                "keyworker_session",
                reference,
                author=staff,
                person_id=self._child.reference,
                staff_id=staff,
                planned_on=planned,
                status=status,
                missed_reason=rng.choice(_REASONS[status]),
            )
        self.held[held] = reference
        words = self._deck.draw()
        silent = rng.random() < _WITHOUT_TOPIC
        also = (
            [] if rng.random() < 0.6 else [rng.choice([t for t in content("sessions") if t != words.topic])]
        )
        return entry(
            "keyworker_session",
            reference,
            author=staff,
            person_id=self._child.reference,
            staff_id=staff,
            planned_on=planned,
            held_on=held,
            status=status,
            minutes=None if silent else rng.choice((15, 20, 25, 30, 30, 40, 45, 60)),
            topics=None if silent else [words.topic, *also],
            child_words=None if silent or rng.random() < 0.25 else words.said,
            next_action=None if silent or rng.random() < 0.15 else words.agreed,
        )


def _first_weekday(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)
