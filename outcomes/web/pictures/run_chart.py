"""The run chart of a measure: up to eight periods, the target as a line, gaps where there was no data.

What is printed at a point is the caller's own text (rule R11 is the engine's); the fraction stands in
the table. A period without data breaks the line and is marked, never drawn as nought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from markupsafe import Markup

from outcomes.core.periods import Period
from outcomes.web.pictures.svg import (
    BLUE,
    GREEN,
    GREY,
    INK,
    PALE,
    PURPLE,
    DataTable,
    Picture,
    drawing,
    element,
    marker,
    text,
    text_width,
)

MOST_POINTS = 12
PLOT_HEIGHT = 190.0
TOP = 30.0
NO_DATA = "No data"


@dataclass(frozen=True, slots=True)
class Point:
    """One period: its value for the drawing (None: no data), as printed, and its fraction ("4 of 7")."""

    period: Period
    value: Decimal | None
    printed: str = NO_DATA
    fraction: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where things go. `step` is the width of one period, `left` and `right` the margins."""

    step: float
    left: float
    right: float
    count: int
    most: float

    @property
    def width(self) -> float:
        return self.left + self.step * self.count + self.right

    @property
    def bottom(self) -> float:
        return TOP + PLOT_HEIGHT

    def x(self, index: int) -> float:
        return self.left + self.step * (index + 0.5)

    def y(self, value: Decimal | float) -> float:
        return self.bottom - PLOT_HEIGHT * float(value) / self.most


def run_chart(
    title: str,
    points: Sequence[Point],
    *,
    target: Decimal | None = None,
    target_words: str = "",
    median: Decimal | None = None,
    median_words: str = "",
    percent: bool = True,
) -> Picture:
    """Draw the periods, oldest first. A percentage has the axis 0 to 100, a count as high as it needs.

    `target_words` and `median_words` are printed at their lines ("Target: at least 70%").
    """
    if not 1 <= len(points) <= MOST_POINTS:
        raise ValueError(f"A run chart shows 1 to {MOST_POINTS} periods, came {len(points)}.")
    values = [point.value for point in points if point.value is not None]
    values += [line for line in (target, median) if line is not None]
    if any(value < 0 for value in values):
        raise ValueError("A run chart begins at nought; a value below it cannot be drawn.")
    most = 100.0 if percent and max(values, default=0) <= 100 else _round_up(float(max(values, default=1)))
    lines = [line for line in ((target, target_words, GREEN, "none"), (median, median_words, PURPLE, "7 5"))]
    kept = [(value, words, colour, dash) for value, words, colour, dash in lines if value is not None]
    described = _describe(points, [words for _, words, _, _ in kept])

    def draw(step: float, every: bool) -> Markup:
        left = max(text_width(_tick(most, percent), 13) + 10, 30)
        plot = _Plot(step, left, max(6.0, _overhang(points, step)), len(points), most)
        body = [*_axis(plot, percent), *_periods(plot, points)]
        body += [part for line in kept for part in _level(plot, *line)]
        body += [*_run(plot, points), *_values(plot, points, every)]
        key, height = _key(plot, kept)
        return drawing(title, described, plot.width, plot.bottom + 48 + height, [*body, *key])

    return Picture(title, svg=draw(78, True), narrow=draw(39, False), table=_table(title, points))


def _table(title: str, points: Sequence[Point]) -> DataTable:
    with_notes = any(point.note for point in points)
    return DataTable(
        caption=f"{title}: each period",
        columns=("Period", "Figure", "Fraction", *(("Note",) if with_notes else ())),
        rows=tuple(
            (
                f"{point.period.title} ({point.period.code})",
                point.printed,
                point.fraction,
                *((point.note,) if with_notes else ()),
            )
            for point in points
        ),
    )


def _describe(points: Sequence[Point], lines: list[str]) -> str:
    told = "; ".join(f"{point.period.title} {point.printed}" for point in points)
    return ". ".join(part for part in (*lines, told) if part) + "."


def _round_up(value: float) -> float:
    """A whole number at or above `value` that four steps divide well."""
    for size in (4, 8, 12, 20, 40, 60, 80, 100, 200, 400):
        if value <= size:
            return float(size)
    power = 10 ** (len(str(ceil(value))) - 1)
    return float(ceil(value / (4 * power)) * 4 * power)


def _tick(value: float, percent: bool) -> str:
    return f"{value:g}%" if percent else f"{value:,.0f}"


def _overhang(points: Sequence[Point], step: float) -> float:
    """How far the last value's text reaches beyond its period."""
    return text_width(points[-1].printed, 15) / 2 - step / 2 + 6


