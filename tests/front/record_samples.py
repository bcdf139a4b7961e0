"""The record templates with every context that a kind gives them. Every child here is invented."""

from datetime import date
from typing import Any

from flask import flash, render_template
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from outcomes.core.actor import Actor
from outcomes.core.errors import Invalid
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
from outcomes.web.pagination import Page

LONG = "Rhiannon-Alexandra Featherstonehaugh-Cholmondeley"
NASTY = "<script>alert('&')</script> \"quoted\" </textarea></svg>"

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
