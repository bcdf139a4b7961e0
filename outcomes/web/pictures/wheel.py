"""The wheel of a reading: one spoke per area, up to three readings, and the table beside it.

A neutral radar chart of our own; it is nobody's star. Higher is further out on every wheel; where lower
is better the picture says so. An area without a score has no point and breaks the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import cos, pi, sin

from markupsafe import Markup

from outcomes.web.pictures.svg import (
    BLUE,
    GREY,
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

Score = int | Decimal | None

MOST_SERIES = 3
RADIUS = 130.0
# The lowest score sits a little off the centre: eight points in one spot tell nothing.
CORE = 0.12
LABEL_SIZE = 16
KEY_LEFT = 66


@dataclass(frozen=True, slots=True)
class Series:
    """One reading: its name ("First, 3 May 2025") and a score per area; None where not assessed."""

    name: str
    scores: tuple[Score, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    colour: str
    dash: str
    shape: str
    filled: bool
    width: float

    @property
    def stroke(self) -> dict[str, Attribute]:
        return {"stroke": self.colour, "stroke_dasharray": self.dash, "stroke_width": self.width}


# From the oldest to the latest. The latest is drawn last and strongest.
_LOOKS = (
    _Look(GREY, "2 5", "diamond", filled=False, width=2.0),
    _Look(PURPLE, "9 5", "square", filled=False, width=2.0),
    _Look(BLUE, "none", "circle", filled=True, width=3.5),
)


def wheel(
    title: str,
    areas: Sequence[str],
    series: Sequence[Series],
    *,
    lowest: int,
    highest: int,
    higher_is_better: bool = True,
    blank: str = "Not assessed",
) -> Picture:
    """Draw up to three readings, oldest first, of three or more areas on a scale with both ends included.

    Raises ValueError when a reading has another number of areas, or a score is off the scale.
    """
    _check(areas, series, lowest, highest)
    looks = _LOOKS[-len(series) :] if series else ()
    better = "" if higher_is_better else ", lower is better"
    drawn = _Wheel(tuple(zip(series, looks, strict=True)), len(areas), lowest, highest, better)
    described = (
        f"{len(areas)} areas on a scale from {lowest} to {highest}{better}. The table has every score."
    )
    return Picture(
        title=title,
        svg=drawn.named(areas).draw(title, described),
        narrow=drawn.numbered().draw(title, described),
        table=_table(f"{title}: scores from {lowest} to {highest}{better}", areas, series, blank),
    )


def _check(areas: Sequence[str], series: Sequence[Series], lowest: int, highest: int) -> None:
    if len(areas) < 3 or lowest >= highest:
        raise ValueError("A wheel needs three areas or more and a scale whose ends differ.")
    if len(series) > MOST_SERIES:
        raise ValueError(f"A wheel shows at most {MOST_SERIES} readings, came {len(series)}.")
    for one in series:
        if len(one.scores) != len(areas):
            raise ValueError(f"{one.name}: expected {len(areas)} scores, came {len(one.scores)}.")
        if any(score is not None and not lowest <= score <= highest for score in one.scores):
            raise ValueError(f"{one.name}: a score is not on the scale from {lowest} to {highest}.")


def _table(caption: str, areas: Sequence[str], series: Sequence[Series], blank: str) -> DataTable:
    """Latest first: on a phone the column that matters most must be in sight."""
    latest_first = tuple(reversed(series))
    rows = (
        (f"{number}. {area}", *(_say(one.scores[number - 1], blank) for one in latest_first))
        for number, area in enumerate(areas, start=1)
    )
    return DataTable(caption, ("Area", *(one.name for one in latest_first)), tuple(rows))


def _say(score: Score, blank: str) -> str:
    return blank if score is None else f"{score:f}" if isinstance(score, Decimal) else str(score)


@dataclass(frozen=True, slots=True)
class _Wheel:
    """The geometry: spokes start at the top and go clockwise; `side` and `above` are margins for labels."""

    series: tuple[tuple[Series, _Look], ...]
    count: int
    lowest: int
    highest: int
    better: str
    side: float = 32.0
    above: float = 32.0
    labels: tuple[Markup, ...] = ()

    def named(self, areas: Sequence[str]) -> "_Wheel":
        """For a wide page: every spoke carries its area's name; the margins are as wide as the names."""
        lines = [_wrap(f"{number}. {area}") for number, area in enumerate(areas, start=1)]
        side = max(text_width(line, LABEL_SIZE) for label in lines for line in label) + 19
        roomy = replace(self, side=side, above=18.0 * max(len(label) for label in lines) + 17)
        return replace(roomy, labels=tuple(roomy._name(index, label) for index, label in enumerate(lines)))

    def numbered(self) -> "_Wheel":
        """For a phone: numbers on the spokes, names in the table."""
        places = [self._at(index, 1.0, beyond=17) for index in range(self.count)]
        numbers = (
            text(str(number), x, y + 6, 18, text_anchor="middle", font_weight=700)
            for number, (x, y) in enumerate(places, start=1)
        )
        return replace(self, labels=tuple(numbers))

    def draw(self, title: str, described: str) -> Markup:
        lines = [part for one, look in self.series for part in self._line(one, look)]
        key = [part for row, pair in enumerate(reversed(self.series)) for part in self._key(row, *pair)]
        scale = f"Scale {self.lowest} to {self.highest}{self.better}"
        names = [text_width(words, LABEL_SIZE) for words in (scale, *(one.name for one, _ in self.series))]
        width = max(2 * (RADIUS + self.side), KEY_LEFT + max(names) + 6)
        below = 2 * (RADIUS + self.above) + 20 + 26 * len(self.series)
        key.append(text(scale, KEY_LEFT, below + 5, LABEL_SIZE, fill=GREY))
        body = [*self._rings(), *self._spokes(), *lines, *self._scale(), *self.labels, *key]
        return drawing(title, described, width, below + 16, body)

    def _at(self, index: int, share: float, beyond: float = 0) -> tuple[float, float]:
        angle = 2 * pi * index / self.count
        reach = RADIUS * share + beyond
        return self.side + RADIUS + reach * sin(angle), self.above + RADIUS - reach * cos(angle)

    def _share(self, score: int | Decimal) -> float:
        return CORE + (1 - CORE) * float(score - self.lowest) / (self.highest - self.lowest)

    def _marks(self) -> list[int]:
        """Scores that get a ring: all of a short scale, about five of a long one."""
        long = self.highest - self.lowest
        step = max(1, round(long / 5)) if long > 5 else 1
        return sorted(range(self.highest, self.lowest, -step))

    def _rings(self) -> list[Markup]:
        rings = []
        for score in self._marks():
            corners = (self._at(index, self._share(score)) for index in range(self.count))
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
            rings.append(element("polygon", points=points, fill="none", stroke=PALE, stroke_width=1))
        return rings

    def _spokes(self) -> list[Markup]:
        spokes = []
        for index in range(self.count):
            (x1, y1), (x2, y2) = self._at(index, CORE), self._at(index, 1.0)
            spokes.append(element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=PALE, stroke_width=1))
        return spokes

    def _scale(self) -> list[Markup]:
        """The scale's numbers, half-way between the first spoke and the second: no point is ever there."""
        angle = pi / self.count
        numbers = []
        for score in self._marks():
            reach = RADIUS * self._share(score) * cos(angle)
            x, y = self.side + RADIUS + reach * sin(angle), self.above + RADIUS - reach * cos(angle)
            numbers.append(text(str(score), x, y + 4, 12, text_anchor="middle", fill=GREY))
        return numbers

    def _line(self, one: Series, look: _Look) -> list[Markup]:
        points = [
            None if score is None else self._at(index, self._share(score))
            for index, score in enumerate(one.scores)
        ]
        around = zip(points, points[1:] + points[:1], strict=True)
        moves = "".join(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}" for a, b in around if a and b)
        line = [element("path", d=moves, fill="none", stroke_linecap="round", **look.stroke)] if moves else []
        return line + [marker(look.shape, *point, look.colour, look.filled) for point in points if point]

    def _key(self, row: int, one: Series, look: _Look) -> list[Markup]:
        """Which line is which reading, below the wheel, latest first."""
        y = 2 * (RADIUS + self.above) + 20 + 26 * row
        return [
            element("line", x1=6, y1=y, x2=54, y2=y, **look.stroke),
            marker(look.shape, 30, y, look.colour, look.filled),
            text(one.name, KEY_LEFT, y + 5, LABEL_SIZE),
        ]

    def _name(self, index: int, lines: list[str]) -> Markup:
        """An area's name at the end of its spoke: above the wheel upwards, below it downwards."""
        x, y = self._at(index, 1.0, beyond=15)
        across, down = sin(2 * pi * index / self.count), -cos(2 * pi * index / self.count)
        anchor = "middle" if abs(across) < 0.1 else "start" if across > 0 else "end"
        first = y + 5 - 9 * (len(lines) - 1) * (1 - down) + 6 * down * (abs(down) > 0.9)
        return Markup("").join(
            text(line, x, first + 18 * row, LABEL_SIZE, text_anchor=anchor) for row, line in enumerate(lines)
        )


def _wrap(words: str, most: int = 16) -> list[str]:
    """A long name on several short lines, broken between words."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
