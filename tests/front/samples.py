"""A small application that draws every component and record template. Every child here is invented."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask, flash, render_template, render_template_string
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from outcomes.core.actor import Actor
from outcomes.core.errors import Invalid
from outcomes.core.periods import Period, parse_period
from outcomes.core.settings import Settings
from outcomes.web.csrf import install_csrf
from outcomes.web.dates import DateField, MomentField
from outcomes.web.fields import (
    CheckboxesField,
    DecimalField,
    HiddenField,
    RadiosField,
    SelectField,
    TextareaField,
    TextField,
    WholeField,
    YesNoField,
)
from outcomes.web.forms import DrawnForm
from outcomes.web.headers import install_headers
from outcomes.web.pagination import Page
from outcomes.web.pictures import Picture, Point, Series, run_chart, spark, wheel
from outcomes.web.templates import install_templates
from tests.pagelint import LintingClient

LONG = "Rhiannon-Alexandra Featherstonehaugh-Cholmondeley"
NASTY = "<script>alert('&')</script> \"quoted\" </textarea></svg>"
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


def sample_app() -> Flask:
    """Real headers, real tokens, real templates; pages made of samples."""
    app = Flask("outcomes")
    settings = Settings("test", "a-key-for-tests-only-0123456789-abcdef", "sqlite://", Path("unused"))
    app.secret_key = settings.secret_key
    install_templates(app)
    install_headers(app, settings)
    install_csrf(app, settings)
    app.test_client_class = LintingClient
    app.context_processor(frame)
    for name, draw in PAGES.items():
        app.add_url_rule(f"/{name}", name, draw)
    return app


def frame() -> dict[str, Any]:
    """What the layout is given on every page of somebody who has signed in."""
    return {
        "actor": Actor(name="Ada Obi", role="keyworker", account_id=1),
        "navigation": [
            {"text": "My day", "href": "/record-list", "active": True},
            {"text": "Children", "href": "/record-list"},
            {"text": "Scorecard", "href": "/record-list"},
        ],
        "demo": True,
    }


CHILD = {
    "name": "Jay Marlow",
    "href": "/record-show",
    "facts": ["Age 13", "Elm House since 3 May 2025", "Key worker Ada Obi"],
}
KIND = {"title": "Health check", "slug": "health-check", "plural": "Health checks"}
OWNER = {"title": "Jay Marlow", "href": "/record-show"}
CRUMBS = [("Children", "/record-list"), ("Jay Marlow", "/record-show")]
ABOUT = {"kind": KIND, "owner": OWNER, "crumbs": CRUMBS, "child": CHILD}
RECORD = {
    "title": "Dental check, 12 July 2026",
    "fields": [
        ("Which check?", "Dental"),
        ("When is it due?", "12 July 2026"),
        ("When was it attended?", None),
        ("What happens next?", "Ring the practice.\nJay wants to go with Ada."),
        ("Pasted", NASTY + "x" * 120),
    ],
    "revision": 2,
    "recorded": "by Ada Obi on 14 July 2026 at 10:30am",
    "withdrawn": None,
    "correct_href": "/record-form",
    "withdraw_href": "/record-withdraw",
    "parts": [
        {"title": "Scores", "columns": ["Area", "Score"], "rows": [["Feeling safe", "4"], ["Who I am", None]]}
    ],
}
HISTORY = [
    {
        "revision": 2,
        "when": "14 July 2026 at 10:30am",
        "who": "Ada Obi",
        "why": "The practice rang with another day.",
        "changes": [("When is it due?", "10 July 2026", "12 July 2026"), ("What happens next?", None, NASTY)],
    },
    {"revision": 1, "when": "1 July 2026 at 9:05am", "who": "Sam Reed", "why": None, "changes": []},
]


def questions() -> dict[str, Any]:
    """One of every drawn field."""
    checks = [
        SelectChoice("dental", "Dental"),
        SelectChoice("optician", "Optician", render_kw={"hint": "Yearly"}),
    ]
    return {
        "kind": RadiosField("Which check?", choices=checks),
        "due_on": DateField("When is it due?"),
        "began_at": MomentField("When did it begin?", optional=True),
        "happy": YesNoField("Did Jay go willingly?", optional=True),
        "place": TextField("Where?", hint="The practice's name", width=20, optional=True),
        "topics": CheckboxesField("What was talked about?", choices=checks, optional=True),
        "reason": SelectField("Why was it missed?", choices=checks, optional=True),
        "minutes": WholeField("How long did it take?", suffix="minutes", optional=True),
        "weight": DecimalField("Weight", suffix="kg", optional=True),
        "words": TextareaField("What happens next?", hint="In Jay's words where you can.", optional=True),
        "revision": HiddenField(),
    }


def filled() -> DrawnForm:
    form = DrawnForm(questions())
    form.fill(
        {
            "kind": "dental",
            "due_on": date(2026, 7, 12),
            "words": "\nfirst line blank\n" + NASTY,
            "revision": 2,
        }
    )
    return form


def faulty() -> DrawnForm:
    """A form with a problem at every question, and one of the whole."""
    typed = MultiDict({"due_on-day": "31", "due_on-month": "feb", "words": NASTY, "topics": "nonsense"})
    form = DrawnForm(questions(), typed=typed)
    messages = {
        name: [f"Say more about {name.replace('_', ' ')}."] for name in questions() if name != "revision"
    }
    form.show(Invalid({"": ["The check was attended before it was due."], **messages}))
    return form


def page_of(number: int, total: int) -> Page[int]:
    return Page(range(25), total, number, 25, lambda page: f"/record-list?page={page}")


def record_list() -> str:
    rows = [
        {"href": "/record-show", "cells": ["12 July 2026", "Dental", None, "Yes"]},
        {"href": "/record-show", "cells": ["3 June 2026", "Optician", LONG, "No"]},
    ]
    columns = ["Due", "Which check?", "Attended", "Follow-up needed"]
    return render_template(
        "records/list.html",
        columns=columns,
        rows=rows,
        page=page_of(4, 260),
        new_href="/record-form",
        **ABOUT,
    )


def record_list_empty() -> str:
    page = Page((), 0, 1, 25, str)
    return render_template("records/list.html", columns=["Due"], rows=[], page=page, new_href=None, **ABOUT)


def record_show() -> str:
    flash("Health check saved", "success")
    return render_template("records/show.html", record=RECORD, history=HISTORY, **ABOUT)


def record_withdrawn() -> str:
    gone = RECORD | {
        "withdrawn": "By Sam Reed on 15 July 2026: it was for another child.",
        "correct_href": None,
        "withdraw_href": None,
    }
    return render_template("records/show.html", record=gone, history=HISTORY, **ABOUT)


def record_history() -> str:
    return render_template("records/history.html", record=RECORD, history=HISTORY, **ABOUT)


def _form(template: str, form: DrawnForm, **context: Any) -> str:
    actions = {"action": "/record-form", "submit_text": "Save health check", "cancel_href": "/record-show"}
    return render_template(template, form=form, **(actions | ABOUT | context))


def record_form() -> str:
    return _form("records/form.html", filled(), title="Correct health check")


def record_form_faulty() -> str:
    return _form("records/form.html", faulty())


def record_stale() -> str:
    rows = [
        ("When is it due?", "10 July 2026", "12 July 2026", True),
        ("What happens next?", None, NASTY, False),
    ]
    return _form("records/stale.html", filled(), rows=rows, theirs_by="Sam Reed on 14 July 2026 at 10:30am")


def record_withdraw() -> str:
    form = DrawnForm({"why": TextareaField("Why is it withdrawn?", rows=3), "revision": HiddenField()})
    return _form("records/withdraw.html", form, record=RECORD, submit_text="Withdraw this record")


def problem() -> str:
    return render_template(
        "errors/problem.html",
        title="Page not found",
        message="There is no such page or record.",
        status=404,
        actor=Actor(name=LONG, role="commissioner", account_id=2),
        demo=False,
    )


def signed_out() -> str:
    nobody = {"actor": None, "navigation": [], "demo": False}
    form = DrawnForm(
        {
            "email": TextField("Email", input_type="email"),
            "password": TextField("Password", input_type="password"),
        }
    )
    return render_template(
        "records/form.html",
        kind={"title": "Sign in"},
        form=form,
        action="/sign-in",
        submit_text="Sign in",
        cancel_href="/",
        **nobody,
    )


def scores(*values: int | None) -> tuple[int | None, ...]:
    return values


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


def pictures() -> str:
    return _components(
        """{% from "components/picture.html" import picture, spark_line %}
        {% from "components/status.html" import change %}
        {{ picture(wheel, heading_level=2) }}{{ picture(chart, heading_level=2, wide=true) }}
        <p class="govuk-body">Cooking: {{ spark_line(spark, "from 3 to 5") }} {{ change("up", "Up 2 since May 2025") }}</p>""",
        wheel=sample_wheel(), chart=sample_run_chart(), spark=sample_spark(),
    )  # fmt: skip


def reading() -> str:
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
    return _components(
        """{% from "components/taps.html" import reading_grid %}
        {% from "components/messages.html" import problem_summary %}
        {{ problem_summary([("#score-1", "Select a score for this area.")]) }}
        <form method="post" action="/reading" novalidate>
        <input type="hidden" name="csrf_token" value="{{ csrf_token() }}"><input type="hidden" name="idempotency_key" value="k">
        {{ reading_grid(areas) }}<button class="govuk-button">Save reading</button></form>""",
        areas=areas, is_error=True,
    )  # fmt: skip


def session_form() -> str:
    steps = {"went_back": "Went back", "same": "Same", "improved": "Improved", "achieved": "Achieved"}
    form = DrawnForm(
        {
            "goal-1": RadiosField(
                "Cook one meal a week",
                hint="Last time: same, 2 July",
                choices=[SelectChoice(*s) for s in steps.items()],
            ),
            "words": TextareaField("What did Jay say?", optional=True),
        }
    )
    form.fill({"goal-1": "improved"})
    return _components(
        """{% from "components/form.html" import drawn_form, field %}{% from "components/taps.html" import tap_field %}
        {% call drawn_form(form, "/session-form", "Save session", "/record-show") %}
        {{ tap_field(form["goal-1"], {"went_back": "↓", "same": "→", "improved": "↑", "achieved": "★"}) }}
        {{ field(form["words"]) }}{% endcall %}""",
        form=form,
    )  # fmt: skip


FIGURE = {
    "value": "57.1", "unit": "%", "met": 4, "out_of": 7, "no_evidence": 2, "position": "not_met",
    "left_out": [{"because": "here fewer than 28 days of the quarter", "count": 1}, {"because": "plan withdrawn", "count": 2}],
    "target": "at least 70%", "tolerance": None, "trend": "worsening",
}  # fmt: skip
NO_DATA = {
    "value": None,
    "unit": "%",
    "met": 0,
    "out_of": 0,
    "no_evidence": 0,
    "position": "no_data",
    "left_out": [],
    "target": None,
    "trend": "new_measure",
}
COUNT = {
    "value": "3",
    "unit": "",
    "met": 3,
    "out_of": None,
    "no_evidence": 0,
    "position": "in_tolerance",
    "left_out": [],
    "target": "at most 2",
    "tolerance": "up to 3",
    "trend": "stable",
}
HIDDEN = {"suppressed": True, "value": None, "position": None}


def figures() -> str:
    return _components(
        """{% from "components/figure.html" import figure, value_text %}
        {% from "components/table.html" import table %}
        {% for f in figures %}{{ figure(f, "July to September 2025, definition 3") }}{% endfor %}
        {{ table("Scorecard", ["Measure", {"text": "Figure", "numeric": true}, "Target"],
                 [[{"text": "Progress in the quarter", "href": "/figures"}, value_text(figures[0]), "at least 70%"]], first_is_header=true) }}""",
        figures=[FIGURE, NO_DATA, COUNT, HIDDEN],
    )  # fmt: skip


def my_day() -> str:
    tasks = [
        {"text": "Log a session with Jay Marlow", "href": "/session-form", "about": "Was due on 10 July", "state": "overdue"},
        {"text": f"Review the goal “Cook one meal a week” with {LONG}", "href": "/session-form", "about": "Due today", "state": "due"},
        {"text": "Dental check, Jay Marlow", "href": "/record-show", "about": "Due 20 July", "state": "soon", "post": {"action": "/my-day", "text": "Mark as attended", "key": "k1"}},
    ]  # fmt: skip
    events = [
        {"title": "Key-work session", "href": "/record-show", "by": "Ada Obi", "when": "14 July 2026 at 10:30am", "datetime": "2026-07-14T10:30+01:00", "text": "Talked about school.\n" + NASTY},
        {"title": "Moved in", "href": None, "by": None, "when": "3 May 2025", "datetime": "2025-05-03", "text": None},
    ]  # fmt: skip
    filters = [
        {
            "name": "kind",
            "label": "Show",
            "options": [("", "Everything"), ("session", "Sessions")],
            "chosen": "session",
        }
    ]
    return _components(
        """{% from "components/child.html" import identity_bar %}{% from "components/navigation.html" import sub_navigation, filter %}
        {% from "components/tasks.html" import due_list, nothing %}{% from "components/timeline.html" import timeline %}
        {% from "components/messages.html" import warning, inset %}{% from "components/status.html" import position_tag, trend %}
        {{ identity_bar(child) }}{{ sub_navigation([{"text": "Overview", "href": "/my-day", "active": true}, {"text": "Plan and goals", "href": "/my-day"}, {"text": "Timeline", "href": "/my-day"}]) }}
        {{ warning("Jay does not see the optician without Ada.") }}{{ inset("Drafts count for nothing.") }}
        <h2 class="govuk-heading-m">What is due</h2>{{ due_list(tasks) }}{{ nothing("Nothing else is due this week.") }}
        <p class="govuk-body">{{ position_tag("better_than_target") }} {{ trend("improving") }}</p>
        <h2 class="govuk-heading-m">Timeline</h2>{{ filter(filters, "/my-day", "/my-day") }}{{ timeline(events) }}""",
        child=CHILD, tasks=tasks, events=events, filters=filters,
    )  # fmt: skip


def _components(body: str, **context: Any) -> str:
    page = (
        '{% extends "layout.html" %}{% block title %}Components{% endblock %}'
        '{% block content %}<h1 class="govuk-heading-l">Components</h1>' + body + "{% endblock %}"
    )
    return render_template_string(page, **context)


PAGES: dict[str, Callable[[], str]] = {
    draw.__name__.replace("_", "-"): draw
    for draw in (
        record_list, record_list_empty, record_show, record_withdrawn, record_history, record_form,
        record_form_faulty, record_stale, record_withdraw, problem, signed_out, pictures, reading,
        session_form, figures, my_day,
    )
}  # fmt: skip
