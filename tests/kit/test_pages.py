"""The pages of every kind, as a manager of the child's home uses them, linted as they come."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from outcomes.access.bind import system_scope
from outcomes.core.database import db
from outcomes.desk import HAND_MADE
from outcomes.kit.declaring.record import KINDS, PersonRecord, Record
from outcomes.kit.reading.addresses import address, list_address
from outcomes.records.health import HealthCheck
from tests.builders import World, hidden_of, signed_in
from tests.kit.test_every_kind import sample

CHILD_KINDS = [kind for kind in KINDS if issubclass(kind, PersonRecord)]
every_child_kind = pytest.mark.parametrize("kind", CHILD_KINDS, ids=lambda kind: kind.kind_name())


class Desk:
    """A manager signed in, and a child of the home."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), system_scope("a test"):
            world = World()
            home = world.home("Elm House")
            child = world.child("Jay", born="2011-03-15")
            world.placed(child, home, "2025-01-01")
            self.child, self.home = address(child), home.public_id
            self.staff = world.staff("Ada Obi").public_id
            email = world.account("registered_manager", at=home)
        self.client: FlaskClient = signed_in(app, email)

    def made(self, kind: type[Record]) -> tuple[str, str]:
        """A record of the kind, made in the system; its list's and its own address."""
        with self.app.app_context(), system_scope("a test"):
            world = World()
            if kind.kind_name() == "placement":
                record: Any = db.session.scalars(select(kind)).one()
            else:
                record = world.record(kind, **sample(kind, world))
            owner = db.session.get(KINDS["person"], record.person_id)
            return list_address(kind, owner), address(record, owner)

    def revision(self, kind: type[Record]) -> int:
        with self.app.app_context(), system_scope("a test"):
            return db.session.scalars(select(kind).order_by(kind.id.desc())).first().revision  # type: ignore[union-attr]


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@every_child_kind
def test_its_list_its_page_and_its_forms_draw(kind: type[Record], desk: Desk) -> None:
    listed, shown = desk.made(kind)
    for place in (listed, shown, f"{listed}/new", f"{shown}/correct", f"{shown}/withdraw"):
        assert desk.client.get(place).status_code == 200, place


@every_child_kind
def test_withdrawing_asks_why_and_leaves_a_trace(kind: type[Record], desk: Desk) -> None:
    _, shown = desk.made(kind)
    place = f"{shown}/withdraw"
    form = hidden_of(desk.client.get(place).text)
    refused = desk.client.post(place, data={**form, "reason": " "})
    assert refused.status_code == 422 and "say why" in refused.text
    done = desk.client.post(place, data={**hidden_of(refused.text), "reason": "Entered for the wrong child"})
    assert done.status_code == 303
    page = desk.client.get(shown).text
    assert "Entered for the wrong child" in page
    assert f"{shown}/correct" not in page


GENERIC = [
    kind
    for kind in CHILD_KINDS
    if (kind.kind_name(), "new") not in HAND_MADE and kind.declaration.part is None
]


@pytest.mark.parametrize("kind", GENERIC, ids=lambda kind: kind.kind_name())
def test_an_empty_form_says_what_is_missing_and_keeps_what_was_typed(kind: type[Record], desk: Desk) -> None:
    listed, _ = desk.made(kind)
    words = [name for name, field in kind.asked_fields().items() if getattr(field, "lines", False)]
    form = hidden_of(desk.client.get(f"{listed}/new").text)
    answer = desk.client.post(f"{listed}/new", data={**form, **{name: "What I typed <b>" for name in words}})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert answer.text.count("What I typed &lt;b&gt;") == len(words)


def typed_check(desk: Desk, **more: str) -> dict[str, str]:
    form = hidden_of(desk.client.get(f"{desk.child}/health-check/new").text)
    return {**form, "kind": "dental", "due_on-day": "1", "due_on-month": "5", "due_on-year": "2025", **more}


def test_a_record_is_made_shown_and_corrected(desk: Desk) -> None:
    new = f"{desk.child}/health-check/new"
    made = desk.client.post(new, data=typed_check(desk, follow_up="Ring them"))
    assert made.status_code == 303
    page = desk.client.get(made.location).text
    assert "1 May 2025" in page and "Ring them" in page and "Health check saved" in page
    form = hidden_of(desk.client.get(f"{made.location}/correct").text)
    changed = {**form, **typed_check(desk, follow_up="Ring again"), "correction_reason": "They rang back"}
    changed |= {name: form[name] for name in ("csrf_token", "idempotency_key", "revision")}
    assert desk.client.post(f"{made.location}/correct", data=changed).status_code == 303
    page = desk.client.get(made.location).text
    assert "Ring again" in page and "They rang back" in page


def test_the_second_click_shows_the_first_result(desk: Desk) -> None:
    typed = typed_check(desk)
    first, second = (desk.client.post(f"{desk.child}/health-check/new", data=typed) for _ in range(2))
    assert first.location == second.location
    assert len(records(desk, HealthCheck)) == 1


