"""Attendance by week: how many sessions were possible, how many of them attended, and weeks not entered.

A week without a record is marked as such, never drawn as nought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from outcomes.web.pictures.svg import BLUE, GREY, PALE, WHITE, DataTable, Picture, drawing, element, text

MOST_WEEKS = 16
TOP, HEIGHT, LEFT = 12.0, 110.0, 26.0
BOTTOM = TOP + HEIGHT
WIDE, NARROW = 520.0, 330.0
NOT_ENTERED = "Not entered"


@dataclass(frozen=True, slots=True)
class Week:
    """One week by its Monday. Without numbers it was not entered."""

    monday: date
    attended: int | None = None
    possible: int | None = None

    @property
    def told(self) -> str:
        """ "9 of 10", "No session" in the holidays, or that nobody entered it."""
        if self.possible is None or self.attended is None:
            return NOT_ENTERED
        return f"{self.attended} of {self.possible}" if self.possible else "No session"


def attendance_bars(title: str, weeks: Sequence[Week]) -> Picture:
    """Draw the weeks, oldest first: the frame is what was possible, the filling what was attended.

    Raises ValueError for no week or too many, or for more attended than possible.
    """
    if not 1 <= len(weeks) <= MOST_WEEKS:
        raise ValueError(f"Attendance shows 1 to {MOST_WEEKS} weeks, came {len(weeks)}.")
    if any((week.attended or 0) > (week.possible or 0) for week in weeks):
        raise ValueError("More sessions were attended than were possible.")
    told = "; ".join(f"week of {week.monday.day} {week.monday:%B}: {week.told}" for week in weeks)
    rows = tuple((f"{week.monday.day} {week.monday:%B %Y}", week.told) for week in weeks)
    return Picture(
        title=title,
        svg=_draw(title, told, weeks, WIDE),
        narrow=_draw(title, told, weeks, NARROW),
        table=DataTable(f"{title}, by week", ("Week beginning", "Sessions attended"), rows),
    )


def _draw(title: str, told: str, weeks: Sequence[Week], width: float) -> Markup:
    most = max([10, *(week.possible or 0 for week in weeks)])
    step = (width - LEFT) / MOST_WEEKS if len(weeks) > 12 else (width - LEFT) / 12
    body = _axis(most, width)
    for index, week in enumerate(weeks):
        middle = LEFT + step * (index + 0.5)
        body += [*_bar(week, middle, min(step - 8, 26.0), most), *_name(week, middle)]
    return drawing(title, told, width, BOTTOM + 40, body)


def _axis(most: int, width: float) -> list[Markup]:
    lines: list[Markup] = []
    for level in (0, most // 2, most):
        y = BOTTOM - HEIGHT * level / most
        lines.append(element("line", x1=LEFT, y1=y, x2=width, y2=y, stroke=PALE))
        lines.append(text(str(level), LEFT - 6, y + 5, 13, text_anchor="end"))
    return lines


def _bar(week: Week, middle: float, wide: float, most: int) -> list[Markup]:
    left = middle - wide / 2
    if week.possible is None or week.attended is None:
        return [text("?", middle, BOTTOM - 6, 16, text_anchor="middle", font_weight=700)]
    if not week.possible:
        # A week of holidays: a short line on the axis.
        return [element("line", x1=left, y1=BOTTOM, x2=left + wide, y2=BOTTOM, stroke=GREY, stroke_width=3)]
    frame, filled = HEIGHT * week.possible / most, HEIGHT * week.attended / most
    return [
        element(
            "rect",
            x=left,
            y=BOTTOM - frame,
            width=wide,
            height=frame,
            fill=WHITE,
            stroke=GREY,
            stroke_width=1,
        ),
        element("rect", x=left, y=BOTTOM - filled, width=wide, height=filled, fill=BLUE),
    ]


def _name(week: Week, middle: float) -> list[Markup]:
    return [
        text(str(week.monday.day), middle, BOTTOM + 17, 13, text_anchor="middle"),
        text(f"{week.monday:%b}", middle, BOTTOM + 33, 13, text_anchor="middle"),
    ]
