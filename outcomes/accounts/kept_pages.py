"""One's own forms that were kept: what was typed and not saved yet. Never another account's."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template

from outcomes import audit
from outcomes.core.permissions import Permission
from outcomes.core.transaction import transaction
from outcomes.web import kept_forms
from outcomes.web.guard import current_actor
from outcomes.web.routes import route

kept_pages = Blueprint("kept_forms", __name__)

LIST = "/account/kept-forms"


@route(kept_pages, LIST, permission=Permission.SIGNED_IN, audit="kept-form:list")
def list_page() -> Response:
    """What one typed and has not saved."""
    rows = kept_forms.kept_of(_account_id())
    return make_response(render_template("accounts/kept_forms.html", rows=rows))


@route(
    kept_pages,
    f"{LIST}/<public_id:kept>/discard",
    permission=Permission.SIGNED_IN,
    audit="kept-form:discard",
    methods=("POST",),
)
def discard_page(kept: str) -> Response:
    """Delete one. One that is not there and another's answer alike."""
    with transaction() as session:
        kept_forms.discard(session, _account_id(), kept)
        audit.note("kept-form:discard", by=current_actor())
    flash("Deleted", "success")
    return make_response(redirect(LIST, 303))


def _account_id() -> int:
    account_id = current_actor().account_id
    assert account_id is not None, "a page is for somebody signed in"
    return account_id
