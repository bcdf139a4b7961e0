"""Every measure's figures are what the description says of them, members and splits included."""

from flask import Flask
from jsonschema_rs import Draft202012Validator

from outcomes.desk.figures.api_operations import FIGURES, MEASURES
from outcomes.frameworks.packs import cards
from tests.api.test_openapi import plain
from tests.builders import signed_in
from tests.desk.figures_world import PERIOD, figures_world


def test_every_figure_is_answered_as_described(app: Flask) -> None:
    world = figures_world(app)
    described = Draft202012Validator(plain(FIGURES.answers[200].schema), validate_formats=True)
    client, shown = signed_in(app, world.emails["manager"]), 0
    for measure in cards():
        for query in ({}, {"members": "1", "split": "place", "periods": "2", "period": PERIOD}):
            answer = client.get(f"/api/v1/measures/{measure}/figures", query_string=query)
            assert answer.status_code == 200, answer.text
            assert [str(one) for one in described.iter_errors(answer.get_json())] == [], measure
            shown += len(answer.get_json()["figures"])
    assert shown > 20


def test_the_list_of_measures_is_answered_as_described(app: Flask) -> None:
    world = figures_world(app)
    described = Draft202012Validator(plain(MEASURES.answers[200].schema))
    client = signed_in(app, world.emails["commissioner"])
    everything = client.get("/api/v1/measures?per_page=100").get_json()
    assert described.is_valid(everything) and everything["total"] == len(cards())
    one = client.get("/api/v1/measures?framework=newham_ifa&per_page=1").get_json()
    assert one["items"][0]["measure"].startswith("newham_ifa.") and one["pages"] == one["total"]
    assert client.get("/api/v1/measures?framework=nothing").get_json()["items"] == []
