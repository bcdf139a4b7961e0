"""Taking a reading, reading it beside the one before, and correcting it."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request
from sqlalchemy import func, select

from outcomes.care.people import Person
from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Invalid, NotFound
from outcomes.core.permissions import Permission
from outcomes.desk.blueprint import desk_pages
from outcomes.desk.child.found import child_of
from outcomes.desk.child.identity import identity
from outcomes.desk.child.readings import Taken, View, views_of
from outcomes.desk.recording.reading_form import ReadingForm, anchors_of, asks_items
from outcomes.kit.declaring.codes import code_list
from outcomes.kit.reading.addresses import address
from outcomes.kit.writing import writer
from outcomes.kit.writing.saving import save
from outcomes.kit.writing.schema import check
from outcomes.records.readings import Instrument, Reading
from outcomes.web.guard import current_actor
from outcomes.web.idempotency import Result
from outcomes.web.routes import route


@route(
    desk_pages,
    "/children/<public_id:child>/reading/new",
    permission=Permission.CARE_WRITE,
    audit="reading:new",
    methods=("GET", "POST"),
)
def new_reading(child: str) -> Response:
    """Take a reading; without an instrument and a view in the address, choose which."""
    found, actor = child_of(child, Reading), current_actor()
    views = views_of(found)
    if "instrument" not in request.args:
        return _choose(found, views)
    instrument, informant = _wanted()
    by_items = asks_items(instrument, informant) and request.args.get("by") == BY_ITEMS
    form = ReadingForm(instrument, informant, _last(views, instrument, informant), by_items=by_items)
    if not form.submitted:
        form.begin()
        return _page(found, form, informant)
    try:
        answers = form.answers() | {"informant": informant}
        done = save(lambda: _taken(found, instrument, answers, actor), by=actor)
    except Invalid as problem:
        form.place(problem)
        return _page(found, form, informant)
    flash("Reading saved", "success")
    return make_response(redirect(done.location, done.status))


BY_ITEMS = "items"
"""In the address: the answers to the items are copied from a paper form."""


def _taken(child: Person, instrument: Instrument, answers: dict[str, Any], actor: Actor) -> Result:
    whose = {
        "person_id": child,
        "instrument_code": instrument.instrument_code,
        "version": instrument.version,
    }
    made = writer.record(check(Reading, whose | answers, with_owner=True), by=actor)
    return Result(303, address(made, child))


def _wanted() -> tuple[Instrument, str]:
    """The instrument and whose view it is, from the address. Raises NotFound for one that is not offered."""
    instrument = db.session.scalar(
        select(Instrument).where(Instrument.public_id == request.args["instrument"], Instrument.standing())
    )
    informant = request.args.get("informant", "")
    if instrument is None or informant not in informants_of(instrument):
        raise NotFound("There is no such instrument, or it does not ask for this view. Choose again.")
    return instrument, informant


def informants_of(instrument: Instrument) -> list[str]:
    """Whose views the instrument asks for; every informant where it does not say."""
    return list(instrument.informants or code_list("informant").labels)


def _last(views: list[View], instrument: Instrument, informant: str) -> Taken | None:
    """The last reading of the same instrument by the same informant."""
    for view in views:
        if view.instrument.id == instrument.id and view.informant == informant:
            return view.taken[-1]
    return None


def instruments_in_use() -> list[Instrument]:
    """The newest version of every instrument that stands."""
    newest = select(func.max(Instrument.id)).where(Instrument.standing()).group_by(Instrument.instrument_code)
    rows = db.session.scalars(select(Instrument).where(Instrument.id.in_(newest))).all()
    return sorted(rows, key=lambda one: one.called())


def _choose(child: Person, views: list[View]) -> Response:
    where = f"{address(child)}/reading/new"
    choices = []
    for instrument in instruments_in_use():
        offered = []
        for informant in informants_of(instrument):
            last = _last(views, instrument, informant)
            text, href = code_list("informant").label(informant), _form_address(where, instrument, informant)
            about = f"Last taken on {last.day}" if last else "None taken yet"
            if asks_items(instrument, informant):
                offered.append(
                    {
                        "text": f"{text}, answers from the paper form",
                        "href": f"{href}&by={BY_ITEMS}",
                        "about": about,
                    }
                )
                text = f"{text}, scores"
            offered.append({"text": text, "href": href, "about": about})
        choices.append({"title": instrument.called(), "offered": offered})
    return make_response(
        render_template(
            "desk/choose_instrument.html",
            child=identity(child),
            choices=choices,
            cancel_href=address(child),
        )
    )


def _form_address(where: str, instrument: Instrument, informant: str) -> str:
    return f"{where}?instrument={instrument.public_id}&informant={informant}"


def _page(child: Person, form: ReadingForm, informant: str) -> Response:
    where = address(child)
    action = _form_address(f"{where}/reading/new", form.instrument, informant)
    page = render_template(
        "desk/reading_form.html",
        child=identity(child),
        title=form.instrument.called(),
        view=code_list("informant").label(informant),
        form=form,
        anchors=anchors_of(form.instrument),
        action=f"{action}&by={BY_ITEMS}" if form.by_items else action,
        cancel_href=where,
        submit_text="Save reading",
        rows=[],
    )
    return make_response(page, 422 if form.faulty else 200)
