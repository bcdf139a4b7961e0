"""The pages of figures: what a manager opens, what a commissioner never sees, what the numbers are."""

import re
from collections.abc import Callable
from fractions import Fraction

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select

from outcomes.access.bind import system_scope
from outcomes.audit.entry import AuditEntry
from outcomes.care.contracts import Contract
from outcomes.care.organisations import Home, Organisation
from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.database import db
from outcomes.core.periods import parse_period
from outcomes.core.transaction import transaction
from outcomes.frameworks.figures import Asked, document, figures
from outcomes.frameworks.packs import packs
from outcomes.frameworks.sources import Live
from outcomes.kit.reading.view import raw_of
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.records.missing import MissingEpisode
from tests.builders import TESTS
from tests.desk.conftest import counted
from tests.desk.figures_world import (
    CHILDREN,
    EPISODES,
    GOALS,
    PERIOD,
    REPORTED,
    SECRETS,
    Figures,
    figures_world,
)


@pytest.fixture
def world(any_app: Flask) -> Figures:
    return figures_world(any_app)


@pytest.fixture
def one_world(app: Flask) -> Figures:
    """On SQLite alone: for what no database decides."""
    return figures_world(app)


# -- what a manager opens ------------------------------------------------------------------------


def test_a_manager_sees_the_children_of_their_home_with_reasons(world: Figures) -> None:
    page = world.client("manager").get(world.measure()).text
    assert "40.0%" in page and "(2 of 5)" in page
    assert "Target not met" in page
    assert in_list(page, "Met (2)") == ["Quillon"]
    assert in_list(page, "Not met (2)") == ["Bramwell"]
    assert in_list(page, "No evidence (1)") == ["Tansy"]
    assert in_list(page, "Left out (0)") == []
    assert "Episodes: 1. By procedure: 1." in page
    for name in ("Quillon", "Bramwell", "Tansy"):
        assert f'href="/children/{world.children[name]}"' in page


def test_a_child_of_another_home_is_counted_and_not_named(world: Figures) -> None:
    """Sorrel was once in the manager's own home, and still: what happened since is not theirs."""
    page = world.client("manager").get(world.measure()).text
    assert page.count("1 more, of another home, not yours to see.") == 2
    for name in ("Sorrel", "Linnet"):
        assert name not in page and world.children[name] not in page


def test_who_answers_for_the_provider_sees_them_all(one_world: Figures) -> None:
    page = one_world.client("responsible").get(one_world.measure()).text
    assert in_list(page, "Met (2)") == ["Quillon", "Sorrel"]
    assert in_list(page, "Not met (2)") == ["Bramwell", "Linnet"]
    assert "not yours to see" not in page


def test_a_child_that_is_left_out_is_listed_with_the_reason(one_world: Figures) -> None:
    page = one_world.client("manager").get(one_world.measure(GOALS)).text
    assert "No data" in page
    assert in_list(page, "Left out (1)") == ["Nettle"]
    # The contract settled 21 days; the framework says 28.
    assert "Here fewer than 21 days of the quarter" in page
    assert "16 nights here in the period" in page
    assert "Here since 15 September 2025" in page


def test_a_count_lists_its_records(one_world: Figures) -> None:
    page = one_world.client("manager").get(one_world.measure(EPISODES)).text
    assert in_list(page, "Counted (5)") == ["Bramwell", "Quillon", "Tansy"]
    assert page.count("Missing episode, 2 August 2025") == 3
    assert "2 more, of other homes, not yours to see." in page


def test_the_split_names_the_homes_and_adds_up(world: Figures) -> None:
    page = world.client("manager").get(world.measure(split="place")).text
    places = re.findall(r'<th scope="row"[^>]*><a[^>]*href="/homes/[^>]*>([^<]+)</a>', page)
    assert places == ["Oak House", "Zinnia Court"]
    assert "50.0%" in page and "(1 of 2)" in page and "33.3%" in page and "(1 of 3)" in page


