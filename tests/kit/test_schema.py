"""What a schema refuses, and in which words: the same for form, JSON and bundle."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from outcomes.core import clock
from outcomes.core.errors import Invalid
from outcomes.kit.writing.schema import check
from outcomes.records.health import HealthCheck
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Goal
from outcomes.records.readings import Instrument, Reading
from outcomes.records.sessions import KeyworkerSession

CHECK = {"kind": "dental", "due_on": "2025-05-01"}
READING = {
    "instrument_code": "w",
    "version": "1",
    "informant": "child",
    "taken_on": "2025-05-01",
    "status": "complete",
}

REFUSED: list[tuple[Any, dict[str, Any], str, str]] = [
    # kind, values, field, a part of the message
    (HealthCheck, {}, "kind", "select one of dental"),
    (HealthCheck, CHECK | {"kind": "teeth"}, "kind", "select one of"),
    (HealthCheck, CHECK | {"kind": ["dental"]}, "kind", "select one of"),
    (HealthCheck, CHECK | {"due_on": "2025-02-30"}, "due_on", "real date"),
    (HealthCheck, CHECK | {"due_on": "30/02/2025"}, "due_on", "real date"),
    (HealthCheck, CHECK | {"due_on": 20250501}, "due_on", "real date"),
    (HealthCheck, CHECK | {"due_on": "2025-05-01T10:00"}, "due_on", "real date"),
    (HealthCheck, CHECK | {"due_on": "٢٠٢٥-٠٥-٠١"}, "due_on", "real date"),
    (HealthCheck, CHECK | {"due_on": "0001-01-01"}, "due_on", "on or after 1 January 1900"),
    (HealthCheck, CHECK | {"due_on": "9999-12-31"}, "due_on", "within the next 20 years"),
    (HealthCheck, CHECK | {"attended_on": "2124-01-01"}, "attended_on", "today or earlier"),
    (HealthCheck, CHECK | {"recall_months": 0}, "recall_months", "whole number from 1 to 60"),
    (HealthCheck, CHECK | {"recall_months": 10**30}, "recall_months", "whole number from 1 to 60"),
    (HealthCheck, CHECK | {"recall_months": "9" * 5000}, "recall_months", "whole number"),
    (HealthCheck, CHECK | {"recall_months": 1.5}, "recall_months", "whole number"),
    (HealthCheck, CHECK | {"recall_months": True}, "recall_months", "whole number"),
    (HealthCheck, CHECK | {"follow_up": "a\x00b"}, "follow_up", "character that cannot be kept"),
    (HealthCheck, CHECK | {"follow_up": "a\ud800"}, "follow_up", "character that cannot be kept"),
    (HealthCheck, CHECK | {"follow_up": "x" * 2001}, "follow_up", "at most 2,000 characters"),
    (HealthCheck, CHECK | {"follow_up": {"html": "<b>"}}, "follow_up", "enter some words"),
    (HealthCheck, CHECK | {"colour": "red"}, "colour", "Is not a field of this kind (health check)"),
    (HealthCheck, CHECK | {"id": 1}, "id", "Is not a field"),
    (HealthCheck, CHECK | {"author_id": 1}, "author_id", "Is not a field"),
    (HealthCheck, CHECK | {"revision": 9}, "revision", "Is not a field"),
    (
        HealthCheck,
        CHECK | {"offered_on": "2025-05-02", "attended_on": "2025-05-01"},
        "attended_on",
        "Offered on",
    ),
    (
        HealthCheck,
        CHECK | {"attended_on": "2025-05-01", "missed_reason": "clash"},
        "missed_reason",
        "leave blank",
    ),
    (
        KeyworkerSession,
        {"status": "held", "planned_on": "2025-05-01"},
        "held_on",
        "day on which the session was held",
    ),
    (KeyworkerSession, {"status": "missed_by_child", "held_on": "2025-05-01"}, "held_on", "was not held"),
    (KeyworkerSession, {"status": "missed_by_child"}, "planned_on", "fill in this or"),
    (
        KeyworkerSession,
        {"status": "held", "held_on": "2025-05-01", "topics": ["school", "school"]},
        "topics",
        "twice",
    ),
    (
        KeyworkerSession,
        {"status": "held", "held_on": "2025-05-01", "minutes": -1},
        "minutes",
        "from 0 to 600",
    ),
    (
        MissingEpisode,
        {"kind": "missing", "started_at": "2025-03-30T01:30"},
        "started_at",
        "clocks went forward",
    ),
    (MissingEpisode, {"kind": "missing", "started_at": "yesterday"}, "started_at", "real date and time"),
    (MissingEpisode, {"kind": "missing", "started_at": "2025-05-01"}, "started_at", "real date and time"),
    (
        MissingEpisode,
        {"kind": "missing", "started_at": "2025-05-01T22:00", "ended_at": "2025-05-01T21:00"},
        "ended_at",
        "Started at",
    ),
    (Goal, {"area": "independence", "set_on": "2025-05-01", "status": "achieved"}, "closed_on", "was closed"),
    (
        Goal,
        {"area": "independence", "set_on": "2025-05-01", "status": "open", "baseline_level": "NaN"},
        "baseline_level",
        "number",
    ),
    (
        Goal,
        {"area": "independence", "set_on": "2025-05-01", "status": "open", "baseline_level": float("inf")},
        "baseline_level",
        "number",
    ),
    (
        Goal,
        {"area": "independence", "set_on": "2025-05-01", "status": "open", "baseline_level": "1e5"},
        "baseline_level",
        "number",
    ),
    (
        Goal,
        {"area": "independence", "set_on": "2025-05-01", "status": "open", "baseline_level": 1.23456},
        "baseline_level",
        "three decimals",
    ),
    (Goal, {"area": "Not a code!", "set_on": "2025-05-01", "status": "open"}, "area", "select one of"),
    (Reading, READING | {"scores": "all good"}, "scores", "expected a list"),
    (Reading, READING | {"scores": [{"score": 3}]}, "scores.0.area", "select one of"),
    (Reading, READING | {"scores": [{"area": "cooking", "score": 3}] * 2}, "scores", "twice"),
    (Reading, READING | {"scores": [{"area": "cooking", "note": "x"}]}, "scores.0.note", "Is not a field"),
    (Instrument, {"scale_min": 5, "scale_max": 1}, "instrument_code", "enter an answer"),
]


@pytest.mark.parametrize(("kind", "values", "field", "words"), REFUSED)
def test_bad_input_is_refused_with_what_was_expected(
    kind: Any, values: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        check(kind, values)
    assert words in " ".join(refusal.value.fields[field])


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        check(HealthCheck, {"kind": "x", "due_on": "x", "recall_months": "x", "zz": 1})
    assert set(refusal.value.fields) == {"kind", "due_on", "recall_months", "zz"}


def test_what_is_right_is_taken_as_it_means() -> None:
    checked = check(
        HealthCheck,
        {
            "kind": "dental",
            "due_on": "2025-05-01",
            "recall_months": "6",
            "follow_up": "  Ring them.\r\nThen wait. ",
        },
    )
    assert checked.values == {
        "kind": "dental",
        "due_on": date(2025, 5, 1),
        "recall_months": 6,
        "follow_up": "Ring them.\nThen wait.",
    }


def test_a_blank_is_nothing() -> None:
    assert check(HealthCheck, CHECK | {"follow_up": "   "}).values["follow_up"] is None


@pytest.mark.parametrize("number", ["2.5", 2.5, Decimal("2.5"), "2.500"])
def test_a_number_is_exact_however_it_is_written(number: Any) -> None:
    values = {"area": "independence", "set_on": "2025-05-01", "status": "open", "baseline_level": number}
    assert check(Goal, values).values["baseline_level"] == Decimal("2.5")


def test_an_open_list_takes_a_code_of_its_own() -> None:
    values = {"area": "pet_care", "set_on": "2025-05-01", "status": "open"}
    assert check(Goal, values).values["area"] == "pet_care"


def test_a_wall_clock_time_is_londons() -> None:
    values = check(MissingEpisode, {"kind": "missing", "started_at": "2025-07-31T22:15"}).values
    assert values["started_at"] == datetime(2025, 7, 31, 21, 15, tzinfo=clock.UTC)


def test_an_offset_is_believed() -> None:
    values = check(MissingEpisode, {"kind": "missing", "started_at": "2025-07-31T22:15+02:00"}).values
    assert values["started_at"] == datetime(2025, 7, 31, 20, 15, tzinfo=clock.UTC)


def test_a_day_to_come_is_taken_where_it_makes_sense() -> None:
    soon = clock.today() + timedelta(days=30)
    assert check(HealthCheck, CHECK | {"due_on": soon.isoformat()}).values["due_on"] == soon
