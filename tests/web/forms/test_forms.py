"""Drawn forms keep what was typed, hand it over as it is, and put messages where they belong."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from outcomes.core.settings import Settings
from outcomes.web.fields import (
    RadiosField,
    TextField,
    YesNoField,
    choices_of,
)
from outcomes.web.forms import DrawnForm
from tests.web.forms.questions import BLANK, questions, typed
from tests.web.site import make_site


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


def test_drawn_by_a_template(web_settings: Settings) -> None:
    browser = make_site(web_settings).client()
    answered = browser.send_form("/form", {"note": "<b>", "topics": ["x", "y"]})
    assert answered.text.startswith("note=&lt;b&gt;[&#39;Enter what happened.&#39;];")
    assert "topics=[&#39;x&#39;, &#39;y&#39;]" in answered.text
