"""Figures as files: what the pages say, for the readers who may read the pages."""

import csv
import io

import pytest
from flask.testing import FlaskClient

from outcomes.frameworks.packs import packs
from tests.desk.figures_world import PERIOD, REPORTED, SECRETS, Figures


def rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def of(world: Figures, what: str, form: str = "csv") -> str:
    return f"/measures/{REPORTED}/{what}.{form}?contract={world.contract}&period={PERIOD}"


@pytest.mark.parametrize("who", ["commissioner", "manager", "responsible"])
def test_a_scorecard_has_a_row_for_each_measure(world: Figures, who: str) -> None:
    client = world.client(who)
    where = f"/scorecard.csv?period={PERIOD}&contract={world.contract}"
    assert where.replace("&", "&amp;") in client.get(world.scorecard()).text
    found = {row["Measure"]: row for row in rows(client, where)}
    assert len(found) == len(packs()["hackney_homes"].cards) > 5
    one = found[REPORTED]
    assert (one["Value"], one["Met"], one["Out of"], one["No evidence"]) == ("40.0", "2", "5", "1")
    assert (one["Target"], one["Position"], one["Trend"]) == ("at least 75%", "not_met", "new_measure")


def test_no_child_and_no_home_is_in_a_commissioners_files(world: Figures) -> None:
    client = world.client("commissioner")
    for where in (f"/scorecard.csv?period={PERIOD}", of(world, "figures")):
        text = client.get(where).data.decode()
        assert REPORTED in text
        assert [secret for secret in (*SECRETS, *world.children.values()) if secret in text] == []
    assert client.get(of(world, "members")).status_code == 403
    page = client.get(world.measure()).text
    assert "/members.csv" not in page and "/figures.csv" in page


def test_a_manager_has_places_and_members(world: Figures) -> None:
    client = world.client("manager")
    page = client.get(world.measure()).text
    assert of(world, "members").replace("&", "&amp;") in page
    figures = rows(client, of(world, "figures"))
    assert {row["Place"] for row in figures} > {"", "Zinnia Court"}
    assert [row["Value"] for row in figures if row["Place"] == "" and row["Period"] == PERIOD] == ["40.0"]
    members = rows(client, of(world, "members"))
    assert {row["List"] for row in members} >= {"Met", "Not met"}
    named = {row["Who"] for row in members}
    assert "Quillon" in named
    # What the page names, and nobody else.
    assert all(name in page for name in named)


@pytest.mark.parametrize("what", ["figures", "members"])
def test_spreadsheets_and_refusals(world: Figures, what: str) -> None:
    client = world.client("manager")
    assert client.get(of(world, what, "xlsx")).data.startswith(b"PK")
    assert client.get(f"/measures/{REPORTED}/{what}.csv?period=1999-13").status_code == 422
    other = world.other_contract
    assert client.get(f"/measures/{REPORTED}/{what}.csv?contract={other}&period={PERIOD}").status_code == 404
    assert client.get(f"/measures/no.such/{what}.csv").status_code == 404
