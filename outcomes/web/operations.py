"""What an address under /api/ says of itself to programs, declared with its route.

The description of the service (`openapi.py`) and the page at /api are made of these and of nothing
else; an address under /api/ without one refuses the start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Schema = Mapping[str, Any]
"""JSON Schema. Anywhere inside it a Named may stand for a schema."""


@dataclass(frozen=True, slots=True)
class Named:
    """A schema with a name, written once and referred to. Equal names must mean equal schemas."""

    name: str
    schema: Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A word in the query, or a header of the request."""

    name: str
    says: str
    schema: Schema
    where: str = "query"
    required: bool = False
    example: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that is no refusal. `headers` are words of `openapi.HEADERS`."""

    says: str
    schema: Named | Schema
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address. `path` says what each parameter in the address is; `refusals` are
    statuses beside those that follow from the permission, the query and the body."""

    summary: str
    tag: str
    answers: Mapping[int, Answer]
    about: str = ""
    path: Mapping[str, str] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    body: Named | None = None
    example: Any = None
    refusals: tuple[int, ...] = ()


PAGING = (
    Parameter(
        name="page",
        says="Which page of the list, counted from 1.",
        schema={"type": "integer", "minimum": 1, "maximum": 100_000, "default": 1},
    ),
    Parameter(
        name="per_page",
        says="How many items a page has.",
        schema={"type": "integer", "minimum": 1, "maximum": 100, "default": 25},
    ),
)
"""The query of every list."""


def page_of(items: Named | Schema) -> Schema:
    """The envelope of every list."""
    return {
        "type": "object",
        "required": ["items", "total", "page", "pages"],
        "additionalProperties": False,
        "properties": {
            "items": {"type": "array", "items": items},
            "total": {"type": "integer", "minimum": 0, "description": "How many items all pages have."},
            "page": {"type": "integer", "minimum": 1},
            "pages": {"type": "integer", "minimum": 1},
        },
    }
