"""The run chart of a measure: up to twelve periods, the target as a line, gaps where there was no data.

What is printed at a point is the caller's own text (rule R11 is the engine's); the fraction stands in
the table. A period without data breaks the line and is marked, never drawn as nought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
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
    Attribute,
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
TOP = 36.0
BOTTOM = TOP + PLOT_HEIGHT
# The same width for one period as for twelve: a picture is scaled to its place, and its words with it.
WIDE, NARROW = 624.0, 312.0
# Below these widths of a period not every value, and not every name, has room.
ROOM_FOR_VALUE, ROOM_FOR_NAME = 56.0, 30.0
KEY_LEFT = 50
NO_DATA = "No data"


@dataclass(frozen=True, slots=True)
class Point:
    """One period: its value for the drawing (None: no data), as printed, and its fraction ("4 of 7")."""

    period: Period
    value: Decimal | None
    printed: str = NO_DATA
    fraction: str = ""
    note: str = ""

    @property
    def label(self) -> tuple[str, str]:
        """What stands under the point, and the year below it: ("Q2", "2025-26"), ("Jul", "2025")."""
        if self.period.length == "month":
            return f"{self.period.first:%b}", f"{self.period.first:%Y}"
        if self.period.length == "year":
            return self.period.code[2:], ""
        year, _, part = self.period.code.rpartition("-")
        return part, year


@dataclass(frozen=True, slots=True)
class _Level:
    """A line at one height, such as the target, and its words in the key."""

    value: Decimal
    words: str
    colour: str
    dash: str

    @property
    def stroke(self) -> dict[str, Attribute]:
        return {"stroke": self.colour, "stroke_dasharray": self.dash, "stroke_width": 2.5}


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

    `target_words` and `median_words` explain their lines ("Target: at least 70%"). Raises ValueError for
    no period or too many, or a value below nought.
    """
    if not 1 <= len(points) <= MOST_POINTS:
        raise ValueError(f"A run chart shows 1 to {MOST_POINTS} periods, came {len(points)}.")
    levels = []
    if target is not None:
        levels.append(_Level(target, target_words, GREEN, "none"))
    if median is not None:
        levels.append(_Level(median, median_words, PURPLE, "7 5"))
    most = _highest([point.value for point in points] + [level.value for level in levels], percent)
    told = "; ".join(f"{point.period.title} {point.printed}" for point in points)
    described = ". ".join([*(level.words for level in levels if level.words), told]) + "."

    def draw(width: float) -> Markup:
        step = width / len(points)
        return _Plot(tuple(points), tuple(levels), step, most, percent).draw(title, described)

    return Picture(title, svg=draw(WIDE), narrow=draw(NARROW), table=_table(title, points))


def _highest(values: Sequence[Decimal | None], percent: bool) -> float:
    """Where the axis ends: 100 for percentages, else a whole number that four steps divide well."""
    real = [value for value in values if value is not None]
    if any(value < 0 for value in real):
        raise ValueError("A run chart begins at nought; a value below it cannot be drawn.")
    top = float(max(real, default=Decimal(1)))
    if percent and top <= 100:
        return 100.0
    size = 4.0 * 10 ** max(0, len(str(ceil(top))) - 2)
    return max(1.0, ceil(top / size)) * size


