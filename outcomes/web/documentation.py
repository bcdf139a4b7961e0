"""How programs use the service: the description at /api/v1/openapi.json, and the page at /api made from it.

Both are public on purpose: they say what the service is, and nothing of anybody in it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Flask, Response, current_app, make_response, render_template
from flask.json import dumps

from outcomes.core.permissions import Permission
from outcomes.core.token_scopes import TokenScope
from outcomes.web.openapi import document
from outcomes.web.operations import PAGING, Answer, Operation
from outcomes.web.routes import NO_AUDIT, route

documentation_pages = Blueprint("documentation", __name__)

_KEPT = "outcomes_openapi"
_SAID_ABOVE = {parameter.name for parameter in PAGING}
_VERBS = ("get", "post", "put", "delete")

_DESCRIPTION = Operation(
    summary="Read this description",
    tag="The service itself",
    answers={
        200: Answer(
            says="The service as OpenAPI 3.1",
            schema={
                "type": "object",
                "required": ["openapi", "info", "paths", "components"],
                "properties": {"openapi": {"const": "3.1.0"}},
            },
        )
    },
)


@route(
    documentation_pages,
    "/api/v1/openapi.json",
    permission=Permission.PUBLIC,
    audit=NO_AUDIT,
    operation=_DESCRIPTION,
)
def openapi() -> Response:
    """The service as OpenAPI 3.1."""
    return Response(dumps(_document(current_app), sort_keys=False), mimetype="application/json")


@route(documentation_pages, "/api", permission=Permission.PUBLIC, audit=NO_AUDIT)
def readable() -> Response:
    """The same for people: how to begin, and every address with its fields."""
    described = _document(current_app)
    return make_response(
        render_template(
            "api.html",
            scopes=[(scope.value, scope.says) for scope in TokenScope],
            refusals=list(_refusals(described)),
            resources=list(_resources(described)),
        )
    )


def _document(app: Flask) -> dict[str, Any]:
    """The description, made once: nothing in it changes while the service runs."""
    if _KEPT not in app.extensions:
        app.extensions[_KEPT] = document(app)
    kept: dict[str, Any] = app.extensions[_KEPT]
    return kept


def _refusals(described: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each status that refuses, in the order of the numbers, with what it means."""
    said = described["components"]["responses"]
    met = {
        status: answer["$ref"].rpartition("/")[2]
        for operations in described["paths"].values()
        for operation in operations.values()
        for status, answer in operation["responses"].items()
        if "$ref" in answer
    }
    return ((status, said[name]["description"]) for status, name in sorted(met.items()))


def _resources(described: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What the addresses are about, one after another: their operations, their fields, an example."""
    for number, tag in enumerate(described["tags"], start=1):
        found = [
            (method, address, operation)
            for address, operations in described["paths"].items()
            for method, operation in operations.items()
            if tag["name"] in operation["tags"]
        ]
        found.sort(key=lambda one: (_VERBS.index(one[0]), one[1]))
        bodies = [
            one["requestBody"]["content"]["application/json"] for *_, one in found if "requestBody" in one
        ]
        yield {
            "id": f"resource-{number}",
            "title": tag["name"],
            "operations": [_operation_row(*one) for one in found],
            "fields": _field_rows(bodies[0]["schema"], described) if bodies else [],
            "query": [
                _field_row(one["name"], one["schema"] | {"description": one["description"]}, False)
                for *_, operation in found
                for one in operation["parameters"]
                if one["in"] == "query" and one["name"] not in _SAID_ABOVE
            ],
            "example": dumps(bodies[0].get("example"), indent=2, sort_keys=False) if bodies else "",
        }


def _operation_row(method: str, address: str, operation: Mapping[str, Any]) -> list[str]:
    scopes = " or ".join(name for one in operation["security"] for name in one["bearer"])
    return [operation["summary"], f"{method.upper()} {address}", scopes or "none"]


def _field_rows(schema: Mapping[str, Any], described: Mapping[str, Any]) -> list[list[str]]:
    body = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return [_field_row(name, one, name in body["required"]) for name, one in body["properties"].items()]


def _field_row(name: str, schema: Mapping[str, Any], required: bool) -> list[str]:
    must = "Required. " if required else ""
    return [name, f"{must}{_in_words(schema)}", str(schema.get("description", ""))]


def _in_words(schema: Mapping[str, Any]) -> str:
    """What may be sent, in a phrase."""
    if "enum" in schema:
        return "One of " + ", ".join(str(one) for one in schema["enum"] if one not in (None, "")) + "."
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return _PHRASES[kinds[0]](schema)


def _text(schema: Mapping[str, Any]) -> str:
    if schema.get("format") == "date":
        return "A day, such as 2026-03-27."
    if "examples" in schema:
        return f"A code, such as {', '.join(schema['examples'][:6])}."
    if "pattern" in schema:
        return "Text."
    return f"Text, up to {schema['maxLength']:,} characters." if "maxLength" in schema else "Text."


def _number(words: str, schema: Mapping[str, Any]) -> str:
    return f"{words} from {schema['minimum']:,} to {schema['maximum']:,}."


_PHRASES = {
    "string": _text,
    "integer": lambda schema: _number("A whole number", schema),
    "number": lambda schema: _number("A number", schema),
    "boolean": lambda schema: "true or false.",
    "array": lambda schema: f"A list. Each: {_in_words(schema['items'])}",
    "object": lambda schema: (
        "An object with " + ", ".join(schema["properties"]) + "."
        if "properties" in schema
        else "An object of words by code."
    ),
}
