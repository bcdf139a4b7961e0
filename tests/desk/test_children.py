"""The list of children, the search, and where each role begins: who finds whom."""

import re

import pytest
from sqlalchemy import select

from outcomes.care.organisations import Home
from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.desk.frame import navigation
from outcomes.desk.landing import first_page
from outcomes.records.sessions import KeyworkerSession
from tests.builders import token_of
from tests.desk.conftest import House, days_ago, key_of


def names(page: str) -> list[str]:
    return re.findall(r'href="/children/[\w-]{22}">([^<]+)</a>', page)


def test_only_ones_own_children_are_listed(any_house: House) -> None:
    seen = {
        who: names(any_house.signed_in(who).get("/children").text) for who in ("ada", "rosa", "mo", "sam")
    }
    assert seen == {
        "ada": ["Jay Marlow", "Noor"],
        "rosa": ["Jay Marlow", "Noor"],
        "mo": ["Jay Marlow", "Noor"],
        "sam": ["Jay Marlow"],
    }


def test_those_who_left_stand_after_those_who_are_here(any_house: House) -> None:
    with any_house.inside() as world:
        elm = db.session.scalars(select(Home).where(Home.name == "Elm House")).one()
        world.placed(world.child("Aaron"), elm, days_ago(90), days_ago(30))
        jay = any_house.child(any_house.jay)
        world.record(KeyworkerSession, person_id=jay, status="held", held_on="2026-01-31")
    page = any_house.signed_in("mo").get("/children").text
    assert names(page) == ["Jay Marlow", "Noor", "Aaron"]
    assert "Not placed here today" in page
    assert "31 January 2026" in page


def search(house: House, who: str, name: str) -> str:
    client = house.signed_in(who)
    page = client.get("/children").text
    sent = client.post(
        "/children", data={"name": name, "csrf_token": token_of(page), "idempotency_key": key_of(page)}
    )
    assert sent.status_code == 200
    return sent.text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("marl", ["Jay Marlow"]),
        ("JAY marlow", ["Jay Marlow"]),
        ("marlow jay", ["Jay Marlow"]),
        ("%", []),
        ("_oor", []),
        ("Kit", []),
        ("' or 1=1 --", []),
        ("   ", ["Jay Marlow", "Noor"]),
    ],
)
def test_the_search_finds_names_within_ones_own_children(house: House, typed: str, found: list[str]) -> None:
    assert names(search(house, "ada", typed)) == found


def test_a_child_who_is_hidden_and_one_who_is_not_there_read_alike(house: House) -> None:
    hidden, absent = search(house, "ada", "Kit"), search(house, "ada", "Zed")
    assert "No child whom you may see has a name like “Kit”" in hidden
    assert hidden.count("Kit") == absent.count("Zed")


@pytest.mark.parametrize(
    ("role", "permissions", "page"),
    [
        ("keyworker", {"my-day:read", "child:read"}, "/my-day"),
        ("registered_manager", {"my-day:read", "child:read", "figure:read"}, "/my-day"),
        ("social_worker", {"my-day:read", "child:read"}, "/children"),
        ("iro", {"my-day:read", "child:read"}, "/children"),
        ("commissioner", {"figure:read", "contract:read"}, "/scorecard"),
        ("system_administrator", {"place:read", "instrument:read"}, "/organisations"),
        ("somebody", set(), "/organisations"),
    ],
)
def test_each_role_begins_at_its_page(role: str, permissions: set[str], page: str) -> None:
    assert first_page(Actor("A", role, permissions=frozenset(permissions))) == page


def test_the_first_address_leads_there(house: House) -> None:
    assert house.signed_in("ada").get("/").location == "/my-day"
    assert house.signed_in("sam").get("/").location == "/children"


def test_the_navigation_offers_what_may_be_opened() -> None:
    ada = Actor("Ada", "keyworker", permissions=frozenset({"my-day:read", "child:read"}))
    told = [(one["text"], one["active"]) for one in navigation(ada, "/children/abc")]
    assert told == [("My day", False), ("Children", True)]
