"""Messages of a form stand beside their questions, whatever was posted."""

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from outcomes.core.errors import Invalid
from outcomes.web.fields import (
    DrawnField,
    WholeField,
)
from outcomes.web.forms import DrawnForm
from tests.web.forms.questions import questions, typed


def test_names_of_questions_never_hide_the_forms_own() -> None:
    form = typed({"summary": "typed", "errors": "typed"})
    form.show(Invalid({"summary": ["Enter a name."]}))
    assert form.summary == [("#summary", "Enter a name.")]
    assert form["summary"].raw() == "typed"


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
