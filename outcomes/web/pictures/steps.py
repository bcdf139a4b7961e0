"""A level on a scale as a row of boxes: filled up to the level, with a mark over the one expected.

Small enough to stand in a cell of a table; the words beside it say the same, so it is hidden from
those who hear the page.
"""

from functools import lru_cache

from markupsafe import Markup

from outcomes.web.pictures.svg import BLUE, GREY, INK, NOTHING, WHITE, element

BOX, GAP, HEIGHT, MOST_BOXES = 13.0, 3.0, 24.0, 12


# The same few drawings on every page: they are made of nothing but four numbers.
@lru_cache(maxsize=1024)
def steps(lowest: int, highest: int, level: int | None, expected: int | None) -> Markup:
    """One box for each point of the scale. Nought is "not begun yet" and has none.

    NOTHING where the scale has too many points to draw.
    """
    first = lowest if lowest > 0 else lowest + 1
    boxes = highest - first + 1
    if not 1 <= boxes <= MOST_BOXES:
        return NOTHING
    width = boxes * (BOX + GAP) + 2
    body = []
    for index in range(boxes):
        point, x = first + index, 1 + index * (BOX + GAP)
        filled = level is not None and point <= level
        look: dict[str, str | int] = {"fill": BLUE if filled else WHITE, "stroke": BLUE if filled else GREY}
        body.append(element("rect", x=x, y=10.0, width=BOX, height=BOX, stroke_width=1, **look))
        if point == expected:
            middle = x + BOX / 2
            corners = f"{middle - 5:.1f},1 {middle + 5:.1f},1 {middle:.1f},8"
            body.append(element("polygon", points=corners, fill=INK))
    return element(
        "svg",
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {HEIGHT:.0f}",
        width=f"{width:.0f}",
        height=f"{HEIGHT:.0f}",
        aria_hidden="true",
        focusable="false",
    )
