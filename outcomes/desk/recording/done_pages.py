"""Two taps from my day: a health check was attended, a plan review was held; and when the next one is due."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, flash, make_response, redirect, render_template
from wtforms.fields.choices import SelectChoice

from outcomes.care.people import Person
from outcomes.core.actor import Actor
from outcomes.core.calendar import add_months
from outcomes.core.clock import today
from outcomes.core.errors import Conflict, Invalid, Stale
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.child.found import child_of
from outcomes.desk.child.identity import identity
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.declaring.record import PersonRecord
from outcomes.kit.reading.addresses import address
from outcomes.kit.reading.finding import find
from outcomes.kit.words import say_day
from outcomes.kit.writing.saving import must_be_changeable, save
from outcomes.records.done import NEXT, say_done
from outcomes.records.health import HealthCheck
from outcomes.records.plans import PlanReview
from outcomes.web.dates import DateField
from outcomes.web.fields import DrawnField, HiddenField, SelectField, TextareaField
from outcomes.web.forms import DrawnForm
from outcomes.web.guard import current_actor
from outcomes.web.idempotency import Result
from outcomes.web.routes import route

REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Doing:
    """How one kind is said to be done: its words, and the questions besides the day."""

    kind: type[PersonRecord]
    button: str
    saved: str
    otherwise: str
    asks: tuple[str, ...]


CHECK = Doing(HealthCheck, "Attended", "Health check saved", "It was missed or refused", ("follow_up",))
REVIEW = Doing(
    PlanReview, "Held", "Plan review saved", "Change something else", ("chaired_by_role", "outcome")
)


@route(
    desk_pages,
    "/children/<public_id:child>/health-check/<public_id:record>/done",
    permission=Permission.CARE_WRITE,
    audit="health-check:done",
    methods=("GET", "POST"),
)
def check_done(child: str, record: str) -> Response:
    """A health check was attended."""
    return _done(CHECK, child, record)


@route(
    desk_pages,
    "/children/<public_id:child>/plan-review/<public_id:record>/done",
    permission=Permission.REVIEW_WRITE,
    audit="plan-review:done",
    methods=("GET", "POST"),
)
def review_done(child: str, record: str) -> Response:
    """A plan review was held."""
    return _done(REVIEW, child, record)


def _done(doing: Doing, child: str, record: str) -> Response:
    whose, actor = child_of(child), current_actor()
    found = find(doing.kind, record, whose)
    assert isinstance(found, PersonRecord)
    form = DrawnForm(_questions(doing))
    if not form.submitted:
        must_be_changeable(found)
        if _is_done(found):
            return make_response(redirect(address(found, whose), 303))
        form.fill(_begin(doing, found, actor))
        return _page(doing, found, whose, form)
    try:
        must_be_changeable(found)
        answers = {name: value or None for name, value in form.raw_values().items()}
        revision = str(answers.pop(REVISION))

        def act() -> Result:
            seen = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0
            say_done(found, whose, answers, revision=seen, by=actor)
            return Result(303, address(whose))

        done = save(act, by=actor)
    except Invalid as problem:
        form.show(problem)
        return _page(doing, found, whose, form)
    except (Stale, Conflict) as problem:
        # Somebody was quicker. What was typed stays, and they decide with the record as it is now.
        form.show(Invalid.of("", problem.message))
        form.fill({REVISION: getattr(problem, "current_revision", found.revision)})
        return _page(doing, found, whose, form)
    flash(doing.saved, "success")
    return make_response(redirect(done.location, done.status))


def _is_done(found: PersonRecord) -> bool:
    said = found.declaration.due
    return said is not None and getattr(found, said.done) is not None


def _questions(doing: Doing) -> dict[str, DrawnField | Any]:
    said, fields = doing.kind.declaration.due, doing.kind.asked_fields()
    assert said is not None
    asked: dict[str, Any] = {said.done: DateField(fields[said.done].question)}
    for name in doing.asks:
        field = fields[name]
        if field.drawn == "choice":
            labels = code_list(f"{doing.kind.kind_name()}.{name}").labels
            choices = [SelectChoice(code, label) for code, label in labels.items()]
            asked[name] = SelectField(field.question, optional=True, choices=choices)
        else:
            asked[name] = TextareaField(field.question, optional=True, rows=3)
    return {**asked, NEXT: DateField("When is the next one due?", optional=True), REVISION: HiddenField()}


def _begin(doing: Doing, found: PersonRecord, actor: Actor) -> dict[str, Any]:
    """What is right most often: today, and the next one after its recall."""
    said = doing.kind.declaration.due
    assert said is not None
    stands = {name: getattr(found, name) for name in doing.asks}
    if "chaired_by_role" in stands:
        stands["chaired_by_role"] = stands["chaired_by_role"] or actor.role
    return stands | {said.done: today(), NEXT: _next(found, today()), REVISION: found.revision}


def _next(found: PersonRecord, done_on: date) -> date | None:
    months = getattr(found, "recall_months", None)
    return add_months(done_on, months) if months else None


def _page(doing: Doing, found: PersonRecord, child: Person, form: DrawnForm) -> Response:
    said = doing.kind.declaration.due
    assert said is not None
    due_on = getattr(found, said.on)
    where = address(found, child)
    page = render_template(
        "desk/done.html",
        child=identity(child),
        title=doing.kind.asked_fields()["kind"].show(found.asked_values()["kind"]),
        due=f"Due on {say_day(due_on)}." if due_on else "",
        form=form,
        button=doing.button,
        action=f"{where}/done",
        cancel_href=address(child),
        otherwise={"text": doing.otherwise, "href": f"{where}/correct"},
    )
    return make_response(page, 422 if form.faulty else 200)
