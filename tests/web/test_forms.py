"""Drawn forms keep what was typed, hand it over as it is, and put messages where they belong."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from outcomes.core.errors import Invalid
from outcomes.core.settings import Settings
from outcomes.web.dates import DateField, MomentField
from outcomes.web.fields import (
    CheckboxesField,
    DecimalField,
    DrawnField,
    HiddenField,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
    WholeField,
    YesNoField,
    choices_of,
)
from outcomes.web.forms import DrawnForm
from tests.web.site import make_site

CODES = {"planned": "Planned", "breakdown": "Breakdown"}


def questions() -> dict[str, Any]:
    """One question of every sort, some named like parts of a form."""
    return {
        "summary": TextField("What is it called?", width=20),
        "errors": TextareaField("What happened?", hint="In your own words"),
        "level": WholeField("Which level?", prefix="Level"),
        "share": DecimalField("Which share?", suffix="%"),
        "ending": RadiosField("How did it end?", choices=choices_of(CODES)),
        "home": SelectField("Which home?", choices=choices_of(CODES)),
        "topics": CheckboxesField("Which topics?", choices=choices_of(CODES)),
        "planned": YesNoField("Was it planned?", optional=True),
        "due_on": DateField("When is it due?"),
        "began_at": MomentField("When did it begin?"),
        "revision": HiddenField(),
    }


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("forms")
    app.secret_key = "k" * 40
    return app


@pytest.fixture(autouse=True)
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context("/"):
        yield


def typed(values: Mapping[str, Any]) -> DrawnForm:
    return DrawnForm(questions(), typed=MultiDict(values))


BLANK = {name: "" for name in questions()} | {"topics": []}


def test_a_new_form_is_blank_and_nothing_is_chosen() -> None:
    form = DrawnForm(questions())
    assert not form.submitted
    assert form.raw_values() == BLANK
    for name in ("ending", "home", "topics", "planned"):
        assert not any(item.checked for item in form[name].items)


def test_what_was_typed_is_handed_over_as_it_is() -> None:
    values = {
        "summary": "  Tea & talk ",
        "errors": "one\r\ntwo",
        "level": "three",
        "share": "57.10",
        "ending": "planned",
        "home": "none of these",
        "topics": ["planned", "other"],
        "planned": "no",
        "due_on-day": "7",
        "due_on-month": "11",
        "due_on-year": "2025",
        "began_at-day": "7",
        "began_at-month": "Nov",
        "began_at-year": "2025",
        "began_at-time": "10:30pm",
        "revision": "4",
    }
    assert typed(values).raw_values() == {
        "summary": "  Tea & talk ",
        "errors": "one\ntwo",
        "level": "three",
        "share": "57.10",
        "ending": "planned",
        "home": "none of these",
        "topics": ["planned", "other"],
        "planned": "no",
        "due_on": "2025-11-07",
        "began_at": "2025-11-07T22:30",
        "revision": "4",
    }


def test_names_of_questions_never_hide_the_forms_own() -> None:
    form = typed({"summary": "typed", "errors": "typed"})
    form.show(Invalid({"summary": ["Enter a name."]}))
    assert form.summary == [("#summary", "Enter a name.")]
    assert form["summary"].raw() == "typed"


@pytest.mark.parametrize("name", ["csrf_token", "idempotency_key"])
def test_the_forms_own_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="another name"):
        DrawnForm({name: TextField("Hm?")})


def test_filling_from_values_and_reading_back() -> None:
    form = DrawnForm(questions())
    form.fill(
        {
            "summary": "Tea",
            "level": 3,
            "share": Decimal("1E+2"),
            "ending": "planned",
            "topics": ["breakdown"],
            "planned": None,
            "due_on": date(2012, 3, 27),
            "idempotency_key": "not yours",
            "unknown": 1,
        }
    )
    assert form.raw_values() == BLANK | {
        "summary": "Tea",
        "level": "3",
        "share": "100",
        "ending": "planned",
        "topics": ["breakdown"],
        "due_on": "2012-03-27",
    }
    assert [item.checked for item in form["planned"].items] == [False, False, True]
    assert [item.text for item in form["topics"].items if item.checked] == ["Breakdown"]
    assert form["idempotency_key"].value != "not yours"


@pytest.mark.parametrize(("value", "checked"), [(True, "yes"), (False, "no"), (None, "")])
def test_yes_no_and_not_known(value: bool | None, checked: str) -> None:
    form = DrawnForm({"planned": YesNoField("Planned?", optional=True)})
    form.fill({"planned": value})
    assert form["planned"].raw() == checked
    assert [item.value for item in form["planned"].items if item.checked] == [checked]


def test_a_required_yes_no_has_no_third_choice() -> None:
    assert [item.value for item in DrawnForm({"planned": YesNoField("Planned?")})["planned"].items] == [
        "yes",
        "no",
    ]


def test_messages_stand_beside_their_questions_in_the_order_of_the_page() -> None:
    form = typed({"summary": "x", "due_on-day": "31", "due_on-month": "2", "due_on-year": "2025"})
    form.show(
        Invalid(
            {
                "due_on": ["Enter a real date."],
                "summary": ["Too short.", "Too plain."],
                "ending": ["Select how it ended."],
                "scores.3.score": ["Score 3 is outside the scale."],
                "revision": ["This form is out of date."],
                "": ["The two dates contradict each other."],
            }
        )
    )
    assert form.summary == [
        ("", "Score 3 is outside the scale."),
        ("", "This form is out of date."),
        ("", "The two dates contradict each other."),
        ("#summary", "Too short."),
        ("#summary", "Too plain."),
        ("#ending", "Select how it ended."),
        ("#due_on-day", "Enter a real date."),
    ]
    assert form["summary"].errors == ["Too short.", "Too plain."]
    assert form["summary"].value == "x"
    assert form["ending"].items[0].id == "ending"


def test_a_form_that_is_right_has_no_summary() -> None:
    form = typed({"summary": "x"})
    assert form.summary == []
    assert all(field.errors == [] for field in form.drawn)


def test_a_name_with_dots_takes_its_own_message() -> None:
    form = DrawnForm({"scores.3.score": WholeField("Cooking")})
    form.show(Invalid({"scores.3.score": ["Enter 0 to 4."]}))
    assert form.summary == [("#scores.3.score", "Enter 0 to 4.")]


def test_a_password_is_handed_over_but_never_drawn_again() -> None:
    form = DrawnForm(
        {"password": TextField("Password", input_type="password")}, typed=MultiDict({"password": "pw"})
    )
    assert (form["password"].raw(), form["password"].value) == ("pw", "")


def test_choices_as_wtforms_has_them_with_hints() -> None:
    choices = choices_of([SelectChoice("a", "A", {"hint": "The first"}), SelectChoice("b", "B")])
    items = DrawnForm({"which": RadiosField("Which?", choices=choices)})["which"].items
    assert [(item.value, item.text, item.hint, item.id) for item in items] == [
        ("a", "A", "The first", "which"),
        ("b", "B", "", "which-2"),
    ]


def test_drawn_and_hidden_are_all_there_is() -> None:
    form = DrawnForm(questions())
    assert [field.name for field in form.drawn] == [name for name in questions() if name != "revision"]
    assert [field.name for field in form.hidden] == ["revision", "idempotency_key"]


def test_a_form_written_by_hand() -> None:
    class SignInForm(DrawnForm):
        questions_of_class = {"email": TextField("Email", input_type="email", autocomplete="username")}

    one, other = SignInForm(), SignInForm()
    one.fill({"email": "ada@example.org"})
    assert (one["email"].raw(), other["email"].raw()) == ("ada@example.org", "")
    assert one["email"].autocomplete == "username"


def test_a_post_fills_the_form_and_keeps_its_key(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"summary": "x", "idempotency_key": "k1"}):
        form = DrawnForm(questions())
        assert form.submitted
        assert form["summary"].raw() == "x"
        assert form["idempotency_key"].value == "k1"
        assert "idempotency_key" not in form.raw_values()


def test_every_new_form_has_a_new_key() -> None:
    keys = {DrawnForm(questions())["idempotency_key"].value for _ in range(5)}
    assert len(keys) == 5
    assert all(len(key) == 22 for key in keys)


@pytest.mark.parametrize("body", [b'{"summary": {"a": [1]}}', b"[1]", b"nonsense", b""])
def test_a_json_body_never_fills_a_form(app: Flask, body: bytes) -> None:
    with app.test_request_context("/", method="POST", data=body, content_type="application/json"):
        assert DrawnForm(questions()).raw_values() == BLANK


names = st.sampled_from(
    [
        *questions(),
        *(
            f"{name}-{part}"
            for name in ("due_on", "began_at")
            for part in ("day", "month", "year", "time", "hour")
        ),
        "csrf_token",
        "idempotency_key",
        "unknown",
        "",
    ]
)


@given(st.lists(st.tuples(names, st.text(max_size=30) | st.text("0123456789-/ ", max_size=25)), max_size=30))
def test_whatever_is_posted_is_handed_over_drawn_and_refused_without_a_fault(
    posted: list[tuple[str, str]],
) -> None:
    form = DrawnForm(questions(), typed=MultiDict(posted))
    raw = form.raw_values()
    assert set(raw) == set(questions())
    assert all(isinstance(value, list if name == "topics" else str) for name, value in raw.items())
    form.show(Invalid({name: ["Not so."] for name in [*questions(), "nowhere"]}))
    ids = {
        *(part.id for name in ("due_on", "began_at") for part in form[name].parts),
        form["began_at"].time_id,
    }
    ids |= {item.id for name in ("ending", "home", "topics", "planned") for item in form[name].items}
    ids |= {field.id for field in form.drawn}
    assert {href.removeprefix("#") for href, _ in form.summary if href} <= ids
    for field in form.drawn:
        assert isinstance(field, DrawnField)
        assert field.errors
        assert isinstance(field.value, str)


def test_drawn_by_a_template(web_settings: Settings) -> None:
    browser = make_site(web_settings).client()
    answered = browser.send_form("/form", {"note": "<b>", "topics": ["x", "y"]})
    assert answered.text.startswith("note=&lt;b&gt;[&#39;Enter what happened.&#39;];")
    assert "topics=[&#39;x&#39;, &#39;y&#39;]" in answered.text
