"""Refusals are pages for people and one shape for programs; faults say nothing about themselves."""

import json

import pytest
from flask import Blueprint, abort, make_response, redirect
from sqlalchemy.exc import OperationalError

from outcomes.core.permissions import Permission
from outcomes.core.settings import Settings
from outcomes.web.routes import route
from outcomes.web.templates import install_templates
from tests.web.site import SECRET_WORDS, Browser, Site, make_site


def test_a_refusal_as_a_page(browser: Browser) -> None:
    answered = browser.get("/refuse")
    assert answered.status_code == 422
    assert answered.mimetype == "text/html"
    assert "Enter a period such as 2025-26-Q2." in answered.text


def test_a_refusal_for_programs(browser: Browser) -> None:
    answered = browser.get("/api/v1/refuse")
    assert answered.status_code == 422
    assert answered.json == {
        "error": {
            "code": "invalid",
            "message": "There is a problem with what was entered.",
            "fields": {"period": ["Enter a period such as 2025-26-Q2."]},
        }
    }


@pytest.mark.parametrize(
    ("address", "mimetype"), [("/nothing", "text/html"), ("/api/v1/nothing", "application/json")]
)
def test_not_there(browser: Browser, address: str, mimetype: str) -> None:
    answered = browser.get(address)
    assert (answered.status_code, answered.mimetype) == (404, mimetype)


@pytest.mark.parametrize("address", ["/my-day", "/api/v1/children"])
def test_a_method_that_is_not_served_names_those_that_are(browser: Browser, address: str) -> None:
    answered = browser.send_form(address, {})
    assert answered.status_code == 405
    assert set(answered.headers["Allow"].split(", ")) == {"GET", "HEAD"}
    assert (answered.mimetype == "application/json") == address.startswith("/api/")


@pytest.mark.parametrize("address", ["/fault", "/api/v1/fault"])
def test_a_fault_tells_only_its_number_and_logs_nothing_personal(
    browser: Browser, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answered = browser.get(f"{address}?name={SECRET_WORDS}")
    logged = capsys.readouterr()
    assert answered.status_code == 500
    number = answered.headers["X-Request-ID"]
    assert number in answered.text
    for text in (answered.text, logged.err, logged.out):
        assert SECRET_WORDS not in text
        assert "Traceback" not in text
    lines = [json.loads(line) for line in logged.err.splitlines()]
    fault = next(line for line in lines if line["event"] == "request failed")
    assert fault["request_id"] == number
    assert fault["rule"] == address
    assert fault["error"] == ["builtins.ValueError"]
    assert "site.py" in fault["where"][-1]


def test_the_senders_own_request_id_is_not_believed(browser: Browser) -> None:
    assert browser.get("/", headers={"X-Request-ID": "forged"}).headers["X-Request-ID"] != "forged"


def test_every_request_is_one_line_without_its_parameters(
    browser: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    browser.get(f"/list?q={SECRET_WORDS}")
    logged = capsys.readouterr().err
    assert SECRET_WORDS not in logged
    line = json.loads(logged)
    assert (line["event"], line["rule"], line["status"], line["method"]) == ("request", "/list", 200, "GET")


def failing_pages() -> Blueprint:
    pages = Blueprint("failing", __name__)

    @route(pages, "/away", permission=Permission.SIGNED_IN, audit="none")
    def away() -> str:
        raise OperationalError("select", {}, Exception(SECRET_WORDS))

    @route(pages, "/moved", permission=Permission.SIGNED_IN, audit="none")
    def moved() -> object:
        return redirect("/away", 303)

    @route(pages, "/ready-made", permission=Permission.SIGNED_IN, audit="none")
    def ready_made() -> object:
        abort(make_response("as it is", 409))

    @route(pages, "/teapot", permission=Permission.SIGNED_IN, audit="none")
    def teapot() -> object:
        abort(418, description=SECRET_WORDS)

    @route(pages, "/gateway", permission=Permission.SIGNED_IN, audit="none")
    def gateway() -> object:
        abort(502, description=SECRET_WORDS)

    return pages


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [("/ready-made", 409, "as it is"), ("/teapot", 418, "teapot"), ("/gateway", 500, "Something went wrong")],
)
def test_what_libraries_abort_with(web_settings: Settings, address: str, status: int, words: str) -> None:
    answered = make_site(web_settings, failing_pages()).client().get(address)
    assert answered.status_code == status
    assert words in answered.text
    assert SECRET_WORDS not in answered.text


def test_a_database_that_is_away_is_not_available_rather_than_a_fault(web_settings: Settings) -> None:
    answered = make_site(web_settings, failing_pages()).client().get("/away")
    assert answered.status_code == 503
    assert SECRET_WORDS not in answered.text


def test_redirects_stay_redirects(web_settings: Settings) -> None:
    assert make_site(web_settings, failing_pages()).client().get("/moved").status_code == 303


def test_a_problem_page_that_fails_itself_still_says_something(site: Site) -> None:
    loader = site.app.jinja_loader
    assert loader is not None
    loader.mapping["errors/problem.html"] = "{{ nobody.knows.this }}"  # type: ignore[attr-defined]
    answered = site.client().get("/nothing")
    assert answered.status_code == 404
    assert "<h1>Page not found</h1>" in answered.text


def test_the_services_own_problem_page(site: Site) -> None:
    install_templates(site.app)
    answered = site.client().get("/nothing")
    assert answered.status_code == 404
    assert "Page not found" in answered.text
    assert 'lang="en' in answered.text
    # The last resort has no stylesheet: seeing one means that the real page was drawn.
    assert "app.css" in answered.text


def test_words_in_the_last_resort_are_escaped(site: Site) -> None:
    loader = site.app.jinja_loader
    assert loader is not None
    loader.mapping["errors/problem.html"] = "{{ nobody.knows.this }}"  # type: ignore[attr-defined]
    answered = site.client().get("/list?page=<script>")
    assert answered.status_code == 422
    assert "<script>" not in answered.text
