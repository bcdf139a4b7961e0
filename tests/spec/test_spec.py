"""Every spec table, on the engine with both databases and on the naive engine."""

import pytest
from sqlalchemy.engine import Engine

from outcomes.frameworks.contracts import all_contracts
from outcomes.frameworks.figures import Asked, measured
from outcomes.frameworks.packs import cards
from outcomes.frameworks.sources import Live
from outcomes.frameworks.terms import read_terms
from outcomes.measures.figures.figure import Also, Figure
from tests.measures.databases import undone
from tests.measures.reference import Question, judged
from tests.measures.world import World
from tests.spec.cases import Case, all_cases, found_by_the_engine, planned

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_engine_finds_the_expected_buckets(case: Case, engine: Engine) -> None:
    world = World(case.records)
    with undone(engine) as connection:
        world.save(connection)
        found = found_by_the_engine(connection, planned(case), case, world)
    assert found == dict(case.expected)


@pytest.mark.parametrize("case", [case for case in CASES if case.figure or case.also or case.places], ids=str)
def test_the_figure_reads_as_expected(case: Case, engine: Engine) -> None:
    world = World(case.records)
    contract = world.id_of("contract", case.contract)
    for name, value in case.settings.items():
        world.add("contract_setting", setting=name, value=str(value))
    asked = Asked([case.card.measure], [contract], case.period, split=True, today=case.today)
    with undone(engine) as connection:
        world.save(connection)
        scopes, terms = all_contracts(connection, [contract]), read_terms(connection, [contract])
        total, *places = measured(Live(connection), [planned(case)], asked, scopes, terms)
    if case.figure:
        assert f"{in_words(total)}, {total.position}" == case.figure
    if case.places:
        assert {place.place: in_words(place) for place in places} == dict(case.places)
    assert {label: also_in_words(total.also[label]) for label in case.also} == dict(case.also)


def in_words(figure: Figure) -> str:
    if figure.card.shape == "count":
        return figure.fraction
    return f"{figure.fraction} = {'no data' if figure.shown is None else figure.shown + figure.unit}"


def also_in_words(also: Also) -> str:
    if also.met is not None:
        return f"{also.met} of {also.out_of}"
    return str(also.value) if also.out_of is None else f"{also.value} over {also.out_of}"


def test_every_card_has_a_case() -> None:
    """Add a table to tests/spec/ that names the card."""
    missing = set(cards()) - {case.card.measure for case in CASES}
    assert not missing, f"No spec table for: {', '.join(sorted(missing))}. Add one to tests/spec/rules.yaml."


def test_every_rule_that_a_card_relies_on_has_a_table() -> None:
    relied_on = {rule for card in cards().values() for rule in card.rules}
    missing = relied_on - {case.rule for case in CASES}
    assert not missing, (
        f"No spec table for rule {', '.join(sorted(missing))}. Add one to tests/spec/rules.yaml."
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_naive_engine_finds_the_expected_buckets(case: Case) -> None:
    world = World(case.records)
    question = Question(case.card, world, case.contract, case.period, case.today, case.all_settings)
    assert {one.unit: (one.bucket, one.because) for one in judged(question)} == dict(case.expected)