def records(desk: Desk, kind: type[Record]) -> list[str]:
    with desk.app.app_context(), system_scope("a test"):
        return [record.public_id for record in db.session.scalars(select(kind))]


def test_a_stale_save_shows_both_and_keeps_the_text(desk: Desk) -> None:
    made = desk.client.post(
        f"{desk.child}/health-check/new", data=typed_check(desk, follow_up="First")
    ).location
    mine = hidden_of(desk.client.get(f"{made}/correct").text)
    theirs = hidden_of(desk.client.get(f"{made}/correct").text)
    values = typed_check(desk)
    assert (
        desk.client.post(f"{made}/correct", data={**values, **theirs, "follow_up": "Theirs"}).status_code
        == 303
    )
    refused = desk.client.post(f"{made}/correct", data={**values, **mine, "follow_up": "Mine, and long"})
    assert refused.status_code == 409
    assert "Theirs" in refused.text and "Mine, and long" in refused.text
    again = desk.client.post(
        f"{made}/correct", data={**values, **hidden_of(refused.text), "follow_up": "Mine, and long"}
    )
    assert again.status_code == 303
    assert "Mine, and long" in desk.client.get(made).text


@pytest.mark.parametrize(
    "typed",
    [
        {"due_on-day": "31", "due_on-month": "2"},
        {"due_on-year": "9" * 400},
        {"due_on-day": "1", "due_on-month": "", "due_on-year": ""},
        {"kind": "teeth"},
        {"recall_months": "-1"},
        {"recall_months": "1e9"},
        {"attended_on-day": "1", "attended_on-month": "1", "attended_on-year": "2199"},
        {"follow_up": "x" * 5000},
    ],
)
def test_bad_answers_are_refused_in_words(desk: Desk, typed: dict[str, str]) -> None:
    answer = desk.client.post(f"{desk.child}/health-check/new", data=typed_check(desk, **typed))
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert not records(desk, HealthCheck)


@pytest.mark.parametrize("revision", ["", "x", "99999999999", "-1"])
def test_a_correction_without_its_revision_is_refused(desk: Desk, revision: str) -> None:
    made = desk.client.post(f"{desk.child}/health-check/new", data=typed_check(desk)).location
    form = typed_check(desk) | hidden_of(desk.client.get(f"{made}/correct").text) | {"revision": revision}
    assert desk.client.post(f"{made}/correct", data=form).status_code == 422


def test_what_is_not_there_and_what_is_not_yours_answer_alike(desk: Desk) -> None:
    with desk.app.app_context(), system_scope("a test"):
        world = World()
        other = world.child("Kit")
        world.placed(other, world.home("Oak House"), "2025-01-01")
        hers = world.record(HealthCheck, person_id=other, kind="dental", due_on="2025-05-01")
        theirs = address(hers, other)
    nobody = re.sub(r"/children/[^/]+", "/children/" + "A" * 22, theirs)
    answers = [
        desk.client.get(place)
        for place in (theirs, nobody, f"{desk.child}{theirs[theirs.index('/health') :]}")
    ]
    assert {answer.status_code for answer in answers} == {404}
    # Tokens and nonces are new on every page.
    assert len({re.sub(r'(value|nonce)="[^"]*"', "", answer.text) for answer in answers}) == 1


def test_what_may_be_read_but_not_changed_offers_no_form(desk: Desk) -> None:
    with desk.app.app_context(), system_scope("a test"):
        others = address(World().organisation("Somebody else"))
    assert "Correct this record" not in desk.client.get(others).text
    refused = desk.client.get(f"{others}/correct")
    assert refused.status_code == 403 and "not change it" in refused.text
    _, own = desk.made(HealthCheck)
    assert "Correct this record" in desk.client.get(own).text


def test_a_withdrawn_record_offers_no_form(desk: Desk) -> None:
    _, shown = desk.made(HealthCheck)
    form = hidden_of(desk.client.get(f"{shown}/withdraw").text)
    assert desk.client.post(f"{shown}/withdraw", data={**form, "reason": "Wrong child"}).status_code == 303
    for verb in ("correct", "withdraw"):
        refused = desk.client.get(f"{shown}/{verb}")
        assert refused.status_code == 409 and "has been withdrawn" in refused.text


def test_a_new_form_takes_choices_days_and_numbers_from_its_address_and_never_words(desk: Desk) -> None:
    where = f"{desk.child}/health-check/new"
    form = desk.client.get(
        f"{where}?kind=dental&due_on=2026-05-03&recall_months=6&follow_up=Words&missed_reason=no-such"
    ).text
    assert re.search(r'value="dental"[^>]* (checked|selected)', form)
    assert re.findall(r'name="due_on-(?:day|month|year)"[^>]* value="(\d+)"', form) == ["3", "5", "2026"]
    assert re.search(r'name="recall_months"[^>]* value="6"', form)
    assert "Words" not in form and "no-such" not in form
    for nonsense in (
        "due_on=2026-02-30",
        "due_on=03/05/2026",
        "recall_months=-1",
        "csrf_token=x",
        "submitted=1",
    ):
        assert desk.client.get(f"{where}?{nonsense}").status_code == 200
