"""Position (R12, R30), trend (R13) and print (R11) against the printed table of a children's trust."""

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from outcomes.measures.figures.position import position
from outcomes.measures.figures.rounding import printed
from outcomes.measures.figures.trend import trend
from outcomes.measures.language.targets import Level, Target, parse_target

TABLE = Path(__file__).parent / "vectors" / "trust_table.csv"
QUARTERS = ("q1_1819", "q2_1819", "q3_1819", "q4_1819", "q1_1920", "q2_1920", "q3_1920")
# A row whose polarity the scan lost is read from the order of target and tolerance.
SAID = {
    "Better than target": "better_than_target",
    "In Tolerance": "in_tolerance",
    "Outside Tolerance": "outside_tolerance",
}
WORDS = {
    "Improving": "improving", "Stable": "stable", "Volatile": "volatile",
    "Declining": "worsening", "Decreasing": "worsening", "Increasing": "worsening",
}  # fmt: skip
# Where a person judged otherwise than R13 does: what the table prints, what R13 says, and why they differ.
JUDGED_OTHERWISE = {
    "Children becoming the subject of Child Protection Plan for a second or subsequent time": (
        "improving",
        "stable",
        "24, 3, 3: the last step is none, and the 24 looks like a misread 2.4 or 4",
    ),
    "Case file audits graded good": (
        "stable",
        "improving",
        "60, 61, 66: up by six in all, more than the three points of R13, with no step down",
    ),
    "Staff turnover rate": (
        "improving",
        "stable",
        "12, 14, 12: no change in all; against the same quarter a year before, 17 to 12, it is better",
    ),
}
# The scan lost the polarity of these and they have no numeric target; the table calls a fall improving.
POLARITY_LOST = ("Percentage of Children in Need open for a)", "Case file audits graded requires improvement")


def _rows() -> list[dict[str, str]]:
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text.strip().rstrip("%"))
    except ValueError:
        return None


def _smaller(row: dict[str, str]) -> bool:
    target, tolerance = _number(row["target"]), _number(row["tolerance"])
    if target is not None and tolerance is not None and target != tolerance:
        return target < tolerance
    return "maller" in row["polarity"] or row["measure"].startswith(POLARITY_LOST)


def test_r12_every_printed_position_with_a_numeric_target() -> None:
    judged = 0
    for row in _rows():
        target, tolerance, value = _number(row["target"]), _number(row["tolerance"]), _number(row["q3_1920"])
        if target is None or tolerance is None or value is None or row["position"] not in SAID:
            continue
        sign = "at most" if _smaller(row) else "at least"
        said = position(value, Target("set", Level(sign, target), Level(sign, tolerance)))
        assert said == SAID[row["position"]], row["measure"]
        judged += 1
    assert judged == 32


def test_r13_the_printed_trends_but_three() -> None:
    judged, otherwise = 0, {}
    for row in _rows():
        values = [_number(row[quarter]) for quarter in QUARTERS][-3:]
        if row["trend"] not in WORDS or any(value is None for value in values):
            continue
        percentage = max(value for value in values if value is not None) <= 100
        said = trend(values, better="smaller" if _smaller(row) else "bigger", percentage=percentage)
        judged += 1
        if said != WORDS[row["trend"]]:
            otherwise[row["measure"]] = (WORDS[row["trend"]], said)
    assert otherwise == {name: (prints, says) for name, (prints, says, _) in JUDGED_OTHERWISE.items()}
    assert judged == 39


@pytest.mark.parametrize(
    ("values", "better", "percentage", "word"),
    [
        ((50, 52, 53), "bigger", True, "improving"),
        ((50, 52, Fraction(529, 10)), "bigger", True, "stable"),
        ((53, 52, 50), "smaller", True, "improving"),
        ((53, 52, 50), "bigger", True, "worsening"),
        ((50, 60, 53), "bigger", True, "volatile"),
        ((50, 60, Fraction(531, 10)), "bigger", True, "stable"),
        ((24, 3, 3), "smaller", True, "stable"),
        ((None, 60, 53), "bigger", True, "new_measure"),
        ((60, None, 53), "bigger", True, "new_measure"),
        ((60, 53), "bigger", True, "new_measure"),
        # Counts: 7% of the middle value, taken as at least 1.
        ((200, 230, 213), "smaller", False, "volatile"),
        ((200, 230, 214), "smaller", False, "stable"),
        ((1, 0, 1), "smaller", False, "volatile"),
        ((0, 0, 0), "smaller", False, "stable"),
    ],
)
def test_r13_boundaries(values: tuple, better: str, percentage: bool, word: str) -> None:
    exact = [None if value is None else Fraction(value) for value in values]
    assert trend(exact, better=better, percentage=percentage) == word


@pytest.mark.parametrize(
    ("target", "tolerance", "value", "said"),
    [
        ("at least 70%", None, Fraction(70), "met"),
        ("at least 70%", None, Fraction(6999, 100), "not_met"),
        ("less than 20%", None, Fraction(20), "not_met"),
        ("more than 90%", None, Fraction(90), "not_met"),
        ("more than 90%", None, Fraction(9001, 100), "met"),
        ("at least 95%", "at least 90%", Fraction(95), "better_than_target"),
        ("at least 90%", "at least 80%", Fraction(80), "in_tolerance"),
        ("at most 9%", "at most 12%", Fraction(12), "in_tolerance"),
        ("at most 9%", "at most 12%", Fraction(1201, 100), "outside_tolerance"),
        ("none stated", None, Fraction(50), "no_target"),
        ({"status": "not_applicable"}, None, Fraction(50), "no_target"),
        ({"status": "to_be_confirmed", "draft": "at most 0%"}, None, Fraction(50), "target_not_yet_set"),
        ({"status": "to_be_determined"}, None, Fraction(50), "target_not_yet_set"),
        ("at least 70%", None, None, "no_data"),
        ("none stated", None, None, "no_data"),
    ],
)
def test_r12_r30_positions(target: object, tolerance: object, value: Fraction | None, said: str) -> None:
    assert position(value, parse_target(target, tolerance)) == said


@pytest.mark.parametrize(
    ("value", "target", "text"),
    [
        (Fraction(400, 7), "at least 70%", "57.1"),
        (Fraction(200, 3), "at least 80%", "66.7"),
        (Fraction(8996, 100), "at least 90%", "89.96"),
        (Fraction(899999, 10000), "at least 90%", "89.9999"),
        (Fraction(90), "at least 90%", "90.0"),
        (Fraction(20), "less than 20%", "20.0"),
        (Fraction(1999, 100), "less than 20%", "19.99"),
        (Fraction(1, 4), None, "0.3"),
        (Fraction(-1, 4), None, "-0.3"),
    ],
)
def test_r11_print_half_up_and_never_against_the_position(
    value: Fraction, target: str | None, text: str
) -> None:
    goal = parse_target(target)
    assert printed(value, lambda exact: position(exact, goal)) == text
