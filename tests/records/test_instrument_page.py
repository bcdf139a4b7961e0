"""An instrument is registered on a page by its licence holder: areas, tags and anchors are typed."""

from flask import Flask
from sqlalchemy import select

from outcomes.access.bind import system_scope
from outcomes.core.database import db
from outcomes.records.readings import Instrument
from tests.builders import World, hidden_of, signed_in

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
