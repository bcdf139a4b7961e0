"""The page of a figure: what the numbers are, who is behind them, and what is said around them."""

import re
from fractions import Fraction

from markupsafe import escape
from sqlalchemy import select

from outcomes.access.bind import system_scope
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
    EPISODES,
    GOALS,
    PERIOD,
    REPORTED,
    Figures,
)


def test_a_manager_sees_the_children_of_their_home_with_reasons(any_world: Figures) -> None:
    page = any_world.client("manager").get(any_world.measure()).text
    assert "40.0%" in page and "(2 of 5)" in page
    assert "Target not met" in page
    assert in_list(page, "Met (2)") == ["Quillon"]
    assert in_list(page, "Not met (2)") == ["Bramwell"]
    assert in_list(page, "No evidence (1)") == ["Tansy"]
    assert in_list(page, "Left out (0)") == []
    assert "Episodes: 1. By procedure: 1." in page
    for name in ("Quillon", "Bramwell", "Tansy"):
        assert f'href="/children/{any_world.children[name]}"' in page


def test_a_child_of_another_home_is_counted_and_not_named(any_world: Figures) -> None:
    """Sorrel was once in the manager's own home, and still: what happened since is not theirs."""
    page = any_world.client("manager").get(any_world.measure()).text
    assert page.count("1 more, of another home, not yours to see.") == 2
    for name in ("Sorrel", "Linnet"):
        assert name not in page and any_world.children[name] not in page


def test_who_answers_for_the_provider_sees_them_all(world: Figures) -> None:
    page = world.client("responsible").get(world.measure()).text
    assert in_list(page, "Met (2)") == ["Quillon", "Sorrel"]
    assert in_list(page, "Not met (2)") == ["Bramwell", "Linnet"]
    assert "not yours to see" not in page


def test_a_child_that_is_left_out_is_listed_with_the_reason(world: Figures) -> None:
    page = world.client("manager").get(world.measure(GOALS)).text
    assert "No data" in page
    assert in_list(page, "Left out (1)") == ["Nettle"]
    # The contract settled 21 days; the framework says 28.
    assert "Here fewer than 21 days of the quarter" in page
    assert "16 nights here in the period" in page
    assert "Here since 15 September 2025" in page


def test_a_count_lists_its_records(world: Figures) -> None:
    page = world.client("manager").get(world.measure(EPISODES)).text
    assert in_list(page, "Counted (5)") == ["Bramwell", "Quillon", "Tansy"]
    assert page.count("Missing episode, 2 August 2025") == 3
    assert "2 more, of other homes, not yours to see." in page


def test_the_split_names_the_homes_and_adds_up(any_world: Figures) -> None:
    page = any_world.client("manager").get(any_world.measure(split="place")).text
    places = re.findall(r'<th scope="row"[^>]*><a[^>]*href="/homes/[^>]*>([^<]+)</a>', page)
    assert places == ["Oak House", "Zinnia Court"]
    assert "50.0%" in page and "(1 of 2)" in page and "33.3%" in page and "(1 of 3)" in page


def test_the_page_says_the_clause_the_range_the_target_of_its_time_and_the_settings(
    world: Figures,
) -> None:
    page = world.client("manager").get(world.measure()).text
    assert "reported according to procedure”" in page
    assert "Between 40.0% and 60.0%" in page
    assert "2 of 5 if none had met it, 3 of 5 if all had." in page
    assert "one more or less changes the figure by 20.0 percentage points" in page
    assert "At least 75%" in page and "Raised after a year." in page
    assert "Earlier target" in page and "At least 50%" in page
    assert "Target then: at least 50%" in page, "seven quarters stand against the target of their time"
    assert "Children or events (R17)" in page and "met when all of their events were" in page
    goals = world.client("manager").get(world.measure(GOALS)).text
    assert "less than 21" in goals, "the definition is read out with the setting in force"
    assert "Assumed" in goals and "Meeting of 3 March 2024" in goals


def test_a_page_says_what_the_engine_says(any_world: Figures) -> None:
    with any_world.app.app_context(), system_scope("a test") as session:
        key = db.session.scalars(select(Contract.id).where(Contract.public_id == any_world.contract)).one()
        asked = Asked([REPORTED], [key], parse_period(PERIOD), split=True, members=True)
        made = figures(Live(session.connection()), asked)
    assert made[0].value == Fraction(40)
    page = any_world.client("manager").get(any_world.measure()).text
    for figure in made:
        assert f"{figure.shown}%" in page and f"({figure.fraction})" in page
    everything = any_world.client("responsible").get(any_world.api(split="place", members="1")).json
    assert everything == document(made)


def test_every_card_of_the_pack_draws_its_page(world: Figures) -> None:
    """With the goals, episodes and children of this world, whichever record a card counts."""
    manager = world.client("manager")
    for card in packs()["hackney_homes"].cards:
        answer = manager.get(world.measure(card.measure))
        assert answer.status_code == 200, card.measure
        assert escape(card.says) in answer.text, card.measure
        assert manager.get(world.api(card.measure, members="1")).status_code == 200, card.measure


def test_more_children_take_no_more_statements(world: Figures) -> None:
    client = world.client("responsible")
    client.get(world.measure())
    _more_children(world, 0, 1)
    with counted(world.app) as few:
        client.get(world.measure())
    _more_children(world, 1, 6)
    with counted(world.app) as many:
        page = client.get(world.measure()).text
    assert "Another 5" in page
    assert len(many) == len(few)


def _more_children(world: Figures, first: int, after: int) -> None:
    with world.inside() as building:
        contract = db.session.scalars(select(Contract).where(Contract.public_id == world.contract)).one()
        home = db.session.scalars(select(Home).where(Home.name == "Oak House")).one()
        for number in range(first, after):
            child = building.child(f"Another {number}")
            under = {"contract_id": contract.public_id, "provider_id": _provider(contract)}
            building.placed(child, home, "2025-01-06", **under)
            building.record(MissingEpisode, person_id=child, kind="missing", started_at="2025-08-02T20:00")


def _provider(contract: Contract) -> str:
    return db.session.scalars(
        select(Organisation.public_id).where(Organisation.id == contract.provider_id)
    ).one()


def test_a_child_who_has_left_is_still_named_for_the_time_in_the_home(world: Figures) -> None:
    """The stay at the place decides, not whether the child lives there today."""
    with world.inside():
        child = world.children["Quillon"]
        theirs = select(Person.id).where(Person.public_id == child).scalar_subquery()
        stay = db.session.scalars(select(Placement).where(Placement.person_id == theirs)).one()
        moved = {"person_id": child, "ended_on": "2025-10-31"}
        changed = check(Placement, raw_of(stay) | moved, with_owner=True)
        with transaction():
            writer.correct(stay, changed, revision=1, reason="Moved on", by=TESTS)
    page = world.client("manager").get(world.measure()).text
    assert in_list(page, "Met (2)") == ["Quillon"]


def in_list(page: str, heading: str) -> list[str]:
    """The names in the table under a heading, in order, each once."""
    assert f">{heading}</h3>" in page, re.findall(r"<h3[^>]*>([^<]+)", page)
    part = page.split(f">{heading}</h3>")[1].split("<h")[0]
    names = re.findall(r'<th scope="row"[^>]*><a[^>]*href="/children/[^>]*>([^<]+)</a>', part)
    return list(dict.fromkeys(names))
