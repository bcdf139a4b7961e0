"""Loads the demo inside an application of the tests."""

from outcomes.core.actor import system_actor
from outcomes.demo.load import Loaded, load_demo
from outcomes.demo.world import Scale

SMALL = Scale(homes=2, children=4, years=1)


def load(scale: Scale | None = None) -> Loaded:
    """Load a demo without showing progress."""
    return load_demo(scale or Scale(), lambda _records: lambda _done: None, by=system_actor("a test"))
