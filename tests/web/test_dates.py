"""Dates in three inputs: read where they can be, kept as typed where not, never taken for another."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from outcomes.web.dates import DateField, MomentField
from outcomes.web.forms import DrawnForm


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask("dates")
    app.secret_key = "k" * 40
    with app.test_request_context("/"):
        yield


def date_typed(day: str, month: str, year: str) -> DateField:
    typed = MultiDict({"on-day": day, "on-month": month, "on-year": year})
    return DrawnForm({"on": DateField("When?")}, typed=typed)["on"]


def moment_typed(day: str, month: str, year: str, time: str) -> MomentField:
    typed = MultiDict({"at-day": day, "at-month": month, "at-year": year, "at-time": time})
    return DrawnForm({"at": MomentField("When?")}, typed=typed)["at"]


@pytest.mark.parametrize(
    ("day", "month", "year", "raw"),
    [
        ("27", "3", "2012", "2012-03-27"),
        ("07", "03", "2012", "2012-03-07"),
        (" 7 ", "\t3", "2012 ", "2012-03-07"),
        ("27", "March", "2012", "2012-03-27"),
        ("27", "sept", "2012", "2012-09-27"),
        ("", "", "", ""),
        (" ", "", "\t", ""),
        ("31", "2", "2025", "2025-02-31"),
        ("0", "0", "0000", "0000-00-00"),
        ("99", "99", "9999", "9999-99-99"),
        ("27", "3", "12", "27/3/12"),
        ("27", "3", "02012", "27/3/02012"),
        ("", "3", "2012", "?/3/2012"),
        ("27", "", "2012", "27/?/2012"),
        ("27", "3", "", "27/3/?"),
        ("2012-03-27", "", "", "2012-03-27/?/?"),
        ("", "", "2012-03-27", "?/?/2012-03-27"),
        ("٣", "3", "2012", "٣/3/2012"),
        ("²", "3", "2012", "²/3/2012"),
        ("-1", "3", "2012", "-1/3/2012"),
        ("+1", "3", "2012", "+1/3/2012"),
        ("1_0", "3", "2012", "1_0/3/2012"),
        ("9" * 20, "9" * 20, "9" * 20, "/".join(["9" * 20] * 3)),
        ("27", "Ma", "2012", "27/Ma/2012"),
        ("27", "Marchy", "2012", "27/Marchy/2012"),
    ],
)
def test_what_the_schema_is_given(day: str, month: str, year: str, raw: str) -> None:
    field = date_typed(day, month, year)
    assert field.raw() == raw
    assert [part.value for part in field.parts] == [day, month, year]


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_date_is_read_back(day: date) -> None:
    field = date_typed("", "", "")
    field.fill(day)
    assert date.fromisoformat(field.raw()) == day
    assert [part.value for part in field.parts] == [str(day.day), str(day.month), str(day.year)]


parts = st.text(max_size=10) | st.text("0123456789", max_size=5)


@given(parts, parts, parts)
def test_parts_never_make_a_date_that_was_not_typed(day: str, month: str, year: str) -> None:
    raw = date_typed(day, month, year).raw()
    if not (day.strip() or month.strip() or year.strip()):
        assert raw == ""
        return
    try:
        read = date.fromisoformat(raw)
    except ValueError:
        return
    assert (str(read.day), str(read.year)) == (day.strip().lstrip("0"), year.strip().lstrip("0"))


@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_any_number_of_parts(count: int) -> None:
    posted = [(f"on-{part}", "1") for part in ("day", "month", "year", "century")][:count]
    posted += [("on", "2012-03-27"), ("on-day", "2")]
    field = DrawnForm({"on": DateField("When?")}, typed=MultiDict(posted))["on"]
    assert isinstance(field.raw(), str)
    assert len(field.parts) == 3


@pytest.mark.parametrize(
    ("typed", "message", "first", "faulty"),
    [
        (("", "", ""), "Enter a date.", "on-day", ["day", "month", "year"]),
        (("31", "2", "2025"), "Enter a date.", "on-day", ["day", "month", "year"]),
        (("31", "", "2025"), "The date must include a month.", "on-month", ["month"]),
        (("31", "", ""), "The date must include a month and year.", "on-month", ["month", "year"]),
    ],
)
def test_the_message_says_which_part_is_missing(
    typed: tuple[str, str, str], message: str, first: str, faulty: list[str]
) -> None:
    field = date_typed(*typed)
    field.say(["Enter a date."])
    assert field.errors == [message]
    assert field.first_input_id == first
    assert [part.label.lower() for part in field.parts if part.faulty] == faulty


@pytest.mark.parametrize(
    ("time", "raw"),
    [
        ("22:15", "2025-07-31T22:15"),
        ("9:05", "2025-07-31T09:05"),
        ("10.30am", "2025-07-31T10:30"),
        ("10:30 PM", "2025-07-31T22:30"),
        ("9pm", "2025-07-31T21:00"),
        ("12am", "2025-07-31T00:00"),
        ("12:15pm", "2025-07-31T12:15"),
        ("24:00", "2025-07-31T24:00"),
        ("13pm", "2025-07-31T13pm"),
        ("0am", "2025-07-31T0am"),
        ("9", "2025-07-31T9"),
        ("late", "2025-07-31Tlate"),
        ("22:15+05:00", "2025-07-31T22:15+05:00"),
        ("", "2025-07-31T"),
    ],
)
def test_times_of_day(time: str, raw: str) -> None:
    field = moment_typed("31", "7", "2025", time)
    assert field.raw() == raw
    assert field.time == time


def test_a_moment_without_a_date_or_a_time() -> None:
    assert moment_typed("", "", "", "").raw() == ""
    assert moment_typed("", "", "", "10:30").raw() == "T10:30"
    timeless = moment_typed("31", "7", "2025", "")
    timeless.say(["Not a moment."])
    assert timeless.errors == ["Enter the time as well, for example 10:30am."]
    assert timeless.first_input_id == "at-time"
    assert timeless.time_faulty
    assert not any(part.faulty for part in timeless.parts)


def test_a_moment_that_is_wrong_marks_what_is_wrong() -> None:
    whole = moment_typed("31", "2", "2025", "10:30")
    assert not whole.time_faulty
    whole.say(["Enter a real date."])
    assert whole.time_faulty
    assert [part.faulty for part in whole.parts] == [True, True, True]
    monthless = moment_typed("31", "", "2025", "10:30")
    monthless.say(["Enter a real date."])
    assert not monthless.time_faulty
    assert [part.faulty for part in monthless.parts] == [False, True, False]


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2025, 7, 31, 21, 15, tzinfo=UTC), "2025-07-31T22:15"),
        (datetime(2025, 12, 31, 23, 15, tzinfo=UTC), "2025-12-31T23:15"),
        (datetime(2025, 6, 30, 23, 30, tzinfo=UTC), "2025-07-01T00:30"),
    ],
)
def test_a_moment_is_shown_as_the_clock_in_london_showed_it(moment: datetime, shown: str) -> None:
    field = moment_typed("", "", "", "")
    field.fill(moment)
    assert field.raw() == shown
