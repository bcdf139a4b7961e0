"""The components with the contexts that pages give them. Every child here is invented."""

from datetime import date, timedelta
from decimal import Decimal

from flask import render_template

from outcomes.core.periods import Period, parse_period
from outcomes.web.fields import RadiosField, TextareaField, choices_of
from outcomes.web.forms import DrawnForm
from outcomes.web.pictures import Picture, Point, Series, Week, attendance_bars, run_chart, spark, wheel
from tests.front.record_samples import CHILD, LONG, NASTY

AREAS = (
    "Health and wellbeing",
    "Feeling safe",
    "Family and friends",
    "Where I live",
    "School and learning",
    "Feelings and behaviour",
    "Who I am",
    "Getting ready for adult life",
)


def sample_wheel(areas: tuple[str, ...] = AREAS) -> Picture:
    readings = [
        Series("First, 3 May 2025", (3, 2, 4, 5, 2, 3, 4, 1)[: len(areas)]),
        Series("Before, 2 February 2026", (4, 4, 4, 6, None, 5, 4, 3)[: len(areas)]),
        Series("Latest, 12 July 2026", (6, 4, 5, 8, 5, 5, 7, None)[: len(areas)]),
    ]
    return wheel("Progress wheel", areas, readings, lowest=1, highest=10)


def quarters(last: str = "2026-27-Q1", count: int = 8) -> list[Period]:
    return [parse_period(last).earlier(count - 1 - step) for step in range(count)]


def sample_run_chart() -> Picture:
    figures: list[tuple[str | None, str]] = [
        ("40.0", "2 of 5"), ("57.1", "4 of 7"), (None, "0 of 0"), ("62.5", "5 of 8"),
        ("75.0", "6 of 8"), ("100", "8 of 8"), ("85.7", "6 of 7"), ("71.4", "5 of 7"),
    ]  # fmt: skip
    points = [
        Point(period, Decimal(value), f"{value}%", fraction)
        if value
        else Point(period, None, fraction=fraction)
        for period, (value, fraction) in zip(quarters(), figures, strict=True)
    ]
    return run_chart(
        "Young people who made progress", points, target=Decimal(70), target_words="Target: at least 70%",
        median=Decimal("71.4"), median_words="Median: 71.4%",
    )  # fmt: skip


def sample_spark(*ratings: int) -> Picture:
    dated = [(f"{index + 1} May 2026", rating) for index, rating in enumerate(ratings or (3, 2, 4, 5))]
    return spark("Cooking a meal", dated, lowest=1, highest=10)


def sample_attendance(weeks: int = 12) -> Picture:
    first = date(2026, 8, 31)
    told = [(10, 10), (8, 10), None, (0, 0), (0, 10), (13, 14)]
    return attendance_bars(
        "Attendance of the last 12 weeks",
        [
            Week(first + timedelta(days=7 * index), *(told[index % len(told)] or (None, None)))
            for index in range(weeks)
        ],
    )


def pictures() -> str:
    return render_template(
        "pictures.html",
        title="Pictures",
        wheel=sample_wheel(),
        chart=sample_run_chart(),
        spark=sample_spark(),
    )


def reading() -> str:
    """Areas with an answer, without one, off the scale, at fault, and without an earlier reading."""
    areas = [
        {
            "title": title,
            "name": f"score-{index}",
            "hint": "How things have been lately." if index == 0 else "",
            "options": [(value, str(value)) for value in range(1, 11)],
            "blanks": [("", "Not assessed"), ("not_age_appropriate", "Not for this age")],
            "chosen": (5, None, "", 2)[index % 4],
            "last": {"value": 4, "text": "4 on 12 July 2026"} if index != 2 else None,
            "errors": ["Select a score for this area."] if index == 1 else [],
        }
        for index, title in enumerate(AREAS)
    ]
    return render_template("reading.html", title="Reading", areas=areas, form=DrawnForm({}), is_error=True)


def session_form() -> str:
    steps = {"went_back": "Went back", "same": "Same", "improved": "Improved", "achieved": "Achieved"}
    form = DrawnForm(
        {
            "status": RadiosField("Did it happen?", choices=choices_of({"delivered": "Yes", "missed": "No"})),
            "missed_reason": TextareaField("Why not?", rows=2),
            "goal-1": RadiosField(
                "Cook one meal a week", hint="Last time: same, 2 July", choices=choices_of(steps)
            ),
            "words": TextareaField("What did Jay say?", optional=True),
        }
    )
    form.fill({"goal-1": "improved"})
    return render_template("session.html", title="Log a session", form=form)


SHARE = {
    "value": "57.1",
    "unit": "%",
    "met": 4,
    "out_of": 7,
    "no_evidence": 2,
    "position": "not_met",
    "left_out": [
        {"because": "here fewer than 28 days of the quarter", "count": 1},
        {"because": "plan withdrawn", "count": 2},
    ],
    "target": "at least 70%",
    "tolerance": None,
    "trend": "worsening",
}
NO_DATA = SHARE | {
    "value": None, "met": 0, "out_of": 0, "no_evidence": 0, "left_out": [], "position": "no_data",
    "trend": "new_measure",
}  # fmt: skip
COUNT = SHARE | {
    "value": "3", "unit": "", "met": 3, "out_of": None, "no_evidence": 0, "left_out": [],
    "position": "in_tolerance", "target": "at most 2", "tolerance": "up to 3", "trend": "stable",
}  # fmt: skip
WITHHELD = {"suppressed": True, "value": None, "position": None}


def figures() -> str:
    return render_template("figures.html", title="Figures", figures=[SHARE, NO_DATA, COUNT, WITHHELD])


def my_day() -> str:
    tasks = [
        _task("Log a session with Jay Marlow", "Was due on 10 July", "overdue"),
        _task(f"Review the goal “Cook one meal a week” with {LONG}", "Due today", "due"),
        _task("Dental check, Jay Marlow", "Due 20 July", "soon")
        | {"post": {"action": "/my-day", "text": "Mark as attended", "key": "k1"}},
    ]
    talk = {
        "title": "Key-work session",
        "href": "/record-show",
        "by": "Ada Obi",
        "text": f"About school.\n{NASTY}",
    }
    move = {"title": "Moved in", "href": None, "by": None, "text": None}
    events = [
        talk | {"when": "14 July 2026 at 10:30am", "datetime": "2026-07-14T10:30+01:00"},
        move | {"when": "3 May 2025", "datetime": "2025-05-03"},
    ]
    options = [("", "Everything"), ("session", "Sessions")]
    filters = [{"name": "kind", "label": "Show", "options": options, "chosen": "session"}]
    return render_template(
        "my_day.html", title="My day", child=CHILD, tasks=tasks, events=events, filters=filters
    )


def _task(text: str, about: str, state: str) -> dict[str, object]:
    return {"text": text, "href": "/session-form", "about": about, "state": state}
