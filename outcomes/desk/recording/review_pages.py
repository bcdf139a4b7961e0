"""The page of a goal review: the goal's wording, where it started and stood last, and where it stands."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request
from sqlalchemy import select
from wtforms.fields.choices import SelectChoice

from outcomes.care.people import Person
from outcomes.core.actor import Actor
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.errors import Invalid, NotFound
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.child.found import child_of
from outcomes.desk.child.goals import GoalSoFar, goals_of, open_goals
from outcomes.desk.child.identity import identity
from outcomes.desk.recording.session_form import SYMBOLS
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.reading.addresses import address
from outcomes.kit.words import say_day
from outcomes.kit.writing.saving import save
from outcomes.records.goal_review import hold_review
from outcomes.records.plans import GoalReview
from outcomes.records.sessions import KeyworkerSession
from outcomes.web.dates import DateField
from outcomes.web.fields import DecimalField, RadiosField, SelectField, TextareaField
from outcomes.web.forms import DrawnForm
from outcomes.web.guard import current_actor
from outcomes.web.idempotency import Result
from outcomes.web.routes import route

SESSIONS_OFFERED = 10


@route(
    desk_pages,
    "/children/<public_id:child>/goal-review/new",
    permission=Permission.CARE_WRITE,
    audit="goal-review:new",
    methods=("GET", "POST"),
)
def new_review(child: str) -> Response:
    """Review one goal; without one in the address, choose which."""
    found, actor = child_of(child, GoalReview), current_actor()
    goals = open_goals(goals_of(found))
    wanted = request.args.get("goal", "")
    if not wanted:
        return _choose(found, goals)
    one = next((one for one in goals if one.goal.public_id == wanted), None)
    if one is None:
        raise NotFound("There is no such open goal of this child, or it is not yours to see.")
    form = DrawnForm(_questions(one, _sessions(found)))
    if not form.submitted:
        form.fill({"reviewed_on": today(), "reviewer_role": actor.role})
        return _page(found, one, form)
    try:
        answers = {name: value or None for name, value in form.raw_values().items()}
        if answers["judgement"] is None:
            raise Invalid.of("judgement", "Select how it is going.")
        done = save(lambda: _held(found, one, answers, actor), by=actor)
    except Invalid as problem:
        form.show(problem)
        return _page(found, one, form)
    flash("Goal review saved", "success")
    return make_response(redirect(done.location, done.status))


def _held(child: Person, one: GoalSoFar, answers: dict[str, Any], actor: Actor) -> Result:
    hold_review(one.goal, answers, by=actor)
    return Result(303, address(child))


def _sessions(child: Person) -> list[SelectChoice]:
    """The latest sessions held, for a review that rests on one."""
    rows = db.session.scalars(
        select(KeyworkerSession)
        .where(KeyworkerSession.person_id == child.id, KeyworkerSession.standing())
        .where(KeyworkerSession.status == "held")
        .order_by(KeyworkerSession.held_on.desc(), KeyworkerSession.id.desc())
        .limit(SESSIONS_OFFERED)
    )
    return [SelectChoice(one.public_id, one.called()) for one in rows]


def _questions(one: GoalSoFar, sessions: list[SelectChoice]) -> dict[str, Any]:
    fields = GoalReview.asked_fields()
    judgements, roles = code_list("goal_review.judgement"), code_list("goal_review.reviewer_role")
    return {
        "reviewed_on": DateField("When was it reviewed?"),
        "judgement": RadiosField(fields["judgement"].question, choices=_choices(judgements.labels)),
        "level": DecimalField(
            fields["level"].question, hint=one.level_words or fields["level"].hint, optional=True, width=4
        ),
        "note": TextareaField(fields["note"].question, hint=fields["note"].hint, optional=True, rows=4),
        "reviewer_role": SelectField(
            fields["reviewer_role"].question, optional=True, choices=_choices(roles.labels)
        ),
        "session_id": SelectField(fields["session_id"].question, optional=True, choices=sessions),
        "next_due_on": DateField("When is the next review due?", optional=True),
    }


def _choices(labels: Any) -> list[SelectChoice]:
    return [SelectChoice(code, label) for code, label in labels.items()]


def _page(child: Person, one: GoalSoFar, form: DrawnForm) -> Response:
    where = address(child)
    page = render_template(
        "desk/review.html",
        child=identity(child),
        goal=one,
        facts=_facts(one),
        form=form,
        symbols=SYMBOLS,
        action=f"{where}/goal-review/new?goal={one.goal.public_id}",
        cancel_href=where,
    )
    return make_response(page, 422 if form.faulty else 200)


def _facts(one: GoalSoFar) -> list[tuple[str, str | None]]:
    """Where the goal started and how it went last: what a review is measured against."""
    goal, latest = one.goal, one.latest
    start = f"Level {goal.baseline_level:f}" if goal.baseline_level is not None else "No level given"
    target = f"Level {goal.target_level:f}" if goal.target_level is not None else None
    by = f"by {say_day(goal.target_on)}" if goal.target_on else None
    facts = [
        ("What the child says", f"“{goal.child_words}”" if goal.child_words else None),
        ("How we will know", goal.measure),
        ("Start", f"{start}, {say_day(goal.set_on)}"),
        ("Target", ", ".join(part for part in (target, by) if part) or None),
        ("Last review", _last(latest) if latest else "Not reviewed yet"),
        ("Review due", say_day(one.next_due) if one.next_due else "None planned"),
    ]
    return [fact for fact in facts if fact[1]]


def _last(review: GoalReview) -> str:
    fields = GoalReview.asked_fields()
    level = f"level {review.level:f}" if review.level is not None else ""
    day = say_day(review.reviewed_on) if review.reviewed_on else ""
    told = ", ".join(part for part in (fields["judgement"].show(review.judgement), level, day) if part)
    return f"{told}\n{review.note}" if review.note else told


def _choose(child: Person, goals: list[GoalSoFar]) -> Response:
    where = address(child)
    return make_response(
        render_template(
            "desk/choose_goal.html",
            child=identity(child),
            goals=[
                {
                    "text": one.goal.called(),
                    "href": f"{where}/goal-review/new?goal={one.goal.public_id}",
                    "about": one.about,
                }
                for one in goals
            ],
            cancel_href=where,
        )
    )
