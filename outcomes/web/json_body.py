"""JSON bodies, read so strictly that what arrives is what was meant.

Refused with 400: deeper than 32 (checked before parsing: a hundred thousand brackets exhaust the
parser), NaN and Infinity, whole numbers beyond 64 bits, a key given twice, more than a thousand
keys in one object, unreadable characters, anything but an object. Numbers with decimals come as
Decimal, exactly as written.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from outcomes.core.errors import Malformed
from outcomes.web.limits import MOST_FIELDS, refuse_unreadable

DEEPEST = 32
LARGEST_INTEGER = 2**63 - 1
LONGEST_NUMBER = 40
LARGEST_EXPONENT = 30

# A string (also one that never ends) or one bracket. Possessive, so that no body makes it go back.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|[\[\]{}]', re.DOTALL)


def read_json() -> dict[str, Any]:
    """This request's JSON object. Raises Malformed, or 415 where the body is not application/json."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    return read_object(request.get_data())


def read_object(body: bytes) -> dict[str, Any]:
    """The object that a JSON document is. Raises Malformed, saying what is wrong and where."""
    _check_depth(body)
    document = _parse(body)
    if not isinstance(document, dict):
        raise Malformed("The body must be a JSON object: { … }.")
    for place, text in _texts("", document):
        refuse_unreadable(place or "the body", text)
    return document


def _check_depth(body: bytes) -> None:
    depth = 0
    for token in _TOKEN.finditer(body):
        if token[0] in (b"[", b"{"):
            depth += 1
            if depth > DEEPEST:
                raise Malformed(f"The JSON is nested too deep: at most {DEEPEST} levels.")
        elif token[0] in (b"]", b"}"):
            depth -= 1


def _parse(body: bytes) -> Any:
    try:
        return json.loads(
            body.decode("utf-8"),
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise Malformed(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None


def _integer(text: str) -> int:
    if len(text) > 20 or abs(int(text)) > LARGEST_INTEGER:
        raise Malformed(f"A whole number is too large: at most {LARGEST_INTEGER} either way.")
    return int(text)


def _decimal(text: str) -> Decimal:
    # The sender's own digits: going through a float would change 0.1.
    number = Decimal(text) if len(text) <= LONGEST_NUMBER else None
    if number is None or not number.is_finite() or abs(number.adjusted()) > LARGEST_EXPONENT:
        raise Malformed(f"A number is too long or too large: at most {LONGEST_NUMBER} characters.")
    return number


def _no_constant(name: str) -> NoReturn:
    raise Malformed(f"{name} is not a number that can be recorded. Leave the value out or send null.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_FIELDS:
        raise Malformed(f"An object has too many keys: at most {MOST_FIELDS} at once.")
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise Malformed(f"The key {name[:60]!a} is given twice. Send each key once.")
        made[name] = value
    return made


def _texts(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every text in a document with its place in dotted words: ("scores.3.note", "…")."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            inside = f"{place}.{name}" if place else name
            yield inside, ""
            yield from _texts(inside, inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(f"{place}.{number}", inner)
