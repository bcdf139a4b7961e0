"""An instrument is registered on a page by its licence holder: areas, tags and anchors are typed."""

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from outcomes.access.bind import system_scope
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.kit.writing import writer
from outcomes.records.readings import Instrument, Reading
from tests.builders import TESTS, World, hidden_of, signed_in

TYPED = {
    "instrument_code": "our_star",
    "version": "2",
    "title": "A tool under our licence",
    "informants": ["child", "keyworker"],
    "higher_is_better": "yes",
    "scale_min": "1",
    "scale_max": "5",
    "smallest_step": "1",
    "areas": "one_area\r\nanother_area",
    "area_tags": "one_area=independence",
    "anchors": "1=The lowest\r\n5=The highest",
    "licence_note": "Licence 123, held by us",
}


def test_a_licensed_tool_is_registered_and_corrected_on_a_page(app: Flask) -> None:
    with app.app_context(), system_scope("a test"):
        email = World().account("system_administrator")
    client = signed_in(app, email)
    form = hidden_of(client.get("/instruments/new").text)
    made = client.post("/instruments/new", data={**form, **TYPED})
    assert made.status_code == 303, made.text
    with app.app_context(), system_scope("a test"):
        tool = db.session.scalars(select(Instrument)).one()
        assert tool.areas == ["one_area", "another_area"]
        assert tool.area_tags == {"one_area": "independence"}
        assert tool.anchors == {"1": "The lowest", "5": "The highest"}
    page = client.get(f"{made.location}/correct").text
    assert "one_area\nanother_area" in page
    refused = client.post(
        f"{made.location}/correct", data={**TYPED, **hidden_of(page), "area_tags": "no_area=independence"}
    )
    assert refused.status_code == 422 and "not an area of this instrument" in refused.text


CODE = {"instrument_code": "our_star", "version": "2"}
TAKEN = {"informant": "child", "taken_on": "2025-05-01", "status": "complete"}


@pytest.mark.parametrize("change", [{"scale_max": "10"}, {"higher_is_better": "no"}, {"areas": "one_area"}])
def test_a_scale_in_use_stays_as_it_was(any_app: Flask, change: dict[str, str]) -> None:
    """Readings rest on it. Who corrects instruments sees no child, so the question reaches beyond their scope."""
    with any_app.app_context(), system_scope("a test"):
        world = World()
        email = world.account("system_administrator")
    client = signed_in(any_app, email)
    form = hidden_of(client.get("/instruments/new").text)
    made = client.post("/instruments/new", data={**form, **TYPED})

    def corrected(**values: str) -> TestResponse:
        page = client.get(f"{made.location}/correct").text
        return client.post(f"{made.location}/correct", data={**TYPED, **hidden_of(page), **values})

    assert corrected(**change).status_code == 303
    assert corrected().status_code == 303
    with any_app.app_context(), system_scope("a test"):
        scores = [{"area": "one_area", "score": 3}]
        reading = World().record(Reading, person_id=World().child(), **CODE, **TAKEN, scores=scores)
        key = reading.id
    refused = corrected(**change)
    assert refused.status_code == 422
    assert "Register a new version" in refused.text
    assert corrected(title="A clearer title").status_code == 303
    with any_app.app_context(), system_scope("a test"), transaction():
        reading = db.session.get_one(Reading, key)
        writer.withdraw(reading, revision=1, reason="taken in error", by=TESTS)
    assert corrected(**change).status_code == 303
