"""The draft of a key-worker session: what is typed is kept every few seconds, for its author alone.

A draft is no record: it has a table of its own (`web/kept_forms.py`), counts in no figure and is
shown to nobody else. The save of the session deletes it.
"""

from flask import Response, make_response
from sqlalchemy import select

from outcomes import audit
from outcomes.care.people import Person
from outcomes.core.database import db
from outcomes.core.errors import Invalid, NotFound
from outcomes.core.permissions import Permission
from outcomes.core.transaction import transaction
from outcomes.desk.blueprint import desk_pages
from outcomes.kit.reading.addresses import address
from outcomes.web.guard import current_actor
from outcomes.web.idempotency import was_used
from outcomes.web.kept_forms import KeptForm, Typed, keep, kept_of
from outcomes.web.routes import route
from outcomes.web.signed_out import typed_form


@route(
    desk_pages,
    "/children/<public_id:child>/keyworker-session/draft",
    permission=Permission.CARE_WRITE,
    audit="keyworker-session:draft",
    methods=("POST",),
)
def keep_draft(child: str) -> Response:
    """Keep what has been typed so far. Nothing of the child is shown, so nothing is noted as read."""
    found = db.session.scalar(select(Person).where(Person.public_id == child))
    if found is None:
        raise NotFound
    typed = typed_form()
    if typed is None:
        raise Invalid.of("", "There is nothing to keep: the form has no key, or nothing was typed.")
    _keep(Typed(typed.form_key, _form_of(address(found)), "keyworker-session:new", typed.content), child)
    return make_response("", 204)


def _keep(typed: Typed, child: str) -> None:
    actor = current_actor()
    assert actor.account_id is not None, "a page is for somebody signed in"
    with transaction() as session:
        # The browser may send once more after the form was saved: that is no draft any longer.
        if was_used(session, actor.account_id, typed.form_key):
            return
        row = keep(session, actor.account_id, typed, signed_out=False)
        if row in session.new:
            audit.note("keyworker-session:draft", by=actor, person=child)


def left_before(child_address: str) -> KeptForm | None:
    """One's own latest draft of a session with this child."""
    account_id = current_actor().account_id
    drafts = kept_of(account_id, _form_of(child_address)) if account_id is not None else []
    return drafts[0] if drafts else None


def _form_of(child_address: str) -> str:
    return f"{child_address}/keyworker-session/new"
