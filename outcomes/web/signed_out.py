"""A form that comes when its session has ended: it is kept for its account, and signing in brings it back.

Only what the browser of that session sends from our own page is kept: the cookie names a session
that ended by itself, the form's token against forged requests is the session's own.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Flask, Response, current_app, make_response, redirect, request
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from outcomes.core.actor import Actor
from outcomes.core.errors import OutcomesError, SignInNeeded
from outcomes.core.permissions import Permission
from outcomes.core.transaction import transaction
from outcomes.web import kept_forms
from outcomes.web.bearer import wants_json
from outcomes.web.csrf import from_our_page
from outcomes.web.errors import answer
from outcomes.web.forms import CSRF_FIELD
from outcomes.web.guard import SIGN_IN, safe_next
from outcomes.web.idempotency import KEY_FIELD, is_key
from outcomes.web.kept_forms import Typed
from outcomes.web.limits import check_form
from outcomes.web.logs import log_fault
from outcomes.web.reads import write_one
from outcomes.web.routes import current_declaration

WasSignedIn = Callable[[], Actor | None]
"""Whose session has just ended by itself; None where it is not known, or was ended on purpose."""

NEVER_KEPT = (CSRF_FIELD, "password", "again")

_HOOK = "outcomes_was_signed_in"


def install_signed_out(app: Flask) -> None:
    app.register_error_handler(SignInNeeded, _sign_in_needed)
    app.context_processor(lambda: {"restored_form": kept_forms.restored_form()})


def set_was_signed_in(app: Flask, asked: WasSignedIn) -> None:
    """Connect who was signed in until just now (`accounts/` knows)."""
    app.extensions[_HOOK] = asked


def _sign_in_needed(error: SignInNeeded) -> Response:
    if wants_json() or request.method != "POST":
        return answer(error)
    try:
        kept = _keep()
    except Exception as fault:
        # To keep it is a courtesy: whatever goes wrong, the answer is the way to the sign-in page.
        log_fault(fault, "form not kept")
        kept = False
    return make_response(redirect(f"{SIGN_IN}?{urlencode({'kept': 'yes'})}", 303)) if kept else answer(error)


def _keep() -> bool:
    """Keep what was sent, where it is a form that somebody typed into; False where it is not."""
    asked: WasSignedIn | None = current_app.extensions.get(_HOOK)
    who = asked() if asked else None
    if who is None or who.account_id is None or not _is_typed_form():
        return False
    typed = typed_form()
    if typed is None:
        return False
    write_one(who, "form:keep")
    with transaction() as session:
        kept_forms.keep(session, who.account_id, typed, signed_out=True)
    return True


def _is_typed_form() -> bool:
    """Sent from our own page by the session's own browser, readable, and to an address that shows a form."""
    declaration = current_declaration()
    if declaration is None or declaration.permission is Permission.PUBLIC or "GET" not in declaration.methods:
        return False
    if not from_our_page():
        return False
    try:
        check_form()
        validate_csrf(request.form.get(CSRF_FIELD))
    except (OutcomesError, ValidationError):
        return False
    return not request.files


def typed_form() -> Typed | None:
    """The form that this request sends; None where it has no key, no place to go back to, or no content."""
    declaration, key = current_declaration(), request.form.get(KEY_FIELD, "")
    address = safe_next(request.full_path.rstrip("?"))
    content = [(name, values) for name, values in request.form.lists() if name not in NEVER_KEPT]
    said = any(text.strip() for name, values in content for text in values if name != KEY_FIELD)
    if declaration is None or address is None or not said or not is_key(key):
        return None
    return Typed(key, address, declaration.audit, content)
