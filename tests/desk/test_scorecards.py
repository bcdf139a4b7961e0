"""The scorecard and the contract's page: whose, which period, what each row says."""

import re

import pytest
from sqlalchemy import select

from outcomes.care.contracts import ContractSetting
from outcomes.care.organisations import Organisation
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.periods import containing
from outcomes.frameworks.packs import packs
from tests.desk.conftest import words_of
from tests.desk.figures_world import PERIOD, REPORTED, SECRETS, Figures


def row_of(page: str, title: str) -> str:
    """The words of the table row whose first cell has this title."""
    found = next(row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if title in row)
    # The headings that a phone shows beside each cell are not its words.
    bare = re.sub(r'<span class="app-stack__label".*?</span>', "", found)
    return words_of(bare)


@pytest.mark.parametrize("who", ["commissioner", "manager", "responsible"])
def test_each_measure_has_a_row_with_its_fraction_target_and_position(world: Figures, who: str) -> None:
    page = world.client(who).get(world.scorecard()).text
    row = row_of(page, "Missing children reported according to procedure")
    assert row == (
        "3.2-K4 Missing children reported according to procedure 40.0% (2 of 5) "
        "At least 75% Target not met • New measure 1 0"
    )
    assert "Missing episodes 5 None stated No target" in row_of(page, "3.2-K2")
    assert "No data" in row_of(page, "1.4-K2")
    assert f'href="/measures/{REPORTED}?contract={world.contract}&amp;period={PERIOD}"' in page
    assert f"{len(packs()['hackney_homes'].cards)} measures: " in page and " not met" in page


@pytest.mark.parametrize("who", ["commissioner", "manager", "responsible"])
def test_no_child_and_no_home_is_on_a_scorecard(world: Figures, who: str) -> None:
    page = world.client(who).get(world.scorecard()).text
    assert [secret for secret in (*SECRETS, *world.children.values()) if secret in page] == []


def test_the_only_contract_is_chosen_and_the_last_full_quarter(world: Figures) -> None:
    page = world.client("commissioner").get("/scorecard").text
    assert 'name="contract"' not in page, "there is nothing to choose"
    assert f"Scorecard, {containing(today(), 'quarter').earlier().title}" in page
    assert "Homes for Northmere" in page and "Birch Care" not in page


def test_of_several_contracts_each_has_its_table(world: Figures) -> None:
    page = world.client("manager").get("/scorecard?period=2025-26-Q2").text
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    assert [one for one in headings if one.startswith(("Homes", "Fostering"))] == [
        "Fostering for Northmere",
        "Homes for Northmere",
    ]
    assert "Birch Care" not in page
    chosen = world.client("manager").get(world.scorecard()).text
    assert "<h2" in chosen and "Fostering for Northmere</h2>" not in chosen


def test_more_contracts_than_fit_are_chosen_from_first(world: Figures) -> None:
    with world.inside() as more:
        for number in range(9):
            more.contract(service=f"Service {number}")
        email = more.account("responsible_individual", at=more.provider)
    world.emails["many"] = email
    page = world.client("many").get("/scorecard").text
    assert "Choose a contract to see its measures." in page
    assert page.count('class="govuk-link" href="/scorecard?contract=') == 9


def test_a_contract_outside_its_dates_says_so(world: Figures) -> None:
    page = world.client("commissioner").get(world.scorecard(period="2015-16-Q1")).text
    assert "was not in force in April to June 2015: it runs since 1 April 2020" in page
    assert "<table" not in page


def test_a_setting_that_cannot_be_used_stops_its_own_contract_alone(world: Figures) -> None:
    with world.inside() as more:
        provider = db.session.scalars(select(Organisation).where(Organisation.name == "Larkfield Care")).one()
        broken = more.contract(provider_id=provider, service="Broken homes")
        setting = {"contract_id": broken, "setting": "present_days", "effective_from": "2024-04-01"}
        more.record(ContractSetting, **setting, value="four weeks")
        address = world.measure("hackney_homes.1.4-K2", contract=broken.public_id)
    page = world.client("manager").get("/scorecard?period=2025-26-Q2").text
    assert "setting present_days must be a number; it is" in page
    assert "40.0%" in page, "the other contract keeps its figures"
    answer = world.client("manager").get(address)
    assert answer.status_code == 422 and "present_days must be a number" in answer.text


def test_a_month_has_no_quarterly_figure_and_says_when_it_is_due(world: Figures) -> None:
    row = row_of(world.client("commissioner").get(world.scorecard(period="2025-08")).text, "3.2-K4")
    assert "Due each quarter" in row and "Not due this period" in row


def test_a_half_year_ends_with_its_second_quarter(world: Figures) -> None:
    row = row_of(world.client("commissioner").get(world.scorecard(period="2025-26-H1")).text, "3.2-K4")
    assert "40.0% (2 of 5)" in row


@pytest.mark.parametrize(
    ("query", "status"),
    [("period=soon", 422), ("period=2150-51", 422), ("contract=%00", 400), ("contract=x", 404)],
)
def test_bad_input_is_told(world: Figures, query: str, status: int) -> None:
    assert world.client("commissioner").get(f"/scorecard?{query}").status_code == status


def test_the_running_quarter_is_marked(world: Figures) -> None:
    running = containing(today(), "quarter").code
    page = world.client("commissioner").get(world.scorecard(period=running)).text
    assert "(so far)" in page.split("</h1>")[0]


@pytest.mark.parametrize(("who", "may_write"), [("commissioner", True), ("manager", False)])
def test_a_contract_shows_its_parties_and_terms_in_force_and_earlier(
    world: Figures, who: str, may_write: bool
) -> None:
    page = world.client(who).get(f"/contracts/{world.contract}").text
    for words in (
        "Larkfield Care",
        "Northmere Council",
        "since 1 April 2020",
        "At least 75%",
        "At least 50%",
    ):
        assert words in page
    assert "Earlier targets (1)" in page
    assert "From 1 April 2024 to 30 June 2025" in page
    assert "Present days" in page and "Assumed" in page and "Meeting of 3 March 2024" in page
    without = len(packs()["hackney_homes"].cards) - 1
    assert f"Measures without a target of this contract ({without})" in page
    assert f'href="/scorecard?contract={world.contract}"' in page
    # What nobody agreed holds as the framework says, with its reason; what the contract says is not repeated.
    told = words_of(page)
    assumed = told.split("Assumed, because this contract says nothing", 1)[1]
    assert "School age" in assumed and "of school age from the fifth birthday" in assumed
    assert "Present days" not in assumed
    assert ("Add a target" in page) is may_write
    assert ("Correct this contract" in page) is may_write
