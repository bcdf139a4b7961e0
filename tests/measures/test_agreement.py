"""Random cards on random records: both databases and the naive engine must say the same of every unit."""

import os
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy.engine import Connection, Engine

from outcomes.frameworks.binding import registry
from outcomes.measures.engine import Run, facts, groups
from outcomes.measures.figures.facts import tally
from outcomes.measures.language.card import Card
from outcomes.measures.planning.plan import Plan
from outcomes.measures.planning.planner import plan
from tests.measures.chance.cards import RandomCard, period_of
from tests.measures.chance.records import RandomWorld
from tests.measures.databases import undone
from tests.measures.reference import Outcome, Question, judged
from tests.measures.world import World

WORDS = ("met", "not met", "no evidence", "left out")
TODAY = date(2025, 10, 20)
# More worlds than anybody would read: RANDOM_WORLDS=500 for a long night.
SEEDS = range(int(os.environ.get("RANDOM_WORLDS", "10")))
CARDS_PER_WORLD = 4


def place_name(world: World, place: int) -> str:
    return f"home {place}" if place > 0 else f"carers {-place}"


def run_for(card: Card, world: World, **more: Any) -> Run:
    last = period_of(card)
    contracts = [world.id_of("contract", name) for name in ("C", "D")]
    return Run(contracts=contracts, periods=[last.earlier(), last], today=TODAY, **more)


def by_the_engine(connection: Connection, made: Plan, world: World, run: Run) -> dict[Any, Any]:
    return {
        (
            fact.group.contract_id,
            fact.group.period,
            fact.reference,
            fact.group.place if run.by_each_place else 0,
        ): (
            WORDS[fact.group.bucket],
            made.reasons[fact.group.reason] if fact.group.reason >= 0 else "",
            place_name(world, fact.group.place),
            also_of(made, fact.group.sums) if fact.group.bucket != 3 else {},
        )
        for fact in facts(connection, registry(), made, run)
    }


def also_of(made: Plan, sums: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for also in made.also:
        first, second = sums[f"also_{also.label}"], sums.get(f"also_{also.label}_of")
        shown[also.label] = first if also.kind == "total" else (first, second)
    return shown


def by_hand(card: Card, world: World, run: Run) -> dict[Any, Any]:
    settings = {name: one.value for name, one in card.settings.items()}
    found = {}
    for contract in ("C", "D"):
        for n, period in enumerate(run.periods):
            question = Question(card, world, contract, period, TODAY, settings, run.by_each_place)
            for one in judged(question):
                place = placed_number(one.place) if run.by_each_place else 0
                key = (world.id_of("contract", contract), n, one.unit, place)
                found[key] = (
                    one.bucket,
                    one.because,
                    one.place,
                    _also(card, one) if one.bucket != "left out" else {},
                )
    return found


def placed_number(place: str) -> int:
    kind, _, number = place.partition(" ")
    return int(number) if kind == "home" else -int(number)


def _also(card: Card, one: Outcome) -> dict[str, Any]:
    shown = {}
    for label, value in one.also.items():
        if isinstance(value, tuple):
            shown[label] = tuple(Fraction(part or 0) for part in value)
        elif label.startswith("mean_"):
            shown[label] = (Fraction(value or 0), Fraction(0 if value is None else 1))
        else:
            shown[label] = Fraction(value or 0)
    return shown


@pytest.mark.parametrize("seed", SEEDS)
def test_all_engines_agree(seed: int, engine: Engine) -> None:
    world = RandomWorld(seed).world
    with undone(engine) as connection:
        world.save(connection)
        for number in range(CARDS_PER_WORLD):
            card = RandomCard(seed * 100 + number).card()
            made = plan(card, registry())
            each_place = card.split_by == ("each place",) and card.each == "child"
            for run in (
                run_for(card, world),
                *([run_for(card, world, by_each_place=True)] if each_place else []),
            ):
                assert by_the_engine(connection, made, world, run) == by_hand(card, world, run), card


@pytest.mark.parametrize("seed", (3, 8))
def test_groups_are_the_facts_added_up(seed: int, engine: Engine) -> None:
    world = RandomWorld(seed).world
    with undone(engine) as connection:
        world.save(connection)
        for number in range(CARDS_PER_WORLD):
            card = RandomCard(seed * 100 + number).card()
            made, run = plan(card, registry()), run_for(card, world)
            one_by_one = [fact.group for fact in facts(connection, registry(), made, run)]
            assert tally(groups(connection, registry(), made, run)) == tally(one_by_one)


@pytest.mark.parametrize("seed", (3, 8))
def test_narrowing_to_people_gives_these_peoples_facts(seed: int, engine: Engine) -> None:
    """What a kept fact will be made anew with: the same plan, narrowed, says the same of these people."""
    world = RandomWorld(seed).world
    people = [row["id"] for row in world.rows["person"]][:2]
    with undone(engine) as connection:
        world.save(connection)
        for number in range(CARDS_PER_WORLD):
            card = RandomCard(seed * 100 + number).card()
            made = plan(card, registry())
            everybody = facts(connection, registry(), made, run_for(card, world))
            narrowed = facts(connection, registry(), made, run_for(card, world, only_people=people))
            assert sorted(map(repr, narrowed)) == sorted(
                repr(one) for one in everybody if one.person_id in people
            )
