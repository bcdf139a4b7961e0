"""The bank at every door that writes: an answer that helps, never a fault, and nothing half-written.

Every address is found in the application itself, so a new one is here by being there.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from markupsafe import escape
from sqlalchemy import select

from outcomes.access.bind import system_scope
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.core.transaction import transaction
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.reading.addresses import owner_of
from outcomes.kit.reading.view import raw_of
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.web.routes import RouteAsJson
from tests.builders import TESTS
from tests.doors.bank import BODIES, TEXTS, VALUES
from tests.doors.conftest import Town, faults_of

EVERYTHING = {**TEXTS, **VALUES}


def test_no_body_is_a_fault_at_any_json_door(town: Town) -> None:
    doors = [(row, method) for row in town.doors("POST", "PUT") for method in writing(row) if is_json(row)]
    assert len(doors) > 50
    before, faults = town.counts(), []
    for number, (row, method) in enumerate(doors):
        for name, body in town.in_turn(BODIES, number, 3):
            answer = town.send(
                row, method, data=body, content_type="application/json", headers={"If-Match": '"1"'}
            )
            faults += faults_of(answer, f"{method} {row['rule']}, {name}")
            if answer.status_code < 400:
                faults.append(f"{method} {row['rule']}, {name}: accepted with {answer.status_code}")
    assert faults == []
    assert town.counts() == before


def test_no_text_is_a_fault_at_any_form(town: Town) -> None:
    """The same text in every question of a form at once, and the bare form without any of them."""
    doors = [row for row in town.doors("POST") if not is_json(row)]
    assert len(doors) > 50
    faults = []
    for number, row in enumerate(doors):
        asked = questions(town, row)
        before, refused = town.counts(), True
        for name, text in town.in_turn(TEXTS, number, 7):
            answer = town.send(row, "POST", data=dict.fromkeys(asked, text), headers={"Idempotency-Key": ""})
            faults += faults_of(answer, f"POST {row['rule']}, {name}")
            refused = refused and answer.status_code >= 400
        if refused and town.counts() != before:
            faults.append(f"POST {row['rule']}: refused, yet something was written")
    assert faults == []


def test_half_a_million_parts_are_refused_in_one_breath(town: Town) -> None:
    """Not judged one by one: that took three quarters of a minute and answered with as many messages."""
    (row,) = [one for one in town.doors("POST") if one["endpoint"] == "api.reading_create"]
    body = b'{"scores": [' + b",".join([b"{}"] * 500_000) + b"]}"
    answer = town.send(row, "POST", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.get_json()["error"]["fields"]["scores"] == ["Scores: at most 200, and 500,000 came."]
    assert len(answer.data) < 10_000


def test_no_form_writes_what_it_does_not_ask(town: Town) -> None:
    """A correction sent as the page draws it, with every internal column beside: only the reason is taken."""
    faults, saved = [], 0
    for kind in KINDS:
        (row,) = [
            one for one in town.doors("POST") if one["audit"] == f"{kind.slug()}:correct" and not is_json(one)
        ]
        internal = {
            column.name
            for column in kind.__table__.columns
            if column.name not in kind.asked_fields() and column.name != "revision"
        }
        before = internal_values(town, kind, internal)
        page = town.send(row, "GET").text
        drawn = {
            name: unescape(value) for name, value in re.findall(r'name="([^"]+)"[^>]*? value="([^"]*)"', page)
        }
        answer = town.send(
            row, "POST", data=drawn | dict.fromkeys(internal, "7"), headers={"Idempotency-Key": ""}
        )
        after = internal_values(town, kind, internal)
        saved += answer.status_code == 303
        if answer.status_code not in (303, 403, 422) or after != before:
            faults.append((kind.kind_name(), answer.status_code, before, after))
    assert faults == []
    assert saved > 10


def internal_values(town: Town, kind: type[Record], names: set[str]) -> dict[str, str]:
    with town.app.app_context(), system_scope("a test"):
        record = the_record(town, kind)
        return {name: str(getattr(record, name)) for name in sorted(names)}


def writing(row: RouteAsJson) -> list[str]:
    return [method for method in row["methods"] if method in ("POST", "PUT")]


def is_json(row: RouteAsJson) -> bool:
    return row["rule"].startswith("/api/")


def questions(town: Town, row: RouteAsJson) -> list[str]:
    """Everything that a form asks, and what it does not: the internal columns."""
    kind = KINDS.get(town.kind_of(row))
    # A form that is no record's own is sent what it may ask all the same.
    asked = list(kind.asked_fields()) if kind else []
    dates = [f"{name}-{part}" for name in asked for part in ("day", "month", "year", "time")]
    return [
        *asked,
        *dates,
        "revision",
        "reason",
        "correction_reason",
        "happened",
        "on-day",
        "on-month",
        "on-year",
        "name",
    ]


def accepted(kind: type[Record], standing: dict[str, Any], value: Any) -> Iterator[str]:
    """The fields whose schema takes this value in the place of what stands."""
    for name in standing:
        try:
            check(kind, standing | {name: value})
        except Invalid as problem:
            assert all(len(message) > 8 for each in problem.fields.values() for message in each), problem
        else:
            yield name


def test_what_a_schema_takes_the_database_takes(town: Town) -> None:
    """A value that passes the schema is saved, or refused in words by a guard: never by the database."""
    faults, saved = [], 0
    with town.app.app_context(), system_scope("a test"):
        for kind in KINDS:
            for title, value in EVERYTHING.items():
                standing = raw_of(the_record(town, kind))
                fields = list(accepted(kind, standing, value))
                # All at once where no guard objects, which is nearly always; else one by one.
                for some in (fields, *([one] for one in fields)):
                    told = corrected(town, kind, standing | dict.fromkeys(some, value)) if some else ""
                    faults += [f"{kind.kind_name()}, {title} in {some}: {told}"] if told else []
                    saved += told == "" and bool(some)
                    if told == "":
                        break
    assert [fault for fault in faults if not fault.endswith(REFUSED)] == []
    assert saved > 300


REFUSED = "refused in words"


def the_record(town: Town, kind: type[Record]) -> Record:
    return db.session.scalars(select(kind).where(kind.public_id == town.records[kind.kind_name()])).one()


def corrected(town: Town, kind: type[Record], raw: dict[str, Any]) -> str:
    """What is to be said of a correction through the writer; blank where it was saved."""
    record = the_record(town, kind)
    owner = kind.declaration.owner
    whole = raw | ({owner: owner_of(record)} if owner else {})
    try:
        with transaction():
            checked = check(kind, whole, with_owner=True)
            writer.correct(record, checked, revision=record.revision, reason="", by=TESTS)
    except Invalid:
        return REFUSED
    except Exception as fault:  # The point of the test: whatever else comes out is a fault.
        return repr(fault)[:300]
    return ""


def test_hostile_words_are_shown_as_words(town: Town) -> None:
    """What may be recorded is read on every page as it was typed, and runs nowhere."""
    title = "markup" if town.on_sqlite else "right to left"
    with town.app.app_context(), system_scope("a test"):
        for kind in KINDS:
            for name in accepted(kind, raw_of(the_record(town, kind)), TEXTS[title]):
                corrected(town, kind, raw_of(the_record(town, kind)) | {name: TEXTS[title]})
    faults, shown = [], 0
    for row in town.doors("GET"):
        if not is_json(row):
            answer = town.send(row, "GET")
            faults += faults_of(answer, row["rule"])
            shown += escape(TEXTS[title]) in answer.data.decode(errors="replace")
    assert faults == []
    assert shown > 5


def test_the_bank_still_finds_faults(town: Town) -> None:
    """The same look at a view that trusts what it gets, that tells what it is made of, that echoes."""
    (row,) = [one for one in town.doors("POST") if one["endpoint"] == "records.contact_new"]
    assert list(faults_of(town.send(row, "POST"), "as it is")) == []

    def trusting(**_: Any) -> str:
        raise ValueError("as an unguarded view would")

    for view in (trusting, lambda **_: "psycopg.errors.DataError", lambda **_: TEXTS["markup"]):
        kept = town.app.view_functions[row["endpoint"]]
        town.app.view_functions[row["endpoint"]] = view
        try:
            assert list(faults_of(town.send(row, "POST"), "seeded"))
        finally:
            town.app.view_functions[row["endpoint"]] = kept
