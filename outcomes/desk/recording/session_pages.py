"""Logging a key-worker session, the page that is used most, on a phone, at night; and showing one."""

from functools import cache
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from outcomes.care.organisations import Staff, staff_called
from outcomes.care.people import Person
from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.core.permissions import Permission
from outcomes.desk.asking import Question
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.child.found import child_of
from outcomes.desk.child.goals import goals_of, goals_to_answer, open_goals
from outcomes.desk.child.identity import identity
from outcomes.desk.recording.session_drafts import left_before
from outcomes.desk.recording.session_form import SYMBOLS, SessionForm, judgement_of, level_of
from outcomes.kit.declaring.record import Record
from outcomes.kit.reading.addresses import address, list_address
from outcomes.kit.reading.describing import described
from outcomes.kit.reading.finding import find
from outcomes.kit.reading.history import history_of
from outcomes.kit.writing.saving import save
from outcomes.records.key_session import log_session
from outcomes.records.plans import Goal, GoalReview
from outcomes.records.sessions import KeyworkerSession
from outcomes.web.guard import current_actor
from outcomes.web.idempotency import Result
from outcomes.web.routes import route


@route(
    desk_pages,
    "/children/<public_id:child>/keyworker-session/new",
    permission=Permission.CARE_WRITE,
    audit="keyworker-session:new",
    methods=("GET", "POST"),
)
def new_session(child: str) -> Response:
    """Log a session with what it says of each open goal."""
    found, actor = child_of(child, KeyworkerSession), current_actor()
    if request.method != "POST":
        return _page(found, SessionForm(open_goals(goals_of(found))))
    form = SessionForm(goals_to_answer(found))
    try:
        answers, touched = form.answers(), form.touched()

        def act() -> Result:
            log_session(found, answers, touched, by=actor)
            return Result(303, f"{address(found)}")

        done = save(act, by=actor)
    except Invalid as problem:
        form = SessionForm(open_goals(goals_of(found)))
        form.place(problem)
        return _page(found, form)
    flash("Key-worker session saved", "success")
    return make_response(redirect(done.location, done.status))


@route(
    desk_pages,
    "/children/<public_id:child>/keyworker-session/<public_id:session>",
    permission=Permission.CHILD_READ,
    audit="keyworker-session:show",
)
def session_page(child: str, session: str) -> str:
    """A session with the goals that were talked about in it, and how it came to read as it does."""
    found = child_of(child, KeyworkerSession)
    record = find(KeyworkerSession, session, found)
    told = described(record, found)
    goals = _goals_in(record, found)
    told["parts"] = [goals] if goals["rows"] else []
    return render_template(
        "records/show.html",
        kind={"title": "Key-worker session"},
        crumbs=[
            (found.called(), address(found)),
            ("Key-worker sessions", list_address(KeyworkerSession, found)),
        ],
        child=identity(found),
        record=told,
        history=history_of(record, current_actor()),
    )


def _goals_in(session: Record, child: Person) -> dict[str, Any]:
    """What the session said of each goal, as a table of the page."""
    rows = db.session.execute(
        select(GoalReview, Goal)
        .join(Goal, Goal.id == GoalReview.goal_id)
        .where(GoalReview.session_id == session.id, GoalReview.standing())
        .order_by(GoalReview.id)
    )
    judged, level = GoalReview.asked_fields()["judgement"], GoalReview.asked_fields()["level"]
    told = [
        [
            {"text": goal.called(), "href": address(review, child)},
            judged.show(review.judgement),
            level.show(review.level),
        ]
        for review, goal in rows
    ]
    return {"title": "Goals talked about", "columns": ["Goal", "How it went", "Level"], "rows": told}


def staff_choices(actor: Actor) -> tuple[list[SelectChoice], str | None]:
    """The members of staff to choose from, and the one who is signed in (None where they are not staff)."""
    rows = db.session.execute(_staff()).all()
    choices = [SelectChoice(one.public_id, staff_called(one.name, one.job_title)) for one in rows]
    me = next((one.public_id for one in rows if one.id == actor.staff_id), None)
    return sorted(choices, key=lambda one: str(one.label)), me


@cache
def _staff() -> Question:
    return select(Staff.id, Staff.public_id, Staff.name, Staff.job_title).where(Staff.standing())


def _page(child: Person, form: SessionForm) -> Response:
    where = address(child)
    staff, me = staff_choices(current_actor())
    form.offer(staff)
    if not form.submitted:
        form.begin(me)
    page = render_template(
        "desk/session.html",
        child=identity(child),
        form=form,
        goals=[(judgement_of(one), level_of(one)) for one in form.goals],
        symbols=SYMBOLS,
        action=f"{where}/keyworker-session/new",
        draft_action=f"{where}/keyworker-session/draft",
        left=None if form.submitted or form.restored else left_before(where),
        cancel_href=where,
    )
    return make_response(page, 422 if form.faulty else 200)