def test_the_page_says_the_clause_the_range_the_target_of_its_time_and_the_settings(
    one_world: Figures,
) -> None:
    page = one_world.client("manager").get(one_world.measure()).text
    assert "reported according to procedure”" in page
    assert "Between 40.0% and 60.0%" in page
    assert "2 of 5 if none had met it, 3 of 5 if all had." in page
    assert "one more or less changes the figure by 20.0 percentage points" in page
    assert "At least 75%" in page and "Raised after a year." in page
    assert "Earlier target" in page and "At least 50%" in page
    assert "Target then: at least 50%" in page, "seven quarters stand against the target of their time"
    goals = one_world.client("manager").get(one_world.measure(GOALS)).text
    assert "less than 21" in goals, "the definition is read out with the setting in force"
    assert "Assumed" in goals and "Meeting of 3 March 2024" in goals


def test_a_page_says_what_the_engine_says(world: Figures) -> None:
    with world.app.app_context(), system_scope("a test") as session:
        key = db.session.scalars(select(Contract.id).where(Contract.public_id == world.contract)).one()
        asked = Asked([REPORTED], [key], parse_period(PERIOD), split=True, members=True)
        made = figures(Live(session.connection()), asked)
    assert made[0].value == Fraction(40)
    page = world.client("manager").get(world.measure()).text
    for figure in made:
        assert f"{figure.shown}%" in page and f"({figure.fraction})" in page
    everything = world.client("responsible").get(world.api(split="place", members="1")).json
    assert everything == document(made)


# -- what a commissioner never sees --------------------------------------------------------------


@pytest.mark.parametrize("measure", [REPORTED, EPISODES, GOALS])
def test_a_commissioner_sees_totals_and_no_child_home_or_split(world: Figures, measure: str) -> None:
    client, twin = world.client("commissioner"), world.client("manager")
    for address in (world.measure(measure), world.scorecard(), world.api(measure, periods="8")):
        answer = client.get(address)
        assert answer.status_code == 200
        assert_nothing_told(world, answer.text)
    page = client.get(world.measure(measure)).text
    assert "Who is behind it" not in page and "By home" not in page
    # The twin: on the same page a manager does see somebody.
    assert any(name in twin.get(world.measure(measure)).text for name in CHILDREN)


def test_every_card_of_the_pack_draws_its_page(one_world: Figures) -> None:
    """With the goals, episodes and children of this world, whichever record a card counts."""
    manager = one_world.client("manager")
    for card in packs()["hackney_homes"].cards:
        answer = manager.get(one_world.measure(card.measure))
        assert answer.status_code == 200, card.measure
        assert escape(card.says) in answer.text, card.measure
        assert manager.get(one_world.api(card.measure, members="1")).status_code == 200, card.measure


def test_a_commissioner_may_not_ask_for_splits_or_members(world: Figures) -> None:
    client = world.client("commissioner")
    for address in (
        world.measure(split="place"),
        world.api(split="place"),
        world.api(members="1"),
        world.api(members="1", split="place"),
    ):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "withheld" in answer.text
        assert_nothing_told(world, answer.text)


def test_the_document_of_a_commissioner_has_no_members_and_no_split(world: Figures) -> None:
    answer = world.client("commissioner").get(world.api(periods="2")).json
    assert [one["period"]["code"] for one in answer["figures"]] == ["2025-26-Q1", PERIOD]
    assert all("members" not in one and one["split"] is None for one in answer["figures"])
    assert answer["figures"][-1]["value"] == "40.0" and answer["figures"][-1]["out_of"] == 5


# -- whose contract ------------------------------------------------------------------------------

Address = Callable[[Figures, str], str]
ADDRESSES: dict[str, Address] = {
    "measure": lambda world, contract: world.measure(contract=contract),
    "scorecard": lambda world, contract: world.scorecard(contract=contract),
    "api": lambda world, contract: world.api(contract=contract),
    "contract": lambda _world, contract: f"/contracts/{contract}",
}


@pytest.mark.parametrize("page", ADDRESSES)
@pytest.mark.parametrize("who", ["commissioner", "manager"])
def test_a_foreign_contract_answers_like_one_that_is_not_there(world: Figures, page: str, who: str) -> None:
    client, address = world.client(who), ADDRESSES[page]
    foreign = client.get(address(world, world.other_contract))
    missing = client.get(address(world, "A" * 22))
    assert foreign.status_code == missing.status_code == 404
    assert without_chance(foreign.text, world.other_contract) == without_chance(missing.text, "A" * 22)
    assert client.get(address(world, world.contract)).status_code == 200


