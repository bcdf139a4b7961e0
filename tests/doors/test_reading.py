"""The bank in every address that is only read: each parameter that a page knows, and some that none does."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import select

from outcomes.access.bind import system_scope
from outcomes.care.people import Contact, Person
from outcomes.core.database import db
from tests.builders import World
from tests.doors.bank import TEXTS
from tests.doors.conftest import Town, faults_of

PARAMETERS = (
    "page",
    "per_page",
    "contract",
    "period",
    "periods",
    "split",
    "members",
    "kind",
    "goal",
    "instrument",
    "informant",
    "next",
    "q",
    "endpoint",
    "_scheme",
)


def test_no_text_in_an_address_is_a_fault(town: Town) -> None:
    """Every parameter at once, and each text alone under a parameter in turn."""
    before, faults = town.counts(), []
    for number, row in enumerate(town.doors("GET")):
        for place, (name, text) in enumerate(town.in_turn(TEXTS, number, 24)):
            one = PARAMETERS[(number + place) % len(PARAMETERS)]
            for asked in (dict.fromkeys(PARAMETERS, text), {one: text, text: text}):
                answer = town.send(row, "GET", query_string=asked)
                faults += faults_of(answer, f"GET {row['rule']}, {name} in {list(asked)[:2]}")
    assert faults == []
    assert town.counts() == before


def test_no_text_as_an_identifier_is_a_fault(town: Town) -> None:
    faults = []
    for number, row in enumerate(town.doors("GET")):
        if "<" in row["rule"]:
            for name, text in town.in_turn(TEXTS, number, 12):
                if not text.strip("/."):
                    continue
                where = "/".join(text if part.startswith("<") else part for part in row["rule"].split("/"))
                answer = town.send(row, "GET", where.replace("?", "").replace("#", "").replace("//", "/"))
                faults += faults_of(answer, f"{row['rule']}, {name}")
                if answer.status_code < 400 and "/new" not in where:
                    faults.append(f"{row['rule']}, {name}: answered {answer.status_code}")
    assert faults == []


STEERING = (
    {"endpoint": "x"},
    {"_scheme": "javascript"},
    {"_scheme": "javascript", "_external": "1"},
    {"_anchor": "x", "_method": "POST"},
    {"self": "z"},
    {"page": "2", "note": '"><script>alert(1)</script>'},
    {"page": "9"},
)


def test_the_links_of_a_long_list_keep_what_was_asked_and_lead_nowhere_else(town: Town) -> None:
    """A query's names are its sender's: none of them may steer how the links are made."""
    with town.app.app_context(), system_scope("a test"):
        world = World()
        child = db.session.scalars(select(Person).where(Person.public_id == town.records["person"])).one()
        for number in range(60):
            world.record(Contact, person_id=child, name=f"Aunt {number}")
    (row,) = [one for one in town.doors("GET") if one["endpoint"] == "records.contact_list"]
    for asked in STEERING:
        answer = town.send(row, "GET", query_string=asked)
        assert answer.status_code == 200, asked
        assert list(faults_of(answer, "the list")) == []
        hrefs = re.findall(r'href="([^"]*[?][^"]*page=[^"]*)"', answer.text)
        assert hrefs, asked
        for one in (urlsplit(unescape(href)) for href in hrefs):
            assert (one.scheme, one.netloc, one.path) == ("", "", town.address(row)), asked
            kept = {name: text for name, text in asked.items() if name != "page"}
            assert dict(parse_qsl(one.query)).items() >= kept.items()


def test_a_page_beyond_the_last_does_not_say_that_nothing_is_recorded(town: Town) -> None:
    for endpoint in ("records.contact_list", "desk.children_list", "desk.timeline_page"):
        (row,) = [one for one in town.doors("GET") if one["endpoint"] == endpoint]
        beyond, first = (town.send(row, "GET", query_string={"page": page}).text for page in ("7", "1"))
        assert "fewer pages than that" in beyond, endpoint
        assert "fewer pages than that" not in first, endpoint
        for untrue in ("Nothing recorded", "There is no child"):
            assert untrue not in beyond, endpoint
