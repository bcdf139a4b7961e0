"""What a child takes part in: one or two things, most weeks, until they find something else."""

from collections.abc import Iterator
from datetime import timedelta

from outcomes.demo.child import Child
from outcomes.demo.entry import Entry, entry
from outcomes.demo.seeds import Deck, content
from outcomes.demo.window import Window

FORTNIGHT = timedelta(days=14)
SEASON = 6
"""After so many fortnights a child looks for something else, or stops for a while."""


def activities(child: Child, window: Window) -> Iterator[Entry]:
    """Every occasion of a child, while they were placed."""
    rng = child.rng("activities")
    deck = Deck(content("activities")["activities"], rng)
    day, turn, doing = window.first + timedelta(days=rng.randint(0, 13)), 0, deck.draw()
    while day < window.today:
        if turn % SEASON == 0:
            doing = deck.draw() if rng.random() < 0.75 else None
        if doing is not None and child.stay_on(day) is not None and rng.random() < 0.7:
            yield entry(
                "activity",
                author=child.key_worker_on(day),
                person_id=child.reference,
                kind=doing["kind"],
                title=doing["title"],
                outside_home=doing["where"] != "home",
                outside_education=doing["where"] != "school",
                chosen_by_child=rng.choice((True, True, False, None)),
                took_part_on=day,
            )
        day, turn = day + FORTNIGHT, turn + 1
