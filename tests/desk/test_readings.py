"""Taking a reading as a grid, reading it beside the one before, correcting it."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from outcomes.care.people import Person
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.desk.recording.reading_form import points_of
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.instrument_files import load_seed_instruments
from outcomes.records.readings import Instrument, Reading, ReadingScore
from tests.builders import TESTS, token_of
from tests.desk.conftest import House, counted, key_of, send, typed_day

AREAS = ("cooking", "cleaning", "relationships")


def grid(scores: tuple[str, ...], **more: Any) -> dict[str, Any]:
    """A reading as the grid sends it; an area without a tap sends nothing."""
    tapped = {f"score-{area}": score for area, score in zip(AREAS, scores, strict=True) if score != "-"}
    return {"status": "complete"} | typed_day("taken_on", today()) | tapped | more


def new(house: House, informant: str = "child") -> str:
    return house.of(house.jay, f"/reading/new?instrument={house.wheel}&informant={informant}")


def kept() -> list[tuple[str, Any, Any]]:
    rows = db.session.scalars(select(ReadingScore).order_by(ReadingScore.reading_id, ReadingScore.id))
    return [(row.area, row.score, row.not_age_appropriate) for row in rows]


def test_a_reading_is_taken_and_compared(any_house: House) -> None:
    client = any_house.signed_in("ada")
    assert send(client, new(any_house), grid(("3", "4", "5"))).status_code == 303
    sent = send(client, new(any_house), grid(("5", "2", ""), status="partial"))
    assert sent.status_code == 303
    page = client.get(sent.location)
    for part in ("Better: Cooking.", "Not as good: Cleaning.", "Not assessed", "A wheel, the child"):
        assert part in page.text
    with any_house.inside():
        assert kept() == [
            ("cooking", 3, None),
            ("cleaning", 4, None),
            ("relationships", 5, None),
            ("cooking", 5, None),
            ("cleaning", 2, None),
            ("relationships", None, None),
        ]
        reading = db.session.scalars(select(Reading).order_by(Reading.id)).first()
        assert reading is not None
        assert (reading.instrument_code, reading.informant, reading.taken_on) == ("wheel", "child", today())


def test_the_last_reading_of_the_same_view_stands_beside(house: House) -> None:
    client = house.signed_in("ada")
    send(client, new(house), grid(("3", "not_for_age", "")))
    beside = client.get(new(house)).text
    assert beside.count("Last time:") == 3
    assert "Last time: 3 on" in beside
    assert "Last time: not for this age on" in beside
    # The worker's view is another one: nothing of the child's stands beside it.
    assert "Last time:" not in client.get(new(house, "keyworker")).text


WRONG = {
    "an area forgotten": (grid(("3", "-", "4")), "Cleaning: select a score, or “Not assessed”."),
    "no status": (grid(("3", "3", "4"), status=""), "Select whether the reading is complete."),
    "off the scale": (grid(("11", "3", "4")), "Cooking: must be from 1 to 10. This was 11."),
    "half a step": (grid(("3.5", "3", "4")), "Cooking: must go up in steps of 1 from 1. This was 3.5."),
    "words": (grid(("three", "3", "4")), "Score: enter a number"),
    "complete without a score": (grid(("", "", "")), "a complete reading has a score in at least one area"),
    "a day to come": (grid(("3", "3", "4"), **{"taken_on-year": "2199"}), "Taken on"),
    "before the birth": (grid(("3", "3", "4"), **{"taken_on-year": "2001"}), "before the child was born"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_wrong_input_keeps_what_was_tapped(house: House, fault: str) -> None:
    wrong, told = WRONG[fault]
    refused = send(house.signed_in("ada"), new(house), wrong)
    assert refused.status_code == 422
    assert told in refused.text
    if wrong.get("score-relationships") == "4":
        assert 'name="score-relationships" value="4" checked' in refused.text
    with house.inside():
        assert kept() == []


def test_a_reading_that_the_child_declined_needs_no_taps(house: House) -> None:
    sent = send(house.signed_in("ada"), new(house), grid(("-", "-", "-"), status="declined_by_child"))
    assert sent.status_code == 303


def test_whose_view_is_chosen_first(house: House) -> None:
    with house.inside() as world:
        # A newer version takes the place of the old one.
        world.instrument("wheel", version="2", title="A newer wheel", informants=["child"])
    client = house.signed_in("ada")
    page = client.get(house.of(house.jay, "/reading/new")).text
    assert "A newer wheel" in page
    assert page.count("informant=child") == 1
    assert "informant=keyworker" not in page


@pytest.mark.parametrize("query", ["instrument=nonsense", "instrument={}&informant=teacher", "instrument={}"])
def test_an_instrument_or_a_view_that_is_not_offered(house: House, query: str) -> None:
    client = house.signed_in("ada")
    where = house.of(house.jay, f"/reading/new?{query.format(house.wheel)}")
    assert client.get(where).status_code == 404
    assert client.get(new(house)).status_code == 200


def one_taken(house: House) -> str:
    """The address of a reading."""
    return str(send(house.signed_in("ada"), new(house), grid(("3", "4", "5"))).location)


def test_a_correction_changes_scores_and_keeps_the_version(any_house: House) -> None:
    where = one_taken(any_house)
    client = any_house.signed_in("mo")
    form = client.get(f"{where}/correct").text
    assert 'name="score-cleaning" value="4" checked' in form
    change = grid(("3", "7", ""), revision="1", correction_reason="Misheard")
    assert send(client, f"{where}/correct", change).location == where
    page = client.get(where).text
    assert "Why: Misheard" in page
    with any_house.inside():
        assert kept() == [("cooking", 3, None), ("cleaning", 7, None), ("relationships", None, None)]
        versions = db.session.scalars(
            select(RecordVersion).where(RecordVersion.kind == "reading").order_by(RecordVersion.revision)
        ).all()
        assert [len(one.content["scores"]) for one in versions] == [3, 3]
        assert [one.content["scores"][1]["score"] for one in versions] == [4, 7]


def test_a_stale_correction_keeps_what_was_tapped(any_house: House) -> None:
    where = f"{one_taken(any_house)}/correct"
    ada, mo = any_house.signed_in("ada"), any_house.signed_in("mo")
    mine = ada.get(where).text
    send(mo, where, grid(("3", "7", "5"), revision="1"))
    carried = {"csrf_token": token_of(mine), "idempotency_key": key_of(mine)}
    stale = ada.post(where, data=grid(("3", "9", "5"), revision="1") | carried)
    assert stale.status_code == 409
    assert "Saved by Mo on" in stale.text
    assert 'name="score-cleaning" value="9" checked' in stale.text
    assert 'name="revision" value="2"' in stale.text
    # Sent again with the new revision, it is saved.
    carried = {"csrf_token": token_of(stale.text), "idempotency_key": key_of(mine)}
    again = ada.post(where, data=grid(("3", "9", "5"), revision="2") | carried)
    assert again.status_code == 303
    with any_house.inside():
        assert kept()[1] == ("cleaning", 9, None)


def test_a_correction_without_a_revision_is_refused(house: House) -> None:
    where = one_taken(house)
    refused = send(house.signed_in("mo"), f"{where}/correct", grid(("3", "9", "5"), revision="x"))
    assert refused.status_code == 422
    with house.inside():
        assert kept()[1] == ("cleaning", 4, None)


def test_a_long_scale_is_typed(house: House) -> None:
    with house.inside() as world:
        tool = world.instrument("long", title="A long scale", scale_min=0, scale_max=40, informants=["child"])
        where = house.of(house.jay, f"/reading/new?instrument={tool.public_id}&informant=child")
    client = house.signed_in("ada")
    assert 'type="radio" id="score-cooking"' not in client.get(where).text
    refused = send(client, where, grid(("41", "12", "")))
    assert refused.status_code == 422
    assert "must be from 0 to 40" in refused.text
    assert send(client, where, grid(("40", "12", ""))).status_code == 303


@pytest.mark.parametrize(
    ("low", "high", "step", "values"),
    [
        ("1", "5", "1", ["1", "2", "3", "4", "5"]),
        ("-1", "1", "0.5", ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
        ("0", "10", "1", [str(number) for number in range(11)]),
        ("0", "11", "1", []),
    ],
)
def test_the_points_of_a_scale(low: str, high: str, step: str, values: list[str]) -> None:
    tool = Instrument(scale_min=Decimal(low), scale_max=Decimal(high), smallest_step=Decimal(step))
    assert [value for value, _ in points_of(tool)] == values


def test_another_childs_reading_is_not_there(house: House) -> None:
    where = one_taken(house)
    assert house.signed_in("sam").get(where).status_code == 200
    assert house.signed_in("ada").get(where.replace(house.jay, house.noor)).status_code == 404


def test_the_pages_of_a_reading_read_little(house: House) -> None:
    where = one_taken(house)
    client = house.signed_in("mo")
    for page in (new(house), where, f"{where}/correct", house.of(house.jay, "/reading/new")):
        with counted(house.app) as seen:
            assert client.get(page).status_code == 200
        assert 0 < len(seen) <= 8, f"{page}\n" + "\n\n".join(seen)


def paper_form(house: House, informant: str) -> str:
    """The address at which the answers of an SDQ are copied."""
    with house.inside():
        load_seed_instruments(by=TESTS)
        sdq = db.session.scalars(select(Instrument).where(Instrument.instrument_code == "sdq")).one()
        return house.of(house.jay, f"/reading/new?instrument={sdq.public_id}&informant={informant}&by=items")


def test_answers_are_copied_from_the_paper_form(house: House) -> None:
    client = house.signed_in("ada")
    where = paper_form(house, "teacher")
    assert "Item 25" in client.get(where).text
    tapped = {f"score-item_{number:02}": "2" for number in range(1, 25)}
    refused = send(client, where, {"status": "complete"} | typed_day("taken_on", today()) | tapped)
    assert refused.status_code == 422
    assert "Item 25: select a score" in refused.text
    assert "Impact distress: select a score" in refused.text
    # Without difficulties the paper form skips the other questions of impact.
    tapped |= {"score-item_25": "0", "score-impact_difficulties": "0"}
    sent = send(client, where, {"status": "complete"} | typed_day("taken_on", today()) | tapped)
    assert sent.status_code == 303
    page = client.get(sent.location).text
    for said in ("10: cause for concern", "Kind and helpful", "10: normal", "32: cause for concern"):
        assert said in page
    corrected = client.get(f"{sent.location}/correct").text
    assert "Item 25" in corrected


def test_impact_is_worked_out_from_its_answers_and_shown(any_house: House) -> None:
    house, client = any_house, any_house.signed_in("ada")
    where = paper_form(house, "teacher")
    form = client.get(where).text
    assert "Impact classroom" in form
    assert "Impact home" not in form
    tapped = {"score-impact_difficulties": "2", "score-impact_distress": "3", "score-impact_friends": "2"}
    sent = send(client, where, {"status": "partial"} | typed_day("taken_on", today()) | tapped)
    assert sent.status_code == 303
    assert "3: cause for concern" in client.get(sent.location).text
    assert "3: cause for concern" in client.get(house.of(house.jay)).text

    correct = f"{sent.location}/correct"
    beyond = {
        "status": "partial",
        "revision": "1",
        "correction_reason": "A slip",
        "score-impact_difficulties": "4",
    }
    refused = send(client, correct, beyond | typed_day("taken_on", today()))
    assert refused.status_code == 422
    assert "Impact difficulties: must be a whole number from 0 to 3. This was 4." in refused.text


def test_a_correction_by_items_keeps_an_impact_that_was_typed(house: House) -> None:
    client = house.signed_in("ada")
    paper_form(house, "teacher")
    answers = [{"area": f"item_{number:02}", "score": 1} for number in range(1, 26)]
    with house.inside() as world:
        made = world.record(
            Reading,
            person_id=db.session.scalars(select(Person).where(Person.public_id == house.jay)).one(),
            instrument_code="sdq",
            version="2",
            informant="teacher",
            taken_on=today(),
            status="complete",
            scores=[*answers, {"area": "impact", "score": 5}],
        )
        where = house.of(house.jay, f"/reading/{made.public_id}/correct")
    slip = {f"score-item_{number:02}": "1" for number in range(1, 25)} | {"score-item_25": "2"}
    sent = send(
        client,
        where,
        {"status": "partial", "revision": "1", "correction_reason": "A slip"}
        | typed_day("taken_on", today())
        | slip,
    )
    assert sent.status_code == 303, sent.text
    with house.inside():
        standing = dict(db.session.execute(select(ReadingScore.area, ReadingScore.score)).all())
    assert (standing["impact"], standing["hyperactivity"]) == (5, 4)
