"""The wheel of a reading: one spoke per area, up to three readings, and the table beside it.

A neutral radar chart of our own; it is nobody's star. Higher is further out on every wheel; where lower
is better the picture says so. An area without a score has no point and breaks the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, pi, sin

from markupsafe import Markup

from outcomes.web.pictures.svg import (
    BLUE,
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

Score = int | Decimal | None

MOST_SERIES = 3
RADIUS = 130.0
# The lowest score sits a little off the centre: eight points in one spot tell nothing.
CORE = 0.12


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
    drawn = _Wheel(tuple(areas), tuple(zip(series, looks, strict=True)), lowest, highest)
    better = "" if higher_is_better else " Lower is better."
    described = (
        f"{len(areas)} areas on a scale from {lowest} to {highest}.{better} The table gives every score."
    )
    return Picture(
        title=title,
        svg=drawn.named(title, described),
        narrow=drawn.numbered(title, described),
        table=DataTable(
            caption=f"{title}: scores from {lowest} to {highest}{', lower is better' if better else ''}",
            columns=("Area", *(one.name for one in series)),
            rows=tuple(
                (f"{index + 1}. {area}", *(_say(one.scores[index], blank) for one in series))
                for index, area in enumerate(areas)
            ),
        ),
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


def _say(score: Score, blank: str) -> str:
    return blank if score is None else f"{score:f}" if isinstance(score, Decimal) else str(score)


@dataclass(frozen=True, slots=True)
class _Wheel:
    """The geometry. Spokes start at the top and go clockwise."""

    areas: tuple[str, ...]
    series: tuple[tuple[Series, _Look], ...]
    lowest: int
    highest: int

    def named(self, title: str, described: str) -> Markup:
        """For a wide page: every spoke carries its area's name; the margins are as wide as the names."""
        lines = [_wrap(f"{index + 1}. {area}") for index, area in enumerate(self.areas)]
        side = max(text_width(line, 15) for label in lines for line in label) + 22
        above = 18.0 * max(len(label) for label in lines) + 12
        labels = [self._label(index, label, side, above) for index, label in enumerate(lines)]
        return self._draw(title, described, side, above, labels)

    def numbered(self, title: str, described: str) -> Markup:
        """For a phone: numbers on the spokes, names in the table."""
        labels = []
        for index in range(len(self.areas)):
            x, y = self._at(index, 1.0, 30, 30, beyond=17)
            labels.append(text(str(index + 1), x, y + 6, 18, text_anchor="middle", font_weight=700))
        return self._draw(title, described, 30, 30, labels)

    def _draw(self, title: str, described: str, side: float, above: float, labels: list[Markup]) -> Markup:
        body = [*self._rings(side, above), *self._spokes(side, above)]
        for one, look in self.series:
            body += self._line(one, look, side, above)
        body += [*self._scale(side, above), *labels]
        key, key_height = self._key(2 * (RADIUS + above) + 10)
        width = max(2 * (RADIUS + side), 2 * RADIUS)
        return drawing(title, described, width, 2 * (RADIUS + above) + key_height, [*body, *key])

    def _at(
        self, index: int, share: float, side: float, above: float, beyond: float = 0
    ) -> tuple[float, float]:
        angle = 2 * pi * index / len(self.areas)
        reach = RADIUS * share + beyond
        return side + RADIUS + reach * sin(angle), above + RADIUS - reach * cos(angle)

    def _share(self, score: int | Decimal) -> float:
        return CORE + (1 - CORE) * float(score - self.lowest) / (self.highest - self.lowest)

    def _marks(self) -> list[int]:
        """Scores that get a ring: all of a short scale, about five of a long one."""
        step = max(1, round((self.highest - self.lowest) / 5)) if self.highest - self.lowest > 5 else 1
        return [*range(self.highest, self.lowest, -step)][::-1]

    def _rings(self, side: float, above: float) -> list[Markup]:
        rings = []
        for score in self._marks():
            corners = [self._at(i, self._share(score), side, above) for i in range(len(self.areas))]
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
            rings.append(element("polygon", points=points, fill="none", stroke=PALE, stroke_width=1))
        return rings

    def _spokes(self, side: float, above: float) -> list[Markup]:
        ends = [
            (self._at(i, CORE, side, above), self._at(i, 1.0, side, above)) for i in range(len(self.areas))
        ]
        return [
            element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=PALE, stroke_width=1)
            for (x1, y1), (x2, y2) in ends
        ]

    def _scale(self, side: float, above: float) -> list[Markup]:
        """The scale's numbers, half-way between the first spoke and the second: no point is ever there."""
        angle = pi / len(self.areas)
        numbers = []
        for score in self._marks():
            reach = RADIUS * self._share(score) * cos(angle)
            x, y = side + RADIUS + reach * sin(angle), above + RADIUS - reach * cos(angle)
            numbers.append(text(str(score), x, y + 4, 12, text_anchor="middle", fill=GREY))
        return numbers

    def _line(self, one: Series, look: _Look, side: float, above: float) -> list[Markup]:
        points = [
            None if score is None else self._at(i, self._share(score), side, above)
            for i, score in enumerate(one.scores)
        ]
        pairs = zip(points, points[1:] + points[:1], strict=True)
        moves = [
            f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}"
            for a, b in pairs
            if a is not None and b is not None
        ]
        stroke: dict[str, Attribute] = {
            "fill": "none",
            "stroke": look.colour,
            "stroke_width": look.width,
            "stroke_dasharray": look.dash,
            "stroke_linecap": "round",
        }
        line = [element("path", d="".join(moves), **stroke)] if moves else []
        return line + [marker(look.shape, *point, look.colour, look.filled) for point in points if point]

    def _key(self, top: float) -> tuple[list[Markup], float]:
        """Which line is which reading, below the wheel, latest first."""
        parts: list[Markup] = []
        for row, (one, look) in enumerate(reversed(self.series)):
            y = top + 12 + 26 * row
            dash: dict[str, Attribute] = {"stroke_dasharray": look.dash, "stroke_width": look.width}
            parts.append(element("line", x1=6, y1=y, x2=54, y2=y, stroke=look.colour, **dash))
            parts.append(marker(look.shape, 30, y, look.colour, look.filled))
            parts.append(text(one.name, 66, y + 5, 16, fill=INK))
        return parts, 26.0 * len(self.series) + 16

    def _label(self, index: int, lines: list[str], side: float, above: float) -> Markup:
        x, y = self._at(index, 1.0, side, above, beyond=12)
        across = sin(2 * pi * index / len(self.areas))
        anchor = "middle" if abs(across) < 0.1 else "start" if across > 0 else "end"
        down = -cos(2 * pi * index / len(self.areas))
        # Above the wheel the last line sits next to the spoke, below it the first, at the sides the middle.
        first = (
            y + 5 - 9 * (len(lines) - 1) * (1 - down) - (4 if down < -0.9 else 0) + (8 if down > 0.9 else 0)
        )
        return Markup("").join(
            text(line, x, first + 18 * row, 15, text_anchor=anchor) for row, line in enumerate(lines)
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