def _table(title: str, points: Sequence[Point]) -> DataTable:
    """A count has no fractions, and most charts have no notes: a column with nothing in it is left out."""
    columns = {
        "Period": [f"{point.period.title} ({point.period.code})" for point in points],
        "Figure": [point.printed for point in points],
        "Fraction": [point.fraction for point in points],
        "Note": [point.note for point in points],
    }
    kept = {name: cells for name, cells in columns.items() if any(cells)}
    return DataTable(f"{title}: each period", tuple(kept), tuple(zip(*kept.values(), strict=True)))


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where things go. `step` is the width of one period, `most` the top of the axis."""

    points: tuple[Point, ...]
    levels: tuple[_Level, ...]
    step: float
    most: float
    percent: bool

    def draw(self, title: str, described: str) -> Markup:
        body = [*self._axis(), *self._periods(), *self._lines(), *self._run(), *self._values(), *self._key()]
        height = BOTTOM + 48 + (24 * len(self.levels) + 8 if self.levels else 0)
        return drawing(title, described, self.width, height, body)

    @property
    def left(self) -> float:
        """Room for the axis, and for a first value that is wider than its period."""
        return max([text_width(self._tick(self.most), 13) + 12, *self._overhangs()])

    def _overhangs(self) -> list[float]:
        """How far each value's text reaches to the left of the plot."""
        return [
            text_width(point.printed, 15) / 2 - self.step * (index + 0.5) + 4
            for index, point in enumerate(self.points)
        ]

    @property
    def end(self) -> float:
        return self.left + self.step * len(self.points)

    @property
    def width(self) -> float:
        """As wide as the widest of what reaches beyond the plot: values, years, the key."""
        reach = [self.end + 6]
        reach += [self.x(i) + text_width(point.printed, 15) / 2 + 4 for i, point in enumerate(self.points)]
        reach += [x + text_width(year, 13) + 4 for x, year in self._years()]
        reach += [KEY_LEFT + text_width(level.words, 15) + 4 for level in self.levels]
        return max(reach)

    @property
    def roomy(self) -> bool:
        return self.step >= ROOM_FOR_VALUE

    def x(self, index: int) -> float:
        return self.left + self.step * (index + 0.5)

    def y(self, value: Decimal | float) -> float:
        return BOTTOM - PLOT_HEIGHT * float(value) / self.most

    def _tick(self, value: float) -> str:
        return f"{value:g}%" if self.percent else f"{value:,.0f}"

    def _axis(self) -> list[Markup]:
        parts = []
        for value in (self.most * quarter / 4 for quarter in range(5)):
            y = self.y(value)
            parts.append(element("line", x1=self.left, y1=y, x2=self.end, y2=y, stroke=PALE, stroke_width=1))
            parts.append(text(self._tick(value), self.left - 6, y + 5, 13, text_anchor="end", fill=GREY))
        return parts

    def _periods(self) -> list[Markup]:
        """Names under the points, counted back from the last where only every second has room."""
        every = 1 if self.step >= ROOM_FOR_NAME else 2
        last = len(self.points) - 1
        names = [
            text(point.label[0], self.x(index), BOTTOM + 21, 14, text_anchor="middle")
            for index, point in enumerate(self.points)
            if (last - index) % every == 0
        ]
        return names + [text(year, x, BOTTOM + 39, 13, fill=GREY) for x, year in self._years()]

    def _years(self) -> list[tuple[float, str]]:
        """The year, under the first period of each; left out where the next one follows too closely."""
        years = [point.label[1] for point in self.points]
        places = [
            (self.x(index) - 12, year)
            for index, year in enumerate(years)
            if year and year not in years[:index]
        ]
        followed = [*(x for x, _ in places[1:]), float("inf")]
        return [
            (x, year)
            for (x, year), following in zip(places, followed, strict=False)
            if x + text_width(year, 13) + 4 < following
        ]

    def _lines(self) -> list[Markup]:
        return [
            element(
                "line", x1=self.left, y1=self.y(one.value), x2=self.end, y2=self.y(one.value), **one.stroke
            )
            for one in self.levels
        ]

    def _run(self) -> list[Markup]:
        places = [
            None if point.value is None else (self.x(index), self.y(point.value))
            for index, point in enumerate(self.points)
        ]
        moves = "".join(
            f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}" for a, b in pairwise(places) if a and b
        )
        parts = [element("path", d=moves, stroke=BLUE, stroke_width=3, fill="none")] if moves else []
        for index, place in enumerate(places):
            parts += [marker("circle", *place, BLUE)] if place else self._gap(index)
        return parts

    def _gap(self, index: int) -> list[Markup]:
        """A small cross on the axis: there was a period here, and nothing to show for it."""
        x = self.x(index)
        cross = f"M{x - 5:.1f} {BOTTOM - 5:.1f}l10 10m0 -10l-10 10"
        words = "no data" if self.roomy else "none"
        return [
            element("path", d=cross, stroke=INK, stroke_width=2, fill="none"),
            text(words, x, BOTTOM - 11, 12, text_anchor="middle", fill=GREY),
        ]

    def _values(self) -> list[Markup]:
        """The printed values at their points: all where there is room, else the telling ones."""
        last = len(self.points) - 1
        valued = [(index, point.value) for index, point in enumerate(self.points) if point.value is not None]
        shown = {index for index, _ in valued} if self.roomy else _telling(valued)
        return [
            text(
                self.points[index].printed,
                self.x(index),
                self.y(value) - 13,
                text_anchor="middle",
                font_weight=700 if index == last else 400,
            )
            for index, value in valued
            if index in shown
        ]

    def _key(self) -> list[Markup]:
        """What the level lines are, in words under the axis."""
        parts: list[Markup] = []
        for row, one in enumerate(self.levels):
            y = BOTTOM + 64 + 24 * row
            parts.append(element("line", x1=4, y1=y, x2=40, y2=y, **one.stroke))
            parts.append(text(one.words, KEY_LEFT, y + 5))
        return parts


def _telling(valued: Sequence[tuple[int, Decimal]]) -> set[int]:
    """Which values to print on a phone: last, lowest, highest and first, none beside another."""
    if not valued:
        return set()
    low, high = min(valued, key=lambda one: one[1]), max(valued, key=lambda one: one[1])
    chosen: set[int] = set()
    for index, _ in (valued[-1], low, high, valued[0]):
        if not {index - 1, index + 1} & chosen:
            chosen.add(index)
    return chosen