def test_the_other_provider_reads_its_own(one_world: Figures) -> None:
    client = one_world.client("other_manager")
    assert client.get(one_world.measure()).status_code == 404
    assert client.get(one_world.measure(contract=one_world.other_contract)).status_code == 200


def test_a_key_worker_reads_no_figures(one_world: Figures) -> None:
    client = one_world.client("keyworker")
    for address in (one_world.measure(), one_world.scorecard(), one_world.api()):
        assert client.get(address).status_code == 403


def test_a_withdrawn_contract_has_no_figures(one_world: Figures) -> None:
    with one_world.inside():
        contract = db.session.scalars(
            select(Contract).where(Contract.public_id == one_world.other_contract)
        ).one()
        with transaction():
            writer.withdraw(contract, revision=1, reason="Entered twice", by=TESTS)
    client = one_world.client("other_commissioner")
    assert client.get(one_world.measure(contract=one_world.other_contract)).status_code == 404
    assert "Entered twice" in client.get(f"/contracts/{one_world.other_contract}").text


# -- no data, not due, bad input -----------------------------------------------------------------


def test_nobody_in_scope_is_no_data_and_not_nought(one_world: Figures) -> None:
    client = one_world.client("manager")
    page = client.get(one_world.measure(period="2024-25-Q3")).text
    assert "No data" in page and "0.0%" not in page and "100.0%" not in page
    answer = client.get(one_world.api(period="2024-25-Q3")).json["figures"][0]
    assert (answer["value"], answer["position"]) == (None, "no_data")


def test_a_period_that_ends_no_quarter_is_not_due(one_world: Figures) -> None:
    page = one_world.client("manager").get(one_world.measure(period="2025-08"))
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
    one_world: Figures, query: dict[str, str], status: int, says: str
) -> None:
    client = one_world.client("manager")
    for address in (one_world.measure(**query), one_world.api(**query)):
        answer = client.get(address)
        assert answer.status_code == status, address
        assert says in answer.text


@pytest.mark.parametrize(
    "query", [{"periods": "0"}, {"periods": "41"}, {"periods": "²"}, {"periods": ""}, {"members": "yes"}]
)
def test_bad_input_of_programs(one_world: Figures, query: dict[str, str]) -> None:
    answer = one_world.client("manager").get(one_world.api(**query))
    assert answer.status_code == 422
    assert set(answer.json["error"]["fields"]) == set(query)


def test_an_unknown_measure_is_not_found(one_world: Figures) -> None:
    client = one_world.client("manager")
    for address in (one_world.measure("hackney_homes.9.9-K9"), one_world.api("hackney_homes.9.9-K9")):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "There is no such measure" in answer.text


def test_a_contract_of_another_framework_says_so(one_world: Figures) -> None:
    answer = one_world.client("manager").get(one_world.measure(contract=one_world.fostering_contract))
    assert answer.status_code == 422
    assert "under newham_ifa" in answer.text


def test_without_a_contract_one_is_chosen_first_and_the_definition_is_there(one_world: Figures) -> None:
    client = one_world.client("manager")
    with one_world.inside() as world:
        provider = db.session.scalars(select(Organisation).where(Organisation.name == "Larkfield Care")).one()
        world.contract(provider_id=provider, service="A second one")
    page = client.get(f"/measures/{REPORTED}").text
    assert "Choose a contract to see its figure." in page and "A second one" in page
    assert "What is counted" in page and "Target and settings" not in page
    foreign = one_world.client("other_manager").get("/measures/newham_ifa.6_progress_quarter").text
    assert "None of your contracts is under this framework" in foreign


def test_more_children_take_no_more_statements(one_world: Figures) -> None:
    client = one_world.client("responsible")
    client.get(one_world.measure())
    _more_children(one_world, 0, 1)
    with counted(one_world.app) as few:
        client.get(one_world.measure())
    _more_children(one_world, 1, 6)
    with counted(one_world.app) as many:
        page = client.get(one_world.measure()).text
    assert "Another 5" in page
    assert len(many) == len(few)


