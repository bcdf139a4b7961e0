"""Pictures: nothing clipped, nothing inline, names escaped, gaps kept, and the table says the same."""

import re
from datetime import date
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.core.periods import parse_period
from outcomes.web.pictures import (
    DataTable,
    Picture,
    Point,
    Series,
    Week,
    attendance_bars,
    run_chart,
    spark,
    steps,
    svg,
    wheel,
)
from outcomes.web.pictures.svg import text_width
from tests.front.part_samples import (
    AREAS,
    quarters,
    sample_attendance,
    sample_run_chart,
    sample_spark,
    sample_wheel,
)
from tests.front.record_samples import LONG, NASTY

NS = "{http://www.w3.org/2000/svg}"
SAMPLES = {
    "wheel": sample_wheel,
    "run chart": sample_run_chart,
    "spark": sample_spark,
    "attendance": sample_attendance,
}


def drawings(picture: Picture) -> list[ElementTree.Element]:
    """Every drawing, parsed: what is not well-formed XML fails here."""
    return [ElementTree.fromstring(str(one)) for one in (picture.svg, picture.narrow) if one]  # noqa: S314


def outside(drawing: ElementTree.Element) -> list[str]:
    """Whatever reaches beyond the view box, texts by their estimated width."""
    _, _, width, height = map(float, drawing.attrib["viewBox"].split())
    spans = [span for one in drawing.iter() for span in _spans(one)]
    return [
        told
        for x1, x2, y1, y2, told in spans
        if x1 < -0.5 or x2 > width + 0.5 or y1 < -0.5 or y2 > height + 0.5
    ]


def _spans(one: ElementTree.Element) -> list[tuple[float, float, float, float, str]]:
    def number(name: str) -> float:
        return float(one.get(name, "0"))

    tag, told = one.tag.removeprefix(NS), f"{one.tag.removeprefix(NS)} {one.text or ''}"
    if tag == "text":
        wide, size, x, y = (
            text_width(one.text or "", int(number("font-size"))),
            number("font-size"),
            number("x"),
            number("y"),
        )
        left = x - {"middle": wide / 2, "end": wide}.get(one.get("text-anchor", ""), 0)
        return [(left, left + wide, y - size, y + 3, told)]
    if tag == "line":
        return [
            (number("x1"), number("x1"), number("y1"), number("y1"), told),
            (number("x2"), number("x2"), number("y2"), number("y2"), told),
        ]
    if tag == "circle":
        x, y, r = number("cx"), number("cy"), number("r") + 1
        return [(x - r, x + r, y - r, y + r, told)]
    if tag == "rect":
        return [
            (number("x"), number("x") + number("width"), number("y"), number("y") + number("height"), told)
        ]
    return []


@pytest.mark.parametrize("name", SAMPLES)
def test_a_picture_is_named_described_and_has_its_table(name: str) -> None:
    picture = SAMPLES[name]()
    assert picture.table.rows
    for drawing in drawings(picture):
        ids = [one.get("id") for one in drawing.iter() if one.get("id")]
        assert drawing.get("role") == "img"
        assert [drawing.get("aria-labelledby"), drawing.get("aria-describedby")] == ids
        assert drawing.findtext(f"{NS}title") == picture.title
        assert drawing.findtext(f"{NS}desc")


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_that_the_content_policy_refuses(name: str) -> None:
    for drawing in drawings(SAMPLES[name]()):
        for one in drawing.iter():
            assert not {"style", "class"} & set(one.attrib)
            assert not any(attribute.startswith("on") for attribute in one.attrib)
            assert one.tag.removeprefix(NS) not in ("script", "style", "foreignObject", "image", "use")


def test_two_pictures_on_a_page_share_no_identifier() -> None:
    pictures = [sample_wheel(), sample_wheel(), sample_run_chart()]
    ids = [
        one.get("id")
        for each in pictures
        for drawing in drawings(each)
        for one in drawing.iter()
        if one.get("id")
    ]
    assert len(ids) == len(set(ids)) == 12


