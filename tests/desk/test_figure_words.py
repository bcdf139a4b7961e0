"""What is said around a figure, checked by hand: the honest range, what one child weighs."""

from dataclasses import replace
from fractions import Fraction

import pytest

from outcomes.core.periods import parse_period
from outcomes.desk.figures.words import chart_of, honest_range, weight_of_one
from outcomes.frameworks.packs import cards
from outcomes.measures.figures.figure import Figure, LeftOut
from outcomes.measures.language.card import Card
from outcomes.measures.language.targets import parse_target

CARD = cards()["hackney_homes.3.2-K4"]


def card_then(then: str) -> Card:
    assert CARD.no_evidence is not None
    return replace(CARD, no_evidence=replace(CARD.no_evidence, then=then))


def figure(card: Card, met: int, out_of: int, **more: object) -> Figure:
    value = Fraction(100 * met, out_of) if out_of else None
    made = Figure(card, parse_period("2025-26-Q2"), "C", None, "not_met", parse_target("at least 70%"))
    return replace(made, value=value, met=met, out_of=out_of, **more)


@pytest.mark.parametrize(
    ("then", "met", "out_of", "more", "expected"),
    [
        # 4 of 8 known to have met it, 2 of the 8 not known.
        ("not met", 4, 8, {"no_evidence": 2}, ("50.0%", "75.0%", "4 of 8", "6 of 8")),
        # Smaller is better: the 2 unknown are in the 4 already.
        ("met", 4, 8, {"no_evidence": 2}, ("25.0%", "50.0%", "2 of 8", "4 of 8")),
        # Left out for want of evidence: the range is of everybody.
        (
            "left out",
            4,
            8,
            {"left_out": (LeftOut("no evidence", 2),)},
            ("40.0%", "60.0%", "4 of 10", "6 of 10"),
        ),
    ],
)
def test_the_range_if_the_unknown_had_all_failed_or_all_met(
    then: str, met: int, out_of: int, more: dict[str, object], expected: tuple[str, ...]
) -> None:
    said = honest_range(figure(card_then(then), met, out_of, **more))
    assert said is not None
    assert [said.index(words) for words in expected] == sorted(said.index(words) for words in expected)


def test_no_range_where_everybody_is_known_or_nothing_can_be_unknown() -> None:
    assert honest_range(figure(CARD, 4, 8)) is None
    assert honest_range(figure(CARD, 4, 8, left_out=(LeftOut("the child died", 2),))) is None
    assert honest_range(figure(replace(CARD, no_evidence=None), 4, 8)) is None
    assert honest_range(figure(cards()["hackney_homes.3.2-K2"], 3, 0)) is None


@pytest.mark.parametrize(("out_of", "points"), [(7, "14.3"), (19, "5.3"), (1, "100.0")])
def test_what_one_child_weighs_where_few_are_counted(out_of: int, points: str) -> None:
    assert f"by {points} percentage points" in str(weight_of_one(figure(CARD, 1, out_of)))


@pytest.mark.parametrize("out_of", [0, 20, 400])
def test_nothing_is_said_where_many_or_none_are_counted(out_of: int) -> None:
    assert weight_of_one(figure(CARD, 0, out_of)) is None


def test_the_run_notes_the_target_of_its_time_and_keeps_gaps() -> None:
    earlier = replace(figure(CARD, 1, 2), target=parse_target("at least 60%"))
    nobody = replace(figure(CARD, 0, 0), period=parse_period("2025-26-Q3"), met=None)
    chart = chart_of([earlier, nobody, replace(figure(CARD, 3, 4), period=parse_period("2025-26-Q4"))])
    assert chart.table.rows == (
        ("July to September 2025 (2025-26-Q2)", "50.0%", "1 of 2", "Target then: at least 60%"),
        ("October to December 2025 (2025-26-Q3)", "No data", "0 of 0", ""),
        ("January to March 2026 (2025-26-Q4)", "75.0%", "3 of 4", ""),
    )


def test_a_count_has_no_column_of_fractions() -> None:
    count = replace(figure(cards()["hackney_homes.3.2-K2"], 5, 0), value=Fraction(5), out_of=None)
    assert chart_of([count]).table.columns == ("Period", "Figure")
