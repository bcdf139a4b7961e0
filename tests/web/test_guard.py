"""Nobody gets to a view without the permission that its address declares."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.core.permissions import Permission
from outcomes.web.guard import safe_next
from tests.web.site import CHILD, SECRET_WORDS, Browser, Site, keyworker


def test_who_is_signed_in_with_the_permission_gets_the_page(browser: Browser) -> None:
    assert SECRET_WORDS in browser.get(f"/children/{CHILD}").text


def test_without_the_permission_it_is_refused(site: Site) -> None:
    site.actor = keyworker(Permission.PLACE_READ)
    answered = site.client().get(f"/children/{CHILD}")
    assert answered.status_code == 403
    assert SECRET_WORDS not in answered.text
    assert site.client().get("/homes").status_code == 200


def test_signed_in_is_enough_where_that_is_declared(site: Site) -> None:
    site.actor = keyworker()
    assert site.client().get("/my-day").text == "day of Ada Obi"


def test_nobody_is_sent_to_sign_in_and_back(site: Site) -> None:
    site.actor = None
    answered = site.client().get("/my-day?for=2025-07-01&q=Zo%C3%AB")
    assert answered.status_code == 303
    target = urlsplit(answered.headers["Location"])
    assert (target.scheme, target.netloc, target.path) == ("", "", "/sign-in")
    assert parse_qs(target.query) == {"next": ["/my-day?for=2025-07-01&q=Zo%C3%AB"]}


@pytest.mark.parametrize(
    "address",
    [
        "/my-day?next=//evil.example",
        "/my-day?q=%0d%0aSet-Cookie:%20a=b",
        "/my-day?q=%ff%fe",
        "/my-day?q=a b<script>",
        "/my-day?" + "a" * 2000,
        f"/children/{CHILD}?x=\\\\evil",
    ],
)
def test_the_way_back_is_always_a_path_here(site: Site, address: str) -> None:
    site.actor = None
    answered = site.client().get(address)
    assert answered.status_code == 303
    target = urlsplit(answered.headers["Location"])
    assert (target.scheme, target.netloc, target.path) == ("", "", "/sign-in")
    for back in parse_qs(target.query).get("next", []):
        assert safe_next(back) == back


def test_nobody_who_sends_a_form_is_sent_to_sign_in_without_a_way_back(site: Site) -> None:
    browser = site.client()
    token = browser.token()
    site.actor = None
    answered = browser.post("/form", data={"csrf_token": token})
    assert (answered.status_code, answered.headers["Location"]) == (303, "/sign-in")


def test_a_program_without_a_session_is_told_in_json(site: Site) -> None:
    site.actor = None
    answered = site.client().get("/api/v1/children")
    assert answered.status_code == 401
    assert answered.json == {
        "error": {"code": "sign_in_needed", "message": "Sign in to continue.", "fields": {}}
    }
    assert "WWW-Authenticate" in answered.headers


def test_head_needs_what_get_needs(site: Site) -> None:
    site.actor = keyworker()
    assert site.client().head(f"/children/{CHILD}").status_code == 403
    site.actor = keyworker(Permission.CHILD_READ)
    assert site.client().head(f"/children/{CHILD}").status_code == 200


def test_public_pages_do_not_ask_who_it_is_and_others_ask_once(site: Site) -> None:
    site.client().get("/")
    assert site.loads == 0
    site.client().get("/my-day")
    assert site.loads == 1


def test_an_address_that_is_not_there_is_the_same_for_everybody(site: Site) -> None:
    known = site.client().get("/nothing-here")
    site.actor = None
    unknown = site.client().get("/nothing-here")
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text) == (404, known.text)


@pytest.mark.parametrize(
    "good", ["/", "/my-day", "/children?page=2&q=Zo%C3%AB", "/a//b", "/a?to=//b", "/a:b@c"]
)
def test_a_way_back_within_this_service(good: str) -> None:
    assert safe_next(good) == good


@pytest.mark.parametrize(
    "bad",
    [
        None,
        "",
        "my-day",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "https://evil.example",
        "javascript:alert(1)",
        " //evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: a=b",
        "/\x00",
        "/a b",
        "/é",
        "/\u2028",
        "/" + "a" * 1000,
    ],
)
def test_a_way_back_that_leads_elsewhere(bad: str | None) -> None:
    assert safe_next(bad) is None


@given(st.text())
def test_whatever_passes_is_a_path_here(text: str) -> None:
    passed = safe_next(text)
    if passed is not None:
        parts = urlsplit(passed)
        assert (parts.scheme, parts.netloc) == ("", "")
        assert passed == text
        assert passed.isascii()
        assert passed.isprintable()