def _axis(plot: _Plot, percent: bool) -> list[Markup]:
    parts = []
    for quarter in range(5):
        value = plot.most * quarter / 4
        y = plot.y(value)
        end = plot.width - plot.right
        parts.append(element("line", x1=plot.left, y1=y, x2=end, y2=y, stroke=PALE, stroke_width=1))
        parts.append(text(_tick(value, percent), plot.left - 6, y + 5, 13, text_anchor="end", fill=GREY))
    return parts


def _periods(plot: _Plot, points: Sequence[Point]) -> list[Markup]:
    """ "Q2" under each point; the year under the first of each."""
    parts, before = [], ""
    for index, point in enumerate(points):
        year, name = _name(point.period)
        x = plot.x(index)
        parts.append(text(name, x, plot.bottom + 21, 14, text_anchor="middle"))
        if year != before:
            parts.append(text(year, x - plot.step / 2 + 3, plot.bottom + 39, 13, fill=GREY))
        before = year
    return parts


def _name(period: Period) -> tuple[str, str]:
    if period.length == "month":
        return f"{period.first:%Y}", f"{period.first:%b}"
    if period.length == "year":
        return "", period.code[2:]
    year, _, part = period.code.rpartition("-")
    return year, part


def _level(plot: _Plot, value: Decimal, _words: str, colour: str, dash: str) -> list[Markup]:
    y = plot.y(value)
    end = plot.width - plot.right
    line = element(
        "line", x1=plot.left, y1=y, x2=end, y2=y, stroke=colour, stroke_width=2.5, stroke_dasharray=dash
    )
    return [line]


def _run(plot: _Plot, points: Sequence[Point]) -> list[Markup]:
    places = [
        None if point.value is None else (plot.x(index), plot.y(point.value))
        for index, point in enumerate(points)
    ]
    parts = [
        element(
            "line", x1=a[0], y1=a[1], x2=b[0], y2=b[1], stroke=BLUE, stroke_width=3, stroke_linecap="round"
        )
        for a, b in zip(places, places[1:], strict=False)
        if a and b
    ]
    for index, place in enumerate(places):
        if place:
            parts.append(marker("circle", *place, BLUE))
        else:
            parts += _gap(plot, index)
    return parts


def _gap(plot: _Plot, index: int) -> list[Markup]:
    """A small cross on the axis: there was a period here, and nothing to show for it."""
    x, y = plot.x(index), plot.bottom
    return [
        element(
            "path", d=f"M{x - 5:.1f} {y - 5:.1f}l10 10m0 -10l-10 10", stroke=INK, stroke_width=2, fill="none"
        ),
        text("no data" if plot.step > 50 else "none", x, y - 11, 12, text_anchor="middle", fill=GREY),
    ]


def _values(plot: _Plot, points: Sequence[Point], every: bool) -> list[Markup]:
    """The printed values at their points: all where there is room, else first, last, highest and lowest."""
    shown = {i for i, point in enumerate(points) if point.value is not None}
    if not every:
        shown = _telling(points)
    parts = []
    for index in sorted(shown):
        value = points[index].value
        if value is None:
            continue
        y = plot.y(value)
        y = y - 12 if y > TOP + 4 else y + 23
        last = index == len(points) - 1
        weight = 700 if last else 400
        parts.append(
            text(points[index].printed, plot.x(index), y, 15, text_anchor="middle", font_weight=weight)
        )
    return parts


def _telling(points: Sequence[Point]) -> set[int]:
    """Which values to print on a phone: last, lowest, highest and first, none beside another."""
    valued = [(point.value, index) for index, point in enumerate(points) if point.value is not None]
    if not valued:
        return set()
    chosen: set[int] = set()
    for index in (valued[-1][1], min(valued)[1], max(valued)[1], valued[0][1]):
        if not {index - 1, index + 1} & chosen:
            chosen.add(index)
    return chosen


def _key(plot: _Plot, lines: list[tuple[Decimal, str, str, str]]) -> tuple[list[Markup], float]:
    """What the level lines are, in words under the axis."""
    parts: list[Markup] = []
    for row, (_value, words, colour, dash) in enumerate(lines):
        y = plot.bottom + 64 + 24 * row
        parts.append(
            element("line", x1=4, y1=y, x2=40, y2=y, stroke=colour, stroke_width=2.5, stroke_dasharray=dash)
        )
        parts.append(text(words, 50, y + 5, 15))
    return parts, 24.0 * len(lines) + (8 if lines else 0)