def _more_children(one_world: Figures, first: int, after: int) -> None:
    with one_world.inside() as world:
        contract = db.session.scalars(select(Contract).where(Contract.public_id == one_world.contract)).one()
        home = db.session.scalars(select(Home).where(Home.name == "Oak House")).one()
        for number in range(first, after):
            child = world.child(f"Another {number}")
            under = {"contract_id": contract.public_id, "provider_id": _provider(contract)}
            world.placed(child, home, "2025-01-06", **under)
            world.record(MissingEpisode, person_id=child, kind="missing", started_at="2025-08-02T20:00")


def _provider(contract: Contract) -> str:
    return db.session.scalars(
        select(Organisation.public_id).where(Organisation.id == contract.provider_id)
    ).one()


# -- for programs --------------------------------------------------------------------------------


def test_references_of_other_homes_are_withheld_in_the_document(world: Figures) -> None:
    members = world.client("manager").get(world.api(members="1")).json["figures"][0]["members"]
    assert members == {
        "met": ["REF-QUILLON", "withheld"],
        "not_met": ["REF-BRAMWELL", "withheld"],
        "no_evidence": ["REF-TANSY"],
        "left_out": [],
    }


def test_without_a_contract_there_is_one_set_for_each_of_ones_own_in_force(one_world: Figures) -> None:
    with one_world.inside() as world:
        provider = db.session.scalars(select(Organisation).where(Organisation.name == "Larkfield Care")).one()
        second = world.contract(provider_id=provider, service="A second one").public_id
        world.contract(provider_id=provider, started_on="2019-04-01", ended_on="2020-04-01")
    answer = one_world.client("manager").get(f"/api/v1/measures/{REPORTED}/figures?period={PERIOD}").json
    scopes = [one["scope"]["contract"] for one in answer["figures"]]
    assert sorted(scopes) == sorted([one_world.contract, second])


# -- the audit -----------------------------------------------------------------------------------


def test_the_read_of_a_contract_and_of_each_child_is_noted(one_world: Figures) -> None:
    one_world.client("manager").get(one_world.measure())
    one_world.client("commissioner").get(one_world.scorecard())
    with one_world.inside():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "figure:read")).all()
        contracts = {row.record for row in rows if row.kind == "contract"}
        children = [row.person for row in rows if row.kind == "person"]
        cards = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "scorecard:read")).all()
    assert contracts == {one_world.contract}
    assert sorted(children) == sorted(one_world.children[name] for name in ("Quillon", "Bramwell", "Tansy"))
    assert [row.record for row in cards] == [one_world.contract]


# -- who has left --------------------------------------------------------------------------------


def test_a_child_who_has_left_is_still_named_for_the_time_in_the_home(one_world: Figures) -> None:
    """The stay at the place decides, not whether the child lives there today."""
    with one_world.inside():
        child = one_world.children["Quillon"]
        theirs = select(Person.id).where(Person.public_id == child).scalar_subquery()
        stay = db.session.scalars(select(Placement).where(Placement.person_id == theirs)).one()
        moved = {"person_id": child, "ended_on": "2025-10-31"}
        changed = check(Placement, raw_of(stay) | moved, with_owner=True)
        with transaction():
            writer.correct(stay, changed, revision=1, reason="Moved on", by=TESTS)
    page = one_world.client("manager").get(one_world.measure()).text
    assert in_list(page, "Met (2)") == ["Quillon"]


# -- reading a page ------------------------------------------------------------------------------


def in_list(page: str, heading: str) -> list[str]:
    """The names in the table under a heading, in order, each once."""
    assert f">{heading}</h3>" in page, re.findall(r"<h3[^>]*>([^<]+)", page)
    part = page.split(f">{heading}</h3>")[1].split("<h")[0]
    names = re.findall(r'<th scope="row"[^>]*><a[^>]*href="/children/[^>]*>([^<]+)</a>', part)
    return list(dict.fromkeys(names))


def without_chance(page: str, asked: str) -> str:
    """A page without what is drawn by lot for each answer, and without what was asked for."""
    return re.sub(r'(nonce|name="csrf_token" value)="[^"]*"', "", page).replace(asked, "")


def assert_nothing_told(world: Figures, text: str) -> None:
    for secret in (*SECRETS, *world.children.values()):
        assert secret not in text, secret
