"""The description of the service: whole, true to the declarations, and sound as OpenAPI 3.1."""

import re
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from jsonschema_rs import Draft202012Validator
from marshmallow import ValidationError

from outcomes.core.actor import Level
from outcomes.core.token_scopes import TokenScope
from outcomes.kit.api.schemas import body_of, example_of, record_of
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.reading.addresses import rules_of
from outcomes.kit.writing.schema import schema_of
from outcomes.web.operations import Named
from outcomes.web.routes import declarations
from tests.api.conftest import ROLES, Programs
from tests.kit.test_every_kind import every_kind


@pytest.fixture
def described(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/api/v1/openapi.json").get_json()
    return found


def test_every_address_for_programs_is_in_it_and_nothing_else(app: Flask, described: dict[str, Any]) -> None:
    declared = {
        (re.sub(r"<[a-z_]+:([a-z_]+)>", r"{\1}", row["rule"]), method.lower())
        for row in declarations(app)
        if row["rule"].startswith("/api/")
        for method in row["methods"]
    }
    told = {(address, method) for address, methods in described["paths"].items() for method in methods}
    assert told == declared and len(told) > 100


def test_nobody_needs_to_be_known_to_read_it(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200 and answer.mimetype == "application/json"


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    met = set(re.findall(r"'\$ref': '#/([^']+)'", str(described)))
    assert len(met) > 80
    for reference in met:
        found = described
        for step in reference.split("/"):
            found = found[step]
        assert found, reference


def test_every_schema_is_sound(described: dict[str, Any]) -> None:
    for name, schema in described["components"]["schemas"].items():
        jsonschema_rs.meta.validate(schema | {"$schema": "https://json-schema.org/draft/2020-12/schema"})
        assert schema.get("additionalProperties") is False, name


def test_every_operation_is_told_apart_and_says_which_scope_it_needs(described: dict[str, Any]) -> None:
    operations = [one for methods in described["paths"].values() for one in methods.values()]
    ids = [one["operationId"] for one in operations]
    assert len(ids) == len(set(ids))
    named = {scope for one in operations for need in one["security"] for scope in need["bearer"]}
    assert named == {"records:read", "records:write", "figures:read"}
    without = [one["operationId"] for one in operations if not one["security"]]
    assert without == ["documentation-openapi"]
    assert {scope.value for scope in TokenScope} > named


def test_what_is_written_needs_its_headers_and_may_be_refused(described: dict[str, Any]) -> None:
    put = described["paths"]["/api/v1/children/{owner}/health-check/{record}"]["put"]
    assert [one["name"] for one in put["parameters"] if one["in"] == "header"] == [
        "Idempotency-Key",
        "If-Match",
    ]
    assert set(put["responses"]) == {
        "200", "400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "429", "503"
    }  # fmt: skip


# -- what holds for every kind ---------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A schema without names: every Named in its place."""
    if isinstance(value, Named):
        return plain(value.schema)
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


@every_kind
def test_its_body_asks_what_its_schema_asks(kind: type[Record]) -> None:
    body, fields = body_of(kind).schema, schema_of(kind).fields
    assert set(body["properties"]) == set(fields)
    assert set(body["required"]) == {name for name, field in fields.items() if field.required}


@every_kind
def test_what_the_description_refuses_of_a_field_the_schema_refuses(kind: type[Record]) -> None:
    """One value after another that may be sent to no field, or only to some, asked of both."""
    sent = plain(body_of(kind).schema)["properties"]
    for name, field in kind.asked_fields().items():
        if name not in sent:
            continue
        allowed, judged = Draft202012Validator(sent[name], validate_formats=True), field.schema_field()
        for value in VALUES:
            try:
                judged.deserialize(value)
                accepted = True
            except ValidationError:
                accepted = False
            told = allowed.is_valid(value)
            # The description may allow more (a day in the future, a link to nothing), never less.
            assert told or not accepted, f"{name}: accepts {value!r}, which the description refuses"


VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 3, 2.5, -2.5, 10**9, 2**62, "3", "2.5", "x", "yes", "Some words", "2026-03-27",
    "2026-03-27T22:15", "2026-03-27T22:15:30.5+00:00", "27/03/2026", "2026-13-45", "x" * 300, "x" * 20_000,
    [], ["x"], [["a", "b"]], [["a"]], {}, {"a": "b"}, {"a": 1}, {"a=b": "c"}, [1, 1], ["x", "x"],
]  # fmt: skip


@every_kind
def test_its_example_is_one_that_may_be_sent(kind: type[Record]) -> None:
    example = example_of(kind)
    assert Draft202012Validator(plain(body_of(kind).schema)).is_valid(example)
    for name, field in kind.asked_fields().items():
        if name in example:
            field.schema_field().deserialize(example[name])


def test_every_record_is_answered_as_described(programs: Programs) -> None:
    shown = 0
    for kind in KINDS:
        wanted = Draft202012Validator(plain(record_of(kind).schema), validate_formats=True)
        for role in ROLES:
            answer = programs.get(role, f"/api/v1{place_of(programs, kind)}")
            if answer.status_code == 200:
                shown += 1
                assert [str(one) for one in wanted.iter_errors(answer.get_json())] == [], (kind, role)
    assert shown > len(KINDS)


def place_of(programs: Programs, kind: type[Record]) -> str:
    rule, name = rules_of(kind)["show"], kind.kind_name()
    return rule.replace("<public_id:owner>", programs.owners.get(name, "")).replace(
        "<public_id:record>", programs.records[name]
    )


def test_only_open_fields_are_promised() -> None:
    """Whoever may not see a field is answered without it."""
    for kind in KINDS:
        required = set(record_of(kind).schema["required"])
        hidden = {name for name, field in kind.asked_fields().items() if field.level is not Level.OPEN}
        assert not required & hidden
