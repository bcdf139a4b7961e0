"""Nothing unsafe is done without the token of the page before, whatever kind of request it is."""

from pathlib import Path

import pytest

from tests.web.site import Browser, Site, make_site, settings_for


def test_a_form_with_its_token_is_taken(browser: Browser) -> None:
    assert browser.send_form("/form", {"note": "a"}).status_code == 200


@pytest.mark.parametrize("token", ["", "wrong", "é", "a.b.c"])
def test_a_form_without_it_is_not(browser: Browser, token: str) -> None:
    browser.token()
    answered = browser.post("/form", data={"csrf_token": token})
    assert answered.status_code == 400
    assert "load the page again" in answered.text


def test_somebody_elses_token_is_not_taken(site: Site) -> None:
    theirs = site.client().token()
    browser = site.client()
    browser.token()
    assert browser.post("/form", data={"csrf_token": theirs}).status_code == 400


def test_json_with_a_session_needs_the_header(browser: Browser) -> None:
    assert browser.send_json("/api/v1/echo", b"{}").status_code == 200
    refused = browser.post("/api/v1/echo", data=b"{}", content_type="application/json")
    assert refused.status_code == 400
    assert refused.json is not None
    assert refused.json["error"]["code"] == "malformed"


def test_a_form_that_another_site_sends_is_refused_even_with_a_token(browser: Browser) -> None:
    for site, status in (("same-origin", 200), ("none", 200), ("same-site", 400), ("cross-site", 400)):
        answered = browser.send_form("/form", {}, headers={"Sec-Fetch-Site": site})
        assert answered.status_code == status


def test_https_without_a_referer_works(tmp_path: Path) -> None:
    browser = make_site(settings_for(tmp_path, environment="production")).client()
    token = browser.get("/token", base_url="https://localhost").text
    answered = browser.post("/form", data={"csrf_token": token}, base_url="https://localhost")
    assert answered.status_code == 200