@pytest.mark.parametrize("words", [NASTY, LONG, "W" * 60, "a", "ü–“é”"])
def test_words_are_escaped_and_fit_whatever_they_are(words: str) -> None:
    areas = (words, *AREAS[1:])
    picture = wheel(words, areas, [Series(words, (1,) * 8)], lowest=0, highest=4)
    assert "<script" not in picture.svg
    for drawing in drawings(picture):
        assert outside(drawing) == []
    assert words in {one.text for one in drawings(picture)[1].iter(f"{NS}text")}
    chart = run_chart(
        words,
        [Point(parse_period("2025-26"), Decimal(3), words)],
        target=Decimal(2),
        target_words=words,
        percent=False,
    )
    for drawing in drawings(chart):
        assert outside(drawing) == []


@given(
    count=st.integers(3, 12),
    scale=st.sampled_from([(0, 4), (1, 10), (0, 40), (1, 5), (0, 1)]),
    readings=st.integers(0, 3),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
def test_any_wheel_fits_and_has_one_point_per_score(
    count: int, scale: tuple[int, int], readings: int, data: st.DataObject
) -> None:
    score = st.none() | st.integers(*scale)
    series = [
        Series(f"Reading {index}", tuple(data.draw(st.lists(score, min_size=count, max_size=count))))
        for index in range(readings)
    ]
    picture = wheel("Wheel", [f"Area {n}" for n in range(count)], series, lowest=scale[0], highest=scale[1])
    scored = sum(value is not None for one in series for value in one.scores)
    for drawing in drawings(picture):
        assert outside(drawing) == []
        filled = [one for one in drawing.iter() if one.get("stroke-width") == "2" and one.tag != f"{NS}path"]
        markers = [one for one in filled if one.tag.removeprefix(NS) in ("circle", "rect", "polygon")]
        assert len(markers) == scored + readings  # the key shows one of each
    assert [len(row) for row in picture.table.rows] == [readings + 1] * count


@given(
    st.lists(st.none() | st.decimals(0, 100, places=1, allow_nan=False), min_size=1, max_size=12),
    st.none() | st.decimals(0, 100, places=0, allow_nan=False),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_any_run_chart_fits_and_has_a_mark_per_period(
    values: list[Decimal | None], target: Decimal | None, percent: bool
) -> None:
    points = [
        Point(period, value, "No data" if value is None else f"{value}%")
        for period, value in zip(quarters(count=len(values)), values, strict=True)
    ]
    picture = run_chart("Chart", points, target=target, target_words="Target: at least 70%", percent=percent)
    for drawing in drawings(picture):
        assert outside(drawing) == []
        assert len(list(drawing.iter(f"{NS}circle"))) == sum(value is not None for value in values)
        crosses = [one for one in drawing.iter(f"{NS}path") if one.get("stroke") == svg.INK]
        assert len(crosses) == values.count(None)
    assert [row[1] for row in picture.table.rows] == [point.printed for point in points]


def test_a_period_without_data_breaks_the_line_and_is_no_nought() -> None:
    values = [Decimal(50), None, Decimal(60), Decimal(70)]
    points = [
        Point(p, v, "-" if v is None else str(v)) for p, v in zip(quarters(count=4), values, strict=True)
    ]
    drawing = drawings(run_chart("Chart", points))[0]
    run = next(one for one in drawing.iter(f"{NS}path") if one.get("stroke") == svg.BLUE)
    assert run.attrib["d"].count("M") == 1, "only the two neighbours with data are joined"


@pytest.mark.parametrize("last", ["2025-26-Q1", "2025-26-Q2", "2025-26-Q3", "2025-26-Q4"])
def test_the_years_under_the_axis_never_overlap(last: str) -> None:
    points = [Point(period, Decimal(50), "50%") for period in quarters(last)]
    for drawing in drawings(run_chart("Chart", points)):
        years = [one for one in drawing.iter(f"{NS}text") if re.fullmatch(r"\d{4}-\d\d", one.text or "")]
        spans = sorted((float(one.attrib["x"]), text_width(one.text or "", 13)) for one in years)
        assert len(spans) >= 2
        assert all(x + wide < following for (x, wide), (following, _) in pairwise(spans))


def test_an_area_without_a_score_breaks_the_wheel() -> None:
    full = wheel("Wheel", "abcd", [Series("one", (1, 2, 3, 4))], lowest=1, highest=4)
    gap = wheel("Wheel", "abcd", [Series("one", (1, None, 3, 4))], lowest=1, highest=4)
    sides = [re.findall(r"M", next(drawings(one)[0].iter(f"{NS}path")).attrib["d"]) for one in (full, gap)]
    assert [len(side) for side in sides] == [4, 2]
    assert gap.table.rows[1] == ("2. b", "Not assessed")


def test_the_latest_reading_looks_the_same_however_many_there_are() -> None:
    for count in (1, 2, 3):
        series = [Series(str(n), (1, 2, 3)) for n in range(count)]
        last = list(drawings(wheel("Wheel", "abc", series, lowest=1, highest=4))[0].iter(f"{NS}path"))[-1]
        assert (last.get("stroke"), last.get("stroke-dasharray")) == (svg.BLUE, "none")


def test_series_differ_by_dash_and_by_shape_not_by_colour_alone() -> None:
    drawing = drawings(sample_wheel())[0]
    dashes = {one.get("stroke-dasharray") for one in drawing.iter(f"{NS}path")}
    assert len(dashes) == 3
    shapes = {one.tag for one in drawing.iter() if one.get("stroke-width") == "2"}
    assert {f"{NS}circle", f"{NS}rect", f"{NS}polygon"} <= shapes


@pytest.mark.parametrize("colour", [svg.INK, svg.GREY, svg.BLUE, svg.PURPLE, svg.GREEN])
def test_colours_stand_out_from_white(colour: str) -> None:
    """WCAG 1.4.3: 4.5 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (lambda: wheel("W", "ab", [], lowest=0, highest=4), "three areas"),
        (lambda: wheel("W", "abc", [], lowest=4, highest=4), "ends differ"),
        (lambda: wheel("W", "abc", [Series("x", (1, 2))], lowest=0, highest=4), "expected 3 scores, came 2"),
        (lambda: wheel("W", "abc", [Series("x", (1, 2, 5))], lowest=0, highest=4), "not on the scale"),
        (lambda: wheel("W", "abc", [Series("x", (1, 2, 3))] * 4, lowest=0, highest=4), "at most 3"),
        (lambda: run_chart("R", []), "1 to 12"),
        (lambda: run_chart("R", [Point(quarters()[0], Decimal(-1))]), "below it"),
        (lambda: spark("S", [], lowest=0, highest=4), "needs a rating"),
        (lambda: spark("S", [("May", 9)], lowest=0, highest=4), "not on the scale"),
        (lambda: DataTable("T", ("a", "b"), (("1",),)), "Expected 2 cells"),
        (lambda: svg.marker("star", 0, 0, svg.BLUE), "circle, square or diamond"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(draw, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        draw()


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("2025-26-Q2", ("Q2", "2025-26")),
        ("2025-26-H1", ("H1", "2025-26")),
        ("2025-07", ("Jul", "2025")),
        ("2025-26", ("25-26", "")),
    ],
)
def test_a_period_is_named_short_under_its_point(code: str, label: tuple[str, str]) -> None:
    assert Point(parse_period(code), None).label == label


def test_a_week_that_nobody_entered_is_not_nought() -> None:
    told = [row[1] for row in sample_attendance(6).table.rows]
    assert told == ["10 of 10", "8 of 10", "Not entered", "No session", "0 of 10", "13 of 14"]


@pytest.mark.parametrize("weeks", [[], [Week(date(2026, 8, 31), 11, 10)], [Week(date(2026, 8, 31))] * 17])
def test_attendance_that_cannot_be_is_refused(weeks: list[Week]) -> None:
    with pytest.raises(ValueError, match=r"weeks|possible"):
        attendance_bars("Attendance", weeks)


def test_a_level_is_drawn_as_boxes_with_the_expected_one_marked() -> None:
    drawn = ElementTree.fromstring(str(steps(0, 4, 2, 3)))  # noqa: S314
    boxes = [one.attrib["fill"] for one in drawn if one.tag == f"{NS}rect"]
    assert boxes == [svg.BLUE, svg.BLUE, svg.WHITE, svg.WHITE]
    assert sum(one.tag == f"{NS}polygon" for one in drawn) == 1
    assert outside(drawn) == []
    assert len(ElementTree.fromstring(str(steps(1, 10, None, None)))) == 10  # noqa: S314
    assert steps(0, 100, 2, 3) == ""
