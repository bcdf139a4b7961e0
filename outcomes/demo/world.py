"""The whole world of the demo as entries, in the order of the kinds: pure, and the same for a seed and a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from outcomes.demo import people
from outcomes.demo.activities import activities
from outcomes.demo.casting import cast
from outcomes.demo.child import Child
from outcomes.demo.education import education
from outcomes.demo.entry import Entry
from outcomes.demo.health import health_checks
from outcomes.demo.missing import missing_episodes
from outcomes.demo.places import Places
from outcomes.demo.plans import Plans
from outcomes.demo.readings import Readings, Tool, own_levels
from outcomes.demo.registrations import immunisations, registrations
from outcomes.demo.sessions import Sessions
from outcomes.demo.window import Window

HOUSEHOLDS_LEAST = 7
"""So many carer households for the stories of the file; more when they are told again."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the world is. `years` are full years before the present quarter."""

    homes: int = 3
    children: int = 18
    years: int = 2
    seed: int = 1


@dataclass(frozen=True, slots=True)
class World:
    """Children in their places, with every entry about them."""

    places: Places
    children: tuple[Child, ...]
    entries: tuple[Entry, ...]

    @property
    def window(self) -> Window:
        return self.places.window


def make_world(scale: Scale, today: date, tools: Sequence[Tool]) -> World:
    """The world of a scale and a day, with readings of these instruments."""
    window = Window(today, scale.years)
    households = max(HOUSEHOLDS_LEAST, -(-scale.children * 7 // 18))
    places = Places(window, scale.homes, households)
    children = tuple(cast(scale.children, places, scale.seed))
    entries = [*places.entries(), *_of_children(children, places, scale.seed, tools)]
    return World(places, children, tuple(entries))


def _of_children(
    children: Sequence[Child], places: Places, seed: int, tools: Sequence[Tool]
) -> Iterator[Entry]:
    names = people.Names(seed)
    for child in children:
        identity = names.draw()
        yield from people.person(child, identity)
        yield from people.care(child, places)
        yield from people.contacts(child, places.window, identity)
        sessions = Sessions(child, places.window)
        yield from sessions.entries
        yield from Plans(child, places.window, sessions).entries
        for tool in tools:
            yield from Readings(child, places.window, tool).entries
            yield from own_levels(child, places.window, tool)
        yield from health_checks(child, places.window)
        yield from registrations(child, places.window)
        yield from immunisations(child, places.window)
        yield from education(child, places.window)
        yield from missing_episodes(child, places.window)
        yield from activities(child, places.window)
