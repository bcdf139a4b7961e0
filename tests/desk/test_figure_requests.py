"""What may be asked of figures: periods, splits, measures and contracts, and what is said to bad input."""

import pytest
from sqlalchemy import select

from outcomes.care.organisations import Organisation
from outcomes.core.database import db
from tests.desk.figures_world import (
    PERIOD,
    REPORTED,
    Figures,
)


def test_nobody_in_scope_is_no_data_and_not_nought(world: Figures) -> None:
    client = world.client("manager")
    page = client.get(world.measure(period="2024-25-Q3")).text
    assert "No data" in page and "0.0%" not in page and "100.0%" not in page
    answer = client.get(world.api(period="2024-25-Q3")).json["figures"][0]
    assert (answer["value"], answer["position"]) == (None, "no_data")


def test_a_period_that_ends_no_quarter_is_not_due(world: Figures) -> None:
    page = world.client("manager").get(world.measure(period="2025-08"))
    assert page.status_code == 200
    assert "no quarter ends with August 2025" in page.text
    assert "Quillon" not in page.text


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ({"period": "2025-26-Q9"}, 422, "Enter a period such as 2025-26-Q2"),
        ({"period": "2150-51-Q1"}, 422, "has not begun"),
        ({"split": "child"}, 422, "split must be place"),
        ({"contract": "'; drop table"}, 404, "not yours to see"),
    ],
)
def test_bad_input_says_what_was_expected(
    world: Figures, query: dict[str, str], status: int, says: str
) -> None:
    client = world.client("manager")
    for address in (world.measure(**query), world.api(**query)):
        answer = client.get(address)
        assert answer.status_code == status, address
        assert says in answer.text


@pytest.mark.parametrize(
    "query", [{"periods": "0"}, {"periods": "41"}, {"periods": "²"}, {"periods": ""}, {"members": "yes"}]
)
def test_bad_input_of_programs(world: Figures, query: dict[str, str]) -> None:
    answer = world.client("manager").get(world.api(**query))
    assert answer.status_code == 422
    assert set(answer.json["error"]["fields"]) == set(query)


def test_an_unknown_measure_is_not_found(world: Figures) -> None:
    client = world.client("manager")
    for address in (world.measure("hackney_homes.9.9-K9"), world.api("hackney_homes.9.9-K9")):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "There is no such measure" in answer.text


def test_a_contract_of_another_framework_says_so(world: Figures) -> None:
    answer = world.client("manager").get(world.measure(contract=world.fostering_contract))
    assert answer.status_code == 422
    assert "under newham_ifa" in answer.text


def test_without_a_contract_one_is_chosen_first_and_the_definition_is_there(world: Figures) -> None:
    client = world.client("manager")
    with world.inside() as building:
        provider = db.session.scalars(select(Organisation).where(Organisation.name == "Larkfield Care")).one()
        building.contract(provider_id=provider, service="A second one")
    page = client.get(f"/measures/{REPORTED}").text
    assert "Choose a contract to see its figure." in page and "A second one" in page
    assert "What is counted" in page and "Target and settings" not in page
    foreign = world.client("other_manager").get("/measures/newham_ifa.6_progress_quarter").text
    assert "None of your contracts is under this framework" in foreign


def test_without_a_contract_there_is_one_set_for_each_of_ones_own_in_force(world: Figures) -> None:
    with world.inside() as building:
        provider = db.session.scalars(select(Organisation).where(Organisation.name == "Larkfield Care")).one()
        second = building.contract(provider_id=provider, service="A second one").public_id
        building.contract(provider_id=provider, started_on="2019-04-01", ended_on="2020-04-01")
    answer = world.client("manager").get(f"/api/v1/measures/{REPORTED}/figures?period={PERIOD}").json
    scopes = [one["scope"]["contract"] for one in answer["figures"]]
    assert sorted(scopes) == sorted([world.contract, second])
