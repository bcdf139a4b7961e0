"""Every spec table, on the engine with both databases and on the naive engine."""

import pytest
from sqlalchemy.engine import Engine

from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import framework_of, packs
from outcomes.measures.engine import Run, facts
from outcomes.measures.planner import plan
from tests.measures.databases import undone
from tests.measures.reference_engine import Naive
from tests.measures.world import World
from tests.spec.cases import Case, all_cases

CASES = all_cases()
BUCKET_WORDS = ("met", "not met", "no evidence", "left out")


def planned(case: Case):
    pack = packs().get(framework_of(case.card.measure))
    return plan(case.card, registry(), pack.settings if pack else {})


def run_of(case: Case, world: World, **more) -> Run:
    return Run(
        contracts=[world.id_of("contract", case.contract)],
        periods=[case.period],
        today=case.today,
        settings=[case.settings],
        **more,
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_engine_finds_the_expected_buckets(case: Case, engine: Engine) -> None:
    world = World(case.records)
    made = planned(case)
    with undone(engine) as connection:
        world.save(connection)
        found = {
            fact.reference: (
                BUCKET_WORDS[fact.group.bucket],
                made.reasons[fact.group.reason] if fact.group.reason >= 0 else "",
            )
            for fact in facts(connection, registry(), made, run_of(case, world))
        }
    assert found == dict(case.expected)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_naive_engine_finds_the_expected_buckets(case: Case) -> None:
    world = World(case.records)
    naive = Naive(case.card, world, case.contract, case.period, case.today, case.all_settings)
    assert {one.unit: (one.bucket, one.because) for one in naive.outcomes()} == dict(case.expected)
