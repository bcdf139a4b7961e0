"""Every component and record template, drawn with samples and linted by the client that fetches it."""

import re
from collections.abc import Iterator

import html5lib
import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.core.settings import root
from outcomes.web.fields import TextareaField, TextField
from outcomes.web.forms import DrawnForm
from tests.front.part_samples import SHARE, WITHHELD
from tests.front.record_samples import NASTY
from tests.front.samples import PAGES, sample_app

TEMPLATES = root() / "templates"
APP = sample_app()
POSITIONS = ("better_than_target", "in_tolerance", "outside_tolerance", "met", "not_met", "no_target")


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    with APP.test_client() as client:
        yield client


def drawn(app: Flask, source: str, **context: object) -> str:
    with app.test_request_context("/"):
        return render_template_string(source, **context)


def words(html: str) -> str:
    return " ".join("".join(html5lib.parseFragment(html).itertext()).split())


@pytest.mark.parametrize("name", PAGES)
def test_the_page_draws_and_passes_the_lint(client: FlaskClient, name: str) -> None:
    response = client.get(f"/{name}")
    assert response.status_code == 200
    assert NASTY not in response.text, "typed words must be escaped"


def test_a_page_with_problems_says_so_in_its_title(client: FlaskClient) -> None:
    assert "<title>Error: Health check – Outcomes</title>" in client.get("/record-form-faulty").text
    assert "<title>Correct health check – Outcomes</title>" in client.get("/record-form").text


def test_every_problem_stands_in_the_summary_and_beside_its_question(client: FlaskClient) -> None:
    page = client.get("/record-form-faulty").text
    for told in ("Say more about kind.", "Say more about words.", "The date must include a year."):
        assert page.count(told) == 2, told
    assert page.count("The check was attended before it was due.") == 1


def test_a_stale_form_keeps_what_was_typed_and_carries_the_new_revision(client: FlaskClient) -> None:
    page = client.get("/record-stale").text
    assert '<input type="hidden" name="revision" value="2">' in page
    textarea = next(html5lib.parse(page, namespaceHTMLElements=False).iter("textarea"))
    assert textarea.text == "\nfirst line blank\n" + NASTY
    assert "Sam Reed on 14 July 2026 at 10:30am" in page


def test_a_withdrawn_record_says_so_and_offers_nothing(client: FlaskClient) -> None:
    page = client.get("/record-withdrawn").text
    assert "Withdrawn: this record counts for nothing" in page
    assert "Correct this record" not in page


def test_somebody_signed_out_is_offered_no_sign_out(client: FlaskClient) -> None:
    assert 'action="/sign-out"' in client.get("/record-show").text
    assert 'action="/sign-out"' not in client.get("/signed-out").text


def test_the_demo_banner_is_there_only_in_the_demo(client: FlaskClient) -> None:
    assert "Every child here is invented" in client.get("/record-show").text
    assert "Every child here is invented" not in client.get("/problem").text


def test_a_saved_record_is_told_once(client: FlaskClient) -> None:
    page = client.get("/record-show").text
    assert "Health check saved" in page
    assert 'role="alert"' in page
    assert "Health check saved" not in client.get("/record-history").text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=80))
@settings(max_examples=80, deadline=None)
def test_whatever_was_typed_comes_back_whole(typed: str) -> None:
    """First line breaks, markup, quotes: the browser sends back exactly what it was given."""
    with APP.test_request_context("/"):
        form = DrawnForm({"words": TextareaField("Words"), "line": TextField("Line")})
        form.fill({"words": typed, "line": typed.replace("\n", " ")})
        source = '{% from "components/form.html" import fields %}{{ fields(form) }}'
        html = html5lib.parse(render_template_string(source, form=form), namespaceHTMLElements=False)
    assert (next(html.iter("textarea")).text or "") == typed
    line = next(one for one in html.iter("input") if one.get("name") == "line")
    assert line.get("value", "") == typed.replace("\n", " ")


def test_a_percentage_never_stands_without_its_fraction() -> None:
    source = '{% from "components/figure.html" import value_text %}{{ value_text(f) }}'
    assert words(drawn(APP, source, f=SHARE)) == "57.1% (4 of 7)"
    assert words(drawn(APP, source, f=SHARE | {"value": None})) == "No data"
    assert words(drawn(APP, source, f=SHARE | {"value": "3", "unit": "", "out_of": None})) == "3"
    assert words(drawn(APP, source, f=SHARE | {"value": "0.0", "met": 0})) == "0.0% (0 of 7)"
    assert (
        words(drawn(APP, source, f=SHARE | {"value": None, "position": "not_due"})) == "Not due this period"
    )


def test_a_withheld_figure_gives_nothing_away_even_if_it_is_handed_counts() -> None:
    source = '{% from "components/figure.html" import figure %}{{ figure(f) }}'
    assert words(drawn(APP, source, f=SHARE | WITHHELD | {"value": "57.1", "position": "not_met"})) == (
        "Withheld to protect children"
    )


def test_a_figure_tells_its_target_position_trend_and_what_it_leaves_out() -> None:
    source = '{% from "components/figure.html" import figure %}{{ figure(f, "July to September 2025") }}'
    assert words(drawn(APP, source, f=SHARE)) == (
        "57.1% (4 of 7) Target not met Target: at least 70% ↘ Worsening No evidence for 2 of the 7 counted. "
        "Left out: 1 (here fewer than 28 days of the quarter); 2 (plan withdrawn). July to September 2025"
    )


@pytest.mark.parametrize("position", POSITIONS)
def test_every_position_has_words_of_its_own(position: str) -> None:
    source = '{% from "components/status.html" import position_tag %}{{ position_tag(p) }}'
    told = words(drawn(APP, source, p=position))
    assert told != position
    assert told


def test_a_code_that_is_not_known_is_shown_as_it_came() -> None:
    source = (
        '{% from "components/status.html" import position_tag, trend %}{{ position_tag(p) }} {{ trend(p) }}'
    )
    assert words(drawn(APP, source, p="odd")) == "odd • odd"


SOURCES = {str(path.relative_to(TEMPLATES)): path.read_text() for path in sorted(TEMPLATES.rglob("*.html"))}


@pytest.mark.parametrize("name", SOURCES)
def test_no_template_switches_the_escaping_off_or_styles_inline(name: str) -> None:
    for refused in (r"\|\s*safe\b", r"autoescape", r"\sstyle=", r"<style", r"\son[a-z]+=", r"https?://"):
        found = re.search(refused, SOURCES[name])
        assert not found, f"templates/{name} has {found and found[0]!r}"


def test_every_macro_is_drawn_by_some_page_here() -> None:
    """The net's own net: a component that no sample draws is a component that nobody looks at."""
    samples = "".join(path.read_text() for path in (root() / "tests/front/templates").glob("*.html"))
    used = samples + "".join(SOURCES.values())
    for name, source in SOURCES.items():
        for macro in re.findall(r"{% macro (\w+)\(", source):
            drawn_somewhere = re.search(rf"(?<!macro )\b{macro}\(|\b{macro} as \w+", used)
            assert drawn_somewhere, f"no page in tests/front draws {macro} of templates/{name}"
