"""The payload bank at every door of the kit: an answer each time, never a fault, nothing echoed raw."""

from typing import Any

import pytest

from tests.web.site import CHILD, Browser

PAYLOADS = {
    "blank": "",
    "spaces": " " * 1000,
    "NUL": "\x00",
    "NUL within": "Ada\x00Obi",
    "bell": "\x07",
    "escape": "\x1b]0;title\x07",
    "vertical tab": "a\x0bb",
    "delete": "\x7f",
    "C1": "\x9b31m",
    "non-character": "\uffff",
    "replacement": "\ufffd",
    "right to left": "\u202eabc",
    "zero width": "\u200b\u200d\ufeff",
    "combining": "e" + "\u0301" * 500,
    "astral": "\U0001f600" * 50,
    "line separators": "\u2028\u2029",
    "header break": "a\r\nSet-Cookie: stolen=1",
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)',
    "template": "{{ 7*7 }}{% for x in y %}",
    "format": "%s%n{0.__class__}",
    "SQL": "'; DROP TABLE person; --",
    "LIKE": "%_\\",
    "path": "../../../../etc/passwd",
    "backslashes": "\\\\host\\share",
    "address": "//evil.example/",
    "file address": "file:///etc/passwd",
    "formula": "=cmd|'/C calc'!A0",
    "null word": "null",
    "not a number": "NaN",
    "infinity": "-Infinity",
    "64 bits": "9223372036854775808",
    "32 bits": "2147483648",
    "huge": "9" * 5000,
    "exponent": "6e30",
    "tiny": "1e-400",
    "underscores": "1_000",
    "Arabic digits": "٣٤٥",
    "long": "x" * 5000,
    "brackets": "[" * 3000,
    "broken percent": "%zz%",
}


def doors(browser: Browser, payload: str) -> list[Any]:
    """The same payload at every place where a request can carry text."""
    in_header = payload.encode("utf-8").decode("latin-1").translate({ord(c): None for c in "\r\n"})
    return [
        browser.get("/list", query_string={"q": payload, "page": payload}),
        browser.get("/list", query_string={payload: payload}),
        browser.get("/my-day", query_string={"next": payload}),
        browser.get("/children/" + payload.replace("?", "").replace("#", "")),
        browser.get(f"/children/{CHILD}", headers={"If-Match": in_header, "X-Request-ID": in_header}),
        browser.get("/my-day", headers={"Cookie": f"outcomes={in_header}"}),
        browser.send_form("/form", {"note": payload, "kind": payload, "topics": [payload, payload]}),
        browser.send_form(
            "/form", {"note": payload, payload or "x": payload}, content_type="multipart/form-data"
        ),
        browser.send_form("/keyed", {"idempotency_key": payload, "note": payload}),
        browser.post("/form", data={"csrf_token": payload}),
        browser.post("/form", data=payload.encode(), content_type="application/x-www-form-urlencoded"),
        browser.post("/form", data=payload.encode(), content_type="multipart/form-data; boundary=x"),
        browser.send_json("/api/v1/echo", payload.encode()),
        browser.send_json("/api/v1/echo", b'{"a": ' + payload.encode() + b"}"),
        browser.send_json("/api/v1/echo", b"{}", headers={"Idempotency-Key": in_header}),
    ]


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_no_payload_is_a_fault_at_any_door(browser: Browser, payload: str) -> None:
    for answered in doors(browser, payload):
        assert answered.status_code < 500, answered.request.path
        assert "stolen=1" not in answered.headers.get("Set-Cookie", "")
        if answered.mimetype == "text/html":
            assert "<script>" not in answered.text
            assert 'onmouseover="' not in answered.text


def test_the_bank_still_finds_faults(browser: Browser) -> None:
    """The same walk over a view that trusts what it gets does see a fault."""

    def trusting(**_: Any) -> str:
        raise ValueError("as an unguarded view would")

    browser.application.view_functions["pages.form"] = trusting
    assert any(answered.status_code == 500 for answered in doors(browser, "a"))
