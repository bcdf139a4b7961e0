"""The worlds in which the peers are held against the engine.

The bench's own is an ordinary provider. A drawn one has its days on the edges that the rules speak of:
the ends of periods, gaps of 28 days, stays of 56, and now and then a placement that was entered in error.
"""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial

from sqlalchemy.engine import Engine

from bench.question import Question
from bench.world.filling import analyse, fill
from bench.world.inventing import invented
from bench.world.size import small
from bench.world.work import TOOL, WHEEL
from outcomes.core.database import WRITING
from outcomes.core.periods import containing
from tests.measures.chance.draw import PERIOD, Draw
from tests.measures.chance.records import RandomWorld
from tests.measures.world import World

TODAY = date(2025, 10, 20)
CHILDREN = tuple(f"Child {number}" for number in range(50))
# Of the first twenty, these two tell most: a script is found out that joins stays over 27 or 29 days, compares
# readings 27 days apart, asks for a night or a day more, or counts what was written under a placement that
# never was. RANDOM_WORLDS=500 adds so many for a long night.
SEEDS = (9, 3, *range(20, 20 + int(os.environ.get("RANDOM_WORLDS", "0"))))

Fill = Callable[[Engine], Question]
"""Fills an empty database; what is to be asked of it."""


def a_small_provider(engine: Engine) -> Question:
    fill(engine, invented(small(TODAY)))
    last = containing(TODAY, "quarter").earlier()
    return Question((1, 2, 3), [last.earlier(n) for n in reversed(range(8))], TODAY)


def drawn(seed: int, engine: Engine, *, wheel: bool) -> Question:
    """A drawn world, measured with the bench's wheel or with tools of its own."""
    draw, world = Draw(seed), RandomWorld(seed, CHILDREN).world
    for tool in world.rows["instrument"]:
        tool |= {**WHEEL, "version": tool["version"]} if wheel else {"instrument_code": TOOL}
    for row in (*world.rows["reading"], *world.rows["expected_level"]):
        row["instrument_code"] = TOOL
    for row in world.rows["placement"]:
        # Whatever was written under it stays with it.
        if draw.likely(0.1):
            row["withdrawn_at"] = datetime(2025, 11, 1, tzinfo=UTC)
    _save(world, engine)
    contracts = [world.id_of("contract", name) for name in ("C", "D")]
    return Question(contracts, [PERIOD.earlier(n) for n in reversed(range(4))], TODAY)


def _save(world: World, engine: Engine) -> None:
    with engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        world.save(connection)
    analyse(engine)


WITH_THE_WHEEL: Mapping[str, Fill] = {
    "a small provider": a_small_provider,
    **{f"drawn {seed}, with the wheel": partial(drawn, seed, wheel=True) for seed in SEEDS[::2]},
}
"""The hand-written statements know the wheel: how high it goes, and what is expected at which age."""

WORLDS: Mapping[str, Fill] = {
    **WITH_THE_WHEEL,
    **{f"drawn {seed}, with tools of its own": partial(drawn, seed, wheel=False) for seed in SEEDS[1::2]},
}
