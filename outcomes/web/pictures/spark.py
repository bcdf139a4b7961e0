"""A spark line: how a rating moved since its baseline, small enough to stand in a line of text."""

from collections.abc import Sequence
from decimal import Decimal

from outcomes.web.pictures.svg import BLUE, GREY, DataTable, Picture, drawing, element, marker

WIDTH, HEIGHT, EDGE = 84.0, 36.0, 7.0


def spark(
    title: str, ratings: Sequence[tuple[str, Decimal | int]], *, lowest: int, highest: int, printed: str = ""
) -> Picture:
    """Draw ratings, oldest first, each with its date in words. `lowest` and `highest` are the scale's ends.

    One rating is a point; none is refused: where there is nothing to draw, say so in words.
    """
    if not ratings or lowest >= highest:
        raise ValueError("A spark line needs a rating and a scale whose ends differ.")
    if any(not lowest <= value <= highest for _, value in ratings):
        raise ValueError(f"A rating is not on the scale from {lowest} to {highest}.")
    step = (WIDTH - 2 * EDGE) / max(1, len(ratings) - 1)
    rise = (HEIGHT - 2 * EDGE) / (highest - lowest)
    places = [
        (EDGE + step * index, HEIGHT - EDGE - rise * float(value - lowest))
        for index, (_, value) in enumerate(ratings)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    start = places[0][1]
    body = [
        element("line", x1=EDGE, y1=start, x2=WIDTH - EDGE, y2=start, stroke=GREY, stroke_dasharray="2 3"),
        element("polyline", points=line, fill="none", stroke=BLUE, stroke_width=2),
        marker("circle", *places[-1], BLUE),
    ]
    described = printed or "; ".join(f"{when}: {value}" for when, value in ratings)
    return Picture(
        title=title,
        svg=drawing(title, described, WIDTH, HEIGHT, body),
        table=DataTable(title, ("Date", "Rating"), tuple((when, str(value)) for when, value in ratings)),
    )
