"""The description of the programs' door as OpenAPI 3.1, made from the declared routes alone.

Nothing here is written beside a route: its address, parameters, permission and scopes come from its
declaration, its body and answers from its Operation (`operations.py`), every refusal from the one
error shape (`errors.py`).
"""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from outcomes.core.errors import Misconfigured
from outcomes.core.permissions import Permission
from outcomes.core.token_scopes import TokenScope, scopes_with
from outcomes.web.bearer import API
from outcomes.web.operations import Answer, Named, Operation, Parameter
from outcomes.web.routes import CONVERTERS, Declaration, declaration_of

VERSION = "1"

ERROR = Named(
    "Error",
    {
        "type": "object",
        "required": ["error"],
        "additionalProperties": False,
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message", "fields"],
                "additionalProperties": False,
                "properties": {
                    "code": {"type": "string", "description": "A stable word for programs."},
                    "message": {
                        "type": "string",
                        "minLength": 1,
                        "description": "What is wrong, for people.",
                    },
                    "fields": {
                        "type": "object",
                        "description": "Messages by field; those of the whole stand under an empty name.",
                        "additionalProperties": {"type": "array", "items": {"type": "string"}},
                    },
                },
            }
        },
    },
)

HEADERS: Mapping[str, Mapping[str, Any]] = {
    "ETag": {
        "description": "The revision that stands. Send it back as If-Match to change the record.",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    },
    "Location": {
        "description": "The address of the new record.",
        "schema": {"type": "string", "pattern": "^/api/v1/"},
    },
    "WWW-Authenticate": {
        "description": "How to say who you are.",
        "schema": {"type": "string", "pattern": "^Bearer"},
    },
    "Retry-After": {
        "description": "In how many seconds to try again.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "X-Request-ID": {
        "description": "Quote it when you tell us of a fault.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    },
}

_SAYS = {
    400: "The request cannot be read: broken JSON, a control character, a header or key that is missing.",
    401: "No token, or one that does not work.",
    403: "The owner's role, or the token's scopes, do not include this.",
    404: "Not there, or not the owner's to see: both answer alike.",
    409: "This contradicts what stands, such as a record that was withdrawn.",
    412: "The record was changed after its ETag was read. Nothing was saved.",
    413: "The body is larger than the service accepts.",
    415: "The body is not application/json.",
    422: "The request can be read and cannot be accepted; `fields` says why.",
    428: "Say in If-Match which revision the change was made from.",
    429: "Too many tokens from this address did not work.",
    503: "The service cannot keep its promises just now. Nothing was done.",
}
_OF_EVERY_REFUSAL = {401: ("WWW-Authenticate",), 429: ("Retry-After",)}
_WRITING = (409, 413, 415, 422)
_PARAMETER = re.compile(r"<(?P<type>[a-z_]+):(?P<name>[a-z_]+)>")


def described(app: Flask) -> Iterator[tuple[Rule, str, Declaration, Operation]]:
    """Every address under /api/ with its method, sorted by address."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.rule, sorted(one.methods or ()))):
        declaration = declaration_of(rule)
        if rule.rule.startswith(API) and declaration and declaration.operation:
            for method in declaration.methods:
                yield rule, method.lower(), declaration, declaration.operation


def check_described(app: Flask) -> None:
    """Refuse to start with an address for programs that says nothing of itself, or that no token could
    ever use. Raises Misconfigured with every fault, each with its mend."""
    faults = [
        fault for rule in app.url_map.iter_rules() if rule.rule.startswith(API) for fault in _faults(rule)
    ]
    if faults:
        listed = "\n".join(f"- {fault}" for fault in sorted(faults))
        raise Misconfigured(f"These addresses are not described:\n{listed}")


def _faults(rule: Rule) -> Iterator[str]:
    declaration = declaration_of(rule)
    if declaration is None or declaration.operation is None:
        yield f"{rule.rule} says nothing of itself. Declare it with route(…, operation=Operation(…))."
    elif declaration.permission is not Permission.PUBLIC and not scopes_with(declaration.permission):
        yield (
            f"{rule.rule} needs {declaration.permission}, which no scope of a token names. "
            "Add it to one in outcomes/core/token_scopes.py."
        )


def document(app: Flask) -> dict[str, Any]:
    """The description of every address under /api/."""
    schemas: dict[str, Any] = {}
    paths: dict[str, dict[str, Any]] = {}
    for rule, method, declaration, operation in described(app):
        address = _PARAMETER.sub(r"{\g<name>}", rule.rule)
        made = _operation(rule, method, declaration, operation)
        paths.setdefault(address, {})[method] = _referring(made, schemas)
    refusals = {_key(status): _referring(_refusal(status), schemas) for status in sorted(_SAYS)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Outcomes",
            "version": VERSION,
            "summary": "The case record and its figures, for programs.",
            "description": "Every list is an envelope, every refusal has one shape. The page /api says more.",
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in _tags(app)],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": refusals,
            "headers": {name: {**said, "required": True} for name, said in HEADERS.items()},
            "securitySchemes": {"bearer": _SECURITY},
        },
    }


_SECURITY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token made at /account/tokens. Its scopes only narrow what its owner may do: "
    + "; ".join(f"{scope.value}: {scope.says.lower()}" for scope in TokenScope)
    + ".",
}


def _tags(app: Flask) -> list[str]:
    return list(dict.fromkeys(operation.tag for _, _, _, operation in described(app)))


def _operation(rule: Rule, method: str, declaration: Declaration, operation: Operation) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": rule.endpoint.replace(".", "-"),
        "summary": operation.summary,
        "tags": [operation.tag],
        "security": _security(declaration.permission),
        "parameters": [
            *(_in_path(found["name"], found["type"], operation) for found in _PARAMETER.finditer(rule.rule)),
            *(_parameter(one) for one in operation.parameters),
        ],
        "responses": {
            **{str(status): _answer(answer) for status, answer in operation.answers.items()},
            **{
                str(status): {"$ref": f"#/components/responses/{_key(status)}"}
                for status in sorted(_statuses(rule, declaration, operation))
            },
        },
    }
    if operation.about:
        made["description"] = operation.about
    if operation.body:
        content: dict[str, Any] = {"schema": operation.body}
        if operation.example is not None:
            content["example"] = operation.example
        made["requestBody"] = {"required": True, "content": {"application/json": content}}
    return made


def _statuses(rule: Rule, declaration: Declaration, operation: Operation) -> set[int]:
    """The refusals of an operation."""
    found = {400, *operation.refusals}
    if declaration.permission is not Permission.PUBLIC:
        found |= {401, 403, 429, 503}
    if "<" in rule.rule:
        found.add(404)
    if operation.parameters:
        found.add(422)
    if operation.body:
        found |= set(_WRITING)
    return found


def _security(permission: Permission) -> list[dict[str, list[str]]]:
    """One of these scopes is needed; none where the address is public."""
    if permission is Permission.PUBLIC:
        return []
    return [{"bearer": [scope.value]} for scope in scopes_with(permission)]


def _in_path(name: str, converter: str, operation: Operation) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": operation.path.get(name, "The id of the record."),
        "schema": {"type": "string", "pattern": f"^{CONVERTERS[converter].regex}$"},
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    made = {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.required,
        "description": parameter.says,
        "schema": parameter.schema,
    }
    return made if parameter.example is None else made | {"example": parameter.example}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "description": answer.says,
        "headers": _headers(answer.headers),
        "content": {"application/json": {"schema": answer.schema}},
    }


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": _SAYS[status],
        "headers": _headers(_OF_EVERY_REFUSAL.get(status, ())),
        "content": {"application/json": {"schema": ERROR}},
    }


def _headers(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, "X-Request-ID")}


def _key(status: int) -> str:
    return "".join(word.capitalize() for word in HTTPStatus(status).phrase.replace("-", " ").split())


def _referring(value: Any, schemas: dict[str, Any]) -> Any:
    """The same, with every Named put among the schemas and referred to."""
    if isinstance(value, Named):
        if value.name not in schemas:
            # First a place, as a schema may refer to itself.
            schemas[value.name] = {}
            schemas[value.name] = _referring(value.schema, schemas)
        return {"$ref": f"#/components/schemas/{value.name}"}
    if isinstance(value, Mapping):
        return {key: _referring(inner, schemas) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_referring(inner, schemas) for inner in value]
    return value
