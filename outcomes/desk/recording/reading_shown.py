"""One reading on its page, beside the one before, and its correction."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template
from sqlalchemy import and_, or_, select

from outcomes.care.people import Person
from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Invalid, Stale
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.child.found import child_of
from outcomes.desk.child.identity import identity
from outcomes.desk.child.readings import Taken, add_score, changes_between, rows_of, wheel_of
from outcomes.desk.recording.reading_form import ReadingForm, anchors_of, answers_in_words, answers_of
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.reading.addresses import address, list_address
from outcomes.kit.reading.describing import described
from outcomes.kit.reading.finding import find
from outcomes.kit.reading.history import history_of
from outcomes.kit.reading.view import raw_of
from outcomes.kit.writing import writer
from outcomes.kit.writing.saving import save
from outcomes.kit.writing.schema import check
from outcomes.records.readings import Instrument, Reading, ReadingScore
from outcomes.web.guard import current_actor
from outcomes.web.idempotency import Result
from outcomes.web.routes import route
from outcomes.web.templates import lower_first

ONE = "/children/<public_id:child>/reading/<public_id:reading>"


@route(desk_pages, ONE, permission=Permission.CHILD_READ, audit="reading:show")
def reading_page(child: str, reading: str) -> Response:
    """A reading with its wheel, what moved since the one before, and how it came to read as it does."""
    found = child_of(child, Reading)
    record = _reading_of(found, reading)
    instrument = _instrument_of(record)
    taken, before = _with_the_one_before(record)
    named = [("Before, " + before.day, before)] if before else []
    view = code_list("informant").label(record.informant)
    title = f"{instrument.called()}, {lower_first(view)}"
    told = described(record, found)
    # The heading names the instrument; what nobody answered says nothing here.
    told["fields"] = [fact for fact in told["fields"][3:] if fact[1]]
    scores = "This reading and the one before" if before else "This reading"
    page = render_template(
        "desk/reading.html",
        child=identity(found),
        title=title,
        crumbs=[(found.called(), address(found)), ("Readings", list_address(Reading, found))],
        picture_drawn=wheel_of(instrument, scores, [*named, (f"This one, {taken.day}", taken)]),
        rows=rows_of(instrument, taken),
        changes=changes_between(instrument, before, taken) if before else [],
        before=before,
        record=told,
        history=history_of(record, current_actor()),
    )
    return make_response(page)


@route(
    desk_pages,
    f"{ONE}/correct",
    permission=Permission.CARE_WRITE,
    audit="reading:correct",
    methods=("GET", "POST"),
)
def correct_reading(child: str, reading: str) -> Response:
    """Correct a reading: all of its answers, with a reason."""
    found, actor = child_of(child, Reading), current_actor()
    record = _reading_of(found, reading)
    taken, before = _with_the_one_before(record)
    instrument = _instrument_of(record)
    by_items = not taken.scores.keys().isdisjoint(answers_of(instrument, record.informant))
    form = ReadingForm(instrument, record.informant, before, correcting=True, by_items=by_items)
    if not form.submitted:
        form.show_taken(taken)
        return _page(found, record, form)
    try:
        answers, revision, reason = form.answers(), form.revision, str(form.raw_values()["correction_reason"])
        answers["scores"] += form.typed_beside(taken)
        checked = check(Reading, raw_of(record) | {"person_id": found} | answers, with_owner=True)

        def act() -> Result:
            writer.correct(record, checked, revision=revision, reason=reason, by=actor)
            return Result(303, address(record, found))

        done = save(act, by=actor)
    except Invalid as problem:
        form.place(problem)
        return _page(found, record, form)
    except Stale as stale:
        return _stale(found, _reading_of(found, reading), form, stale, actor)
    flash("Reading saved", "success")
    return make_response(redirect(done.location, done.status))


def _reading_of(child: Person, public_id: str) -> Reading:
    found = find(Reading, public_id, child)
    assert isinstance(found, Reading)
    return found


def _instrument_of(record: Reading) -> Instrument:
    return db.session.scalars(
        select(Instrument).where(
            Instrument.instrument_code == record.instrument_code, Instrument.version == record.version
        )
    ).one()


def _with_the_one_before(record: Reading) -> tuple[Taken, Taken | None]:
    """A reading and the standing one of the same instrument and informant before it, with their scores."""
    earlier = or_(
        Reading.taken_on < record.taken_on,
        and_(Reading.taken_on == record.taken_on, Reading.id < record.id),
    )
    before = db.session.scalar(
        select(Reading)
        .where(Reading.person_id == record.person_id, Reading.standing(), Reading.id != record.id)
        .where(Reading.instrument_code == record.instrument_code, Reading.version == record.version)
        .where(Reading.informant == record.informant, Reading.status.in_(("complete", "partial")), earlier)
        .order_by(Reading.taken_on.desc(), Reading.recorded_at.desc(), Reading.id.desc())
        .limit(1)
    )
    both = {one.id: Taken(one) for one in (record, before) if one is not None}
    scores = select(ReadingScore).where(ReadingScore.reading_id.in_(both)).order_by(ReadingScore.id)
    for score in db.session.scalars(scores):
        add_score(both[score.reading_id], score)
    return both[record.id], both.get(before.id) if before else None


def _stale(child: Person, now: Reading, form: ReadingForm, stale: Stale, actor: Actor) -> Response:
    """Somebody saved first: theirs and mine side by side, and everything tapped and typed kept."""
    taken, _ = _with_the_one_before(now)
    theirs = answers_in_words(form, taken)
    mine = form.in_words()
    rows = [
        (form[name].question, theirs[name], mine[name], True) for name in mine if theirs[name] != mine[name]
    ]
    last = history_of(now, actor)[0]
    form.fill({"revision": stale.current_revision})
    form.show(Invalid.of("", "This reading was changed while you were writing. Yours is not saved yet."))
    return _page(child, now, form, rows, f"{last['who']} on {last['when']}", status=stale.status)


def _page(
    child: Person,
    record: Reading,
    form: ReadingForm,
    rows: Any = (),
    theirs_by: str = "",
    *,
    status: int = 422,
) -> Response:
    where = address(record, child)
    page = render_template(
        "desk/reading_form.html",
        child=identity(child),
        title=f"Correct {form.instrument.called()}",
        view=code_list("informant").label(record.informant),
        form=form,
        anchors=anchors_of(form.instrument),
        action=f"{where}/correct",
        cancel_href=where,
        submit_text="Save reading",
        rows=rows,
        theirs_by=theirs_by,
    )
    return make_response(page, status if form.faulty else 200)
