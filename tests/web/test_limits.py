"""What may not be sent at all, each limit beside its legitimate twin."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.web.limits import LARGEST_FIELD, LONGEST_QUERY, MOST_FIELDS, unreadable
from tests.web.site import Browser, make_site, settings_for

BAD = ["\x00", "a\x00b", "\x08", "\x0b", "\x1b[31m", "\x7f", "\x85", "\x9f", "\ufffe"]
GOOD = [
    "",
    "two\r\nlines\tand a tab",
    "Zoë",
    "Ω≈ç√",
    "👩‍👧",
    "‏שלום",
    "a\u2028b",
    "' OR 1=1 --",
    "=cmd()",
    "\ufffd",
]


@pytest.mark.parametrize("text", BAD)
def test_unreadable_characters_are_refused_and_the_field_is_named(browser: Browser, text: str) -> None:
    for answered in (
        browser.get("/list", query_string={"q": text}),
        browser.send_form("/form", {"note": text}),
        browser.send_form("/form", {"note": text}, content_type="multipart/form-data"),
    ):
        assert answered.status_code == 400
        assert "U+" in answered.text
        assert "&#39;q&#39;" in answered.text or "&#39;note&#39;" in answered.text
        assert not unreadable(answered.text.replace("\n", ""))


@pytest.mark.parametrize("text", GOOD)
def test_readable_characters_pass(browser: Browser, text: str) -> None:
    answered = browser.get("/list", query_string={"q": text})
    assert answered.json is not None
    assert answered.json["q"] == text
    assert browser.send_form("/form", {"note": text}).status_code == 200


def test_unreadable_names_are_refused(browser: Browser) -> None:
    assert browser.get("/list?%00=a").status_code == 400
    assert browser.send_form("/form", {"no\x1bte": "a"}).status_code == 400


def test_a_part_without_a_name_is_refused(browser: Browser) -> None:
    token = browser.token().encode()
    for name, status in ((b'; name="note"', 200), (b"", 400), (b'; name="no\\', 400)):
        body = b"--x\r\nContent-Disposition: form-data%s\r\n\r\na\r\n" % name
        body += b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n%s\r\n--x--\r\n' % token
        answered = browser.post("/form", data=body, content_type="multipart/form-data; boundary=x")
        assert answered.status_code == status


def test_an_unreadable_path_is_refused(browser: Browser) -> None:
    for path in ("/my-day%00", "/%1b", "/children/%c2%85"):
        assert browser.get(path).status_code == 400
    assert browser.get("/my-day").status_code == 200


def test_an_unreadable_file_name_is_refused(browser: Browser) -> None:
    for name, status in (("a\x1b.csv", 400), ("a.csv", 200)):
        data = {"file": (BytesIO(b"a"), name)}
        assert browser.send_form("/form", data, content_type="multipart/form-data").status_code == status


def test_bytes_that_are_no_text_do_no_harm(browser: Browser) -> None:
    assert browser.get("/list?q=%ff%ed%a0%80").status_code == 200
    answered = browser.post(
        "/form",
        data=b"note=%ff%fe&csrf_token=" + browser.token().encode(),
        content_type="application/x-www-form-urlencoded",
    )
    assert answered.status_code == 200


def test_a_long_query(browser: Browser) -> None:
    assert browser.get("/list?q=" + "a" * (LONGEST_QUERY - 2)).status_code == 200
    assert browser.get("/list?q=" + "a" * LONGEST_QUERY).status_code == 400


def test_a_large_body_is_refused_by_its_declared_size(tmp_path: Path) -> None:
    browser = make_site(settings_for(tmp_path, largest_body=1000)).client()
    assert browser.send_form("/form", {"note": "a" * 500}).status_code == 200
    assert browser.send_form("/form", {"note": "a" * 1000}).status_code == 413
    assert browser.send_json("/api/v1/echo", b'{"a": "%s"}' % (b"a" * 500)).status_code == 200
    refused = browser.send_json("/api/v1/echo", b'{"a": "%s"}' % (b"a" * 1000))
    assert refused.status_code == 413
    assert refused.json["error"]["code"] == "too_large"


def test_ten_megabytes(browser: Browser) -> None:
    body = b"a" * 10_000_000
    for content_type in (
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
    ):
        answered = browser.post("/form", data=b"note=" + body, content_type=content_type)
        assert answered.status_code in (400, 413)
    assert browser.send_json("/api/v1/echo", body).status_code == 413


def test_one_large_field(browser: Browser) -> None:
    kinds: tuple[str, ...] = ("multipart/form-data", "application/x-www-form-urlencoded")
    for kind in kinds:
        assert (
            browser.send_form("/form", {"note": "a" * (LARGEST_FIELD // 2)}, content_type=kind).status_code
            == 200
        )
        assert (
            browser.send_form("/form", {"note": "a" * (LARGEST_FIELD + 1)}, content_type=kind).status_code
            == 413
        )


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_many_fields(browser: Browser, kind: str) -> None:
    few = {f"n{number}": "1" for number in range(MOST_FIELDS - 10)}
    many = {f"n{number}": "1" for number in range(MOST_FIELDS + 1)}
    assert browser.send_form("/form", few, content_type=kind).status_code == 200
    assert browser.send_form("/form", many, content_type=kind).status_code in (400, 413)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 200),
        ("page=1", 200),
        ("page=100000&per_page=100", 200),
        ("page=0", 422),
        ("page=-1", 422),
        ("page=100001", 422),
        ("page=6e30", 422),
        ("page=1.5", 422),
        ("page=" + "9" * 400, 422),
        ("page=%D9%A3", 422),
        ("page=two", 422),
        ("page=", 422),
        ("per_page=", 422),
        ("per_page=101", 422),
        ("per_page=0", 422),
    ],
)
def test_pages_have_bounds(browser: Browser, query: str, status: int) -> None:
    assert browser.get(f"/list?{query}").status_code == status


@given(st.text())
def test_unreadable_is_what_the_categories_say(text: str) -> None:
    assert not unreadable("".join(character for character in text if character.isprintable()))


@pytest.mark.parametrize("hosts", [("outcomes.example",)])
def test_only_trusted_hosts_are_answered(tmp_path: Path, hosts: Any) -> None:
    browser = make_site(settings_for(tmp_path, trusted_hosts=hosts)).client()
    assert browser.get("/", base_url="http://outcomes.example").status_code == 200
    assert browser.get("/", base_url="http://evil.example").status_code == 400
