"""Who reads which figures: what a commissioner never sees, whose contract it is, and what the audit notes."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from outcomes.audit.entry import AuditEntry
from outcomes.care.contracts import Contract
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.kit.writing import writer
from tests.builders import TESTS
from tests.desk.figures_world import (
    CHILDREN,
    EPISODES,
    GOALS,
    PERIOD,
    REPORTED,
    SECRETS,
    Figures,
)


@pytest.mark.parametrize("measure", [REPORTED, EPISODES, GOALS])
def test_a_commissioner_sees_totals_and_no_child_home_or_split(any_world: Figures, measure: str) -> None:
    client, twin = any_world.client("commissioner"), any_world.client("manager")
    for address in (any_world.measure(measure), any_world.scorecard(), any_world.api(measure, periods="8")):
        answer = client.get(address)
        assert answer.status_code == 200
        assert_nothing_told(any_world, answer.text)
    page = client.get(any_world.measure(measure)).text
    assert "Who is behind it" not in page and "By home" not in page
    # The twin: on the same page a manager does see somebody.
    assert any(name in twin.get(any_world.measure(measure)).text for name in CHILDREN)


def test_a_commissioner_may_not_ask_for_splits_or_members(any_world: Figures) -> None:
    client = any_world.client("commissioner")
    for address in (
        any_world.measure(split="place"),
        any_world.api(split="place"),
        any_world.api(members="1"),
        any_world.api(members="1", split="place"),
    ):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "withheld" in answer.text
        assert_nothing_told(any_world, answer.text)


def test_the_document_of_a_commissioner_has_no_members_and_no_split(any_world: Figures) -> None:
    answer = any_world.client("commissioner").get(any_world.api(periods="2")).json
    assert [one["period"]["code"] for one in answer["figures"]] == ["2025-26-Q1", PERIOD]
    assert all("members" not in one and one["split"] is None for one in answer["figures"])
    assert answer["figures"][-1]["value"] == "40.0" and answer["figures"][-1]["out_of"] == 5


Address = Callable[[Figures, str], str]


ADDRESSES: dict[str, Address] = {
    "measure": lambda world, contract: world.measure(contract=contract),
    "scorecard": lambda world, contract: world.scorecard(contract=contract),
    "api": lambda world, contract: world.api(contract=contract),
    "contract": lambda _world, contract: f"/contracts/{contract}",
}


@pytest.mark.parametrize("page", ADDRESSES)
@pytest.mark.parametrize("who", ["commissioner", "manager"])
def test_a_foreign_contract_answers_like_one_that_is_not_there(
    any_world: Figures, page: str, who: str
) -> None:
    client, address = any_world.client(who), ADDRESSES[page]
    foreign = client.get(address(any_world, any_world.other_contract))
    missing = client.get(address(any_world, "A" * 22))
    assert foreign.status_code == missing.status_code == 404
    assert without_chance(foreign.text, any_world.other_contract) == without_chance(missing.text, "A" * 22)
    assert client.get(address(any_world, any_world.contract)).status_code == 200


def test_the_other_provider_reads_its_own(world: Figures) -> None:
    client = world.client("other_manager")
    assert client.get(world.measure()).status_code == 404
    assert client.get(world.measure(contract=world.other_contract)).status_code == 200


def test_a_key_worker_reads_no_figures(world: Figures) -> None:
    client = world.client("keyworker")
    for address in (world.measure(), world.scorecard(), world.api()):
        assert client.get(address).status_code == 403


def test_a_withdrawn_contract_has_no_figures(world: Figures) -> None:
    with world.inside():
        contract = db.session.scalars(
            select(Contract).where(Contract.public_id == world.other_contract)
        ).one()
        with transaction():
            writer.withdraw(contract, revision=1, reason="Entered twice", by=TESTS)
    client = world.client("other_commissioner")
    assert client.get(world.measure(contract=world.other_contract)).status_code == 404
    assert "Entered twice" in client.get(f"/contracts/{world.other_contract}").text


def test_references_of_other_homes_are_withheld_in_the_document(any_world: Figures) -> None:
    members = any_world.client("manager").get(any_world.api(members="1")).json["figures"][0]["members"]
    assert members == {
        "met": ["REF-QUILLON", "withheld"],
        "not_met": ["REF-BRAMWELL", "withheld"],
        "no_evidence": ["REF-TANSY"],
        "left_out": [],
    }


def test_the_read_of_a_contract_and_of_each_child_is_noted(world: Figures) -> None:
    world.client("manager").get(world.measure())
    world.client("commissioner").get(world.scorecard())
    with world.inside():
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "figure:read")).all()
        contracts = {row.record for row in rows if row.kind == "contract"}
        children = [row.person for row in rows if row.kind == "person"]
        cards = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "scorecard:read")).all()
    assert contracts == {world.contract}
    assert sorted(children) == sorted(world.children[name] for name in ("Quillon", "Bramwell", "Tansy"))
    assert [row.record for row in cards] == [world.contract]


def without_chance(page: str, asked: str) -> str:
    """A page without what is drawn by lot for each answer, and without what was asked for."""
    return re.sub(r'(nonce|name="csrf_token" value)="[^"]*"', "", page).replace(asked, "")


def assert_nothing_told(any_world: Figures, text: str) -> None:
    for secret in (*SECRETS, *any_world.children.values()):
        assert secret not in text, secret
