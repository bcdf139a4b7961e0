"""JSON bodies: read strictly, refused with 400 and never with a fault."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.core.errors import Malformed
from outcomes.web.json_body import DEEPEST, LARGEST_INTEGER, read_object
from outcomes.web.limits import unreadable
from tests.web.site import Browser

REFUSED = {
    "no JSON": b"{",
    "empty": b"",
    "a list": b"[]",
    "a text": b'"a"',
    "a number": b"1",
    "null": b"null",
    "two documents": b"{} {}",
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": Infinity}',
    "minus Infinity": b'{"a": -Infinity}',
    "a float beyond all": b'{"a": 1e999}',
    "a float too small": b'{"a": 1e-999}',
    "a long float": b'{"a": 0.' + b"1" * 100 + b"}",
    "beyond 64 bits": b'{"a": 9223372036854775808}',
    "below 64 bits": b'{"a": -9223372036854775808}',
    "thousands of digits": b'{"a": ' + b"9" * 5000 + b"}",
    "a key twice": b'{"a": 1, "a": 2}',
    "a key twice inside": b'{"b": [{"a": 1, "\\u0061": 2}]}',
    "NUL as an escape": b'{"a": "\\u0000"}',
    "a lone surrogate": b'{"a": "\\ud800"}',
    "a lone low surrogate": b'{"a": {"b": ["\\udfff"]}}',
    "a lone surrogate as a key": b'{"\\ud800": 1}',
    "a C1 character": b'{"a": "\\u0085"}',
    "an escape character": b'{"a": "\\u001b[31m"}',
    "not UTF-8": b'{"a": "\xff"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "with a byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "too deep": b'{"a":' + b"[" * 32 + b"]" * 32 + b"}",
    "a hundred thousand brackets": b"[" * 100_000,
    "a hundred thousand braces": b'{"a":' * 100_000,
    "brackets after a string that never ends": b'{"a": "' + b"[" * 100_000,
    "quotes without end": b'"\\"' * 200_000,
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_refused(browser: Browser, body: bytes) -> None:
    answered = browser.send_json("/api/v1/echo", body)
    assert answered.status_code == 400
    error = answered.json["error"]
    assert error["code"] == "malformed"
    assert len(error["message"]) > 20


def test_the_place_is_named(browser: Browser) -> None:
    answered = browser.send_json("/api/v1/echo", b'{"scores": [{}, {"note": "a\\u0000"}]}')
    assert "'scores.1.note'" in answered.json["error"]["message"]


ACCEPTED: dict[str, tuple[bytes, Any]] = {
    "empty": (b"{}", {}),
    "of every sort": (
        b' {"a": [1, true, null, "two\\r\\nlines\\t", {"b": ""}], "c": "Zo\xc3\xab \\ud83d\\ude00"} ',
        {"a": [1, True, None, "two\r\nlines\t", {"b": ""}], "c": "Zoë 😀"},
    ),
    "the largest whole numbers": (
        b'{"a": 9223372036854775807, "b": -9223372036854775807}',
        {"a": LARGEST_INTEGER, "b": -LARGEST_INTEGER},
    ),
    "decimals as written": (b'{"a": 57.10, "b": 0.0}', {"a": "57.10", "b": "0.0"}),
    "just deep enough": (
        b'{"a":' + b"[" * (DEEPEST - 1) + b"]" * (DEEPEST - 1) + b"}",
        {"a": json.loads("[" * (DEEPEST - 1) + "]" * (DEEPEST - 1))},
    ),
    "brackets within a text": (
        b'{"a": "%s\\"%s"}' % (b"[" * 100, b"{" * 100),
        {"a": "[" * 100 + '"' + "{" * 100},
    ),
    "the same key in two objects": (b'{"a": {"b": 1}, "c": {"b": 2}}', {"a": {"b": 1}, "c": {"b": 2}}),
}


@pytest.mark.parametrize(("body", "expected"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_accepted(browser: Browser, body: bytes, expected: Any) -> None:
    answered = browser.send_json("/api/v1/echo", body)
    assert (answered.status_code, answered.json) == (200, expected)


def test_another_content_type_is_not_read(browser: Browser) -> None:
    answered = browser.post(
        "/api/v1/echo", data=b"{}", content_type="text/plain", headers={"X-CSRF-Token": browser.token()}
    )
    assert answered.status_code == 415
    assert answered.json is not None
    assert answered.json["error"]["code"] == "unsupported_media_type"


readable = st.text().filter(lambda text: not unreadable(text))
nested = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | readable,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(readable, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(readable, nested, max_size=4))
@settings(max_examples=50)
def test_what_json_can_say_is_read_as_json_reads_it(document: Any) -> None:
    assert read_object(json.dumps(document).encode()) == document


@given(st.binary(max_size=200) | st.text('{}[]",:\\ \n1eE.-aN', max_size=200).map(str.encode))
@settings(max_examples=200)
def test_whatever_is_sent_is_read_or_refused(body: bytes) -> None:
    try:
        read_object(body)
    except Malformed as refusal:
        assert refusal.message
