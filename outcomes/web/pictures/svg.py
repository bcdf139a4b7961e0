"""What every picture is made of: elements with escaped text, and the picture with its table.

A test works out the contrast of every colour but PALE, which only draws the grid, against white.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape as quoted

from markupsafe import Markup, escape

NOTHING = Markup("")
"""Where there is nothing to draw."""

INK = "#0b0c0c"
GREY = "#484949"
PALE = "#cecece"
BLUE = "#1d70b8"
PURPLE = "#54319f"
GREEN = "#0f7a52"
WHITE = "#ffffff"
FONT = "Helvetica Neue, Helvetica, Arial, sans-serif"

Attribute = str | int | float


@dataclass(frozen=True, slots=True)
class DataTable:
    """The same in words: a caption, headings, and rows of texts whose first cell names the row."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"Expected {len(self.columns)} cells as {self.columns}, came {row}.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing and its table. `narrow` is the drawing for a phone; None where one serves both."""

    title: str
    svg: Markup
    table: DataTable
    narrow: Markup | None = None


def element(tag: str, *children: Markup | str, **attributes: Attribute) -> Markup:
    """One SVG element. Text is escaped; `stroke_width=2` is written stroke-width="2"."""
    # Put together as plain text, and only texts escaped: with Markup's own formatting, and an escape
    # for each number, the drawings took a third of the child's page.
    written = "".join([_written(name, value) for name, value in attributes.items()])
    body = "".join([child if isinstance(child, Markup) else escape(child) for child in children])
    return Markup(f"<{_name(tag)}{written}>{body}</{_name(tag)}>")  # noqa: S704 - each part is escaped


# Most are the same colours, words and places, two thousand of them on a child's page.
@lru_cache(maxsize=4096, typed=True)
def _written(name: str, value: Attribute) -> str:
    return f' {_name(name)}="{_value(value)}"'


@lru_cache(maxsize=256)
def _name(name: str) -> str:
    return str(escape(name.rstrip("_").replace("_", "-")))


def _value(value: Attribute) -> str:
    """A text escaped; a coordinate to a tenth: enough for any screen, and the page stays small."""
    if isinstance(value, str):
        return quoted(value)
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def text(words: str, x: float, y: float, size: int = 15, **attributes: Attribute) -> Markup:
    """A line of text with a white edge, so that lines behind it do not cross the letters."""
    look: dict[str, Attribute] = {
        "fill": INK,
        "stroke": WHITE,
        "stroke_width": 4,
        "stroke_linejoin": "round",
        "paint_order": "stroke",
        "font_size": size,
    }
    return element("text", words, x=float(x), y=float(y), **(look | attributes))


def text_width(words: str, size: int) -> float:
    """About how wide a line is in Helvetica: wide letters counted wide, so nothing is clipped."""
    wide = sum(character in "mwMW%@" or character.isupper() for character in words)
    return size * (0.54 * len(words) + 0.2 * wide)


def drawing(title: str, description: str, width: float, height: float, body: Sequence[Markup]) -> Markup:
    """The whole SVG: named and described for those who do not see it, scaled by the page's width."""
    mark = secrets.token_hex(4)
    return element(
        "svg",
        element("title", title, id=f"title-{mark}"),
        element("desc", description, id=f"desc-{mark}"),
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {round(width)} {round(height)}",
        role="img",
        aria_labelledby=f"title-{mark}",
        aria_describedby=f"desc-{mark}",
        font_family=FONT,
        focusable="false",
    )


def marker(shape: str, x: float, y: float, colour: str, filled: bool = True) -> Markup:
    """The point of a series: a circle, square or diamond, so that shape tells as much as colour."""
    look: dict[str, Attribute] = {"fill": colour if filled else WHITE, "stroke": colour, "stroke_width": 2}
    if shape == "circle":
        return element("circle", cx=float(x), cy=float(y), r=5, **look)
    if shape == "square":
        return element("rect", x=float(x - 4.5), y=float(y - 4.5), width=9, height=9, **look)
    if shape == "diamond":
        corners = f"{x:.1f},{y - 6:.1f} {x + 6:.1f},{y:.1f} {x:.1f},{y + 6:.1f} {x - 6:.1f},{y:.1f}"
        return element("polygon", points=corners, **look)
    raise ValueError(f"Expected circle, square or diamond, came {shape!r}.")
