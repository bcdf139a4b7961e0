"""The pages where somebody signed in makes a token for a program, sees theirs and revokes them.

Never by token: pages know only the session's cookie. The secret is on one page, once; nothing that
is kept, the answer to the form's second click included, holds it.
"""

import hashlib
from datetime import datetime

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request

from outcomes.accounts import tokens
from outcomes.accounts.account import Account
from outcomes.accounts.login import signed_in
from outcomes.accounts.sessions import SignedIn
from outcomes.accounts.sign_in import confirm_password
from outcomes.accounts.throttle import Throttled
from outcomes.core.clock import LONDON, now
from outcomes.core.database import db
from outcomes.core.errors import Conflict, Invalid, NotFound, SignInNeeded
from outcomes.core.permissions import Permission
from outcomes.core.token_scopes import TokenScope
from outcomes.core.transaction import transaction
from outcomes.web.fields import CheckboxesField, RadiosField, TextField, choices_of
from outcomes.web.forms import DrawnForm
from outcomes.web.guard import current_actor
from outcomes.web.idempotency import Result, once, request_key
from outcomes.web.routes import route

token_pages = Blueprint("tokens", __name__)

LIST = "/account/tokens"
LASTS = {"7": "7 days", "30": "30 days", "90": "90 days", "365": "A year"}


@route(token_pages, LIST, permission=Permission.SIGNED_IN, audit="token:list")
def list_page() -> Response:
    """One's own tokens, without their secrets."""
    at = now()
    own = tokens.of_account(db.session(), _who().account_id)
    return make_response(render_template("accounts/tokens.html", rows=[_row(one, at) for one in own]))


@route(
    token_pages,
    f"{LIST}/new",
    permission=Permission.SIGNED_IN,
    audit="token:create",
    methods=("GET", "POST"),
)
def new_page() -> Response:
    """Make a token: what for, what it may do, for how long; and the password again."""
    form = _form()
    if not form.submitted:
        return _new(form)
    try:
        made = _make(form)
    except (Invalid, Conflict, Throttled) as problem:
        form.show(problem if isinstance(problem, Invalid) else Invalid.of("", problem.message))
        return _new(form, problem.status)
    if made is None:
        # The second click: the token is there, and its secret is not to be had again.
        return make_response(redirect(LIST, 303))
    return make_response(render_template("accounts/token_made.html", name=made.token.name, text=made.text))


@route(
    token_pages,
    f"{LIST}/<public_id:token>/revoke",
    permission=Permission.SIGNED_IN,
    audit="token:revoke",
    methods=("GET", "POST"),
)
def revoke_page(token: str) -> Response:
    """Revoke one of one's own tokens, once that is confirmed."""
    who, form = _who(), DrawnForm({})
    if form.submitted:
        with transaction() as session:
            tokens.revoke(session, token, account_id=who.account_id, by=current_actor())
        flash("Token revoked", "success")
        return make_response(redirect(LIST, 303))
    found = next(
        (one for one in tokens.of_account(db.session(), who.account_id) if one.public_id == token), None
    )
    if found is None:
        raise NotFound
    if found.revoked_at is not None:
        raise Conflict("This token is revoked already.")
    return make_response(render_template("accounts/token_revoke.html", form=form, name=found.name))


def _who() -> SignedIn:
    who = signed_in()
    if who is None:
        raise SignInNeeded
    return who


def _offered() -> dict[str, str]:
    """The scopes that leave somebody in this role anything to do."""
    allowed = current_actor().permissions - {Permission.SIGNED_IN}
    return {scope.value: scope.says for scope in TokenScope if scope.permissions & allowed}


def _form() -> DrawnForm:
    return DrawnForm(
        {
            "name": TextField(
                "What is it for?", hint="The program that will use it, such as “Attendance import”."
            ),
            "scopes": CheckboxesField(
                "What may the program do?",
                hint="Select as little as it needs. It never does more than you may do yourself.",
                choices=choices_of(_offered()),
            ),
            "days": RadiosField("For how long is it to work?", choices=choices_of(LASTS)),
            "password": TextField(
                "Your password, to confirm that it is you",
                input_type="password",
                autocomplete="current-password",
            ),
        }
    )


def _new(form: DrawnForm, status: int = 200) -> Response:
    return make_response(render_template("accounts/token_new.html", form=form), status)


def _make(form: DrawnForm) -> tokens.Made | None:
    """The token that the form asks for; None where this very form has made it already."""
    typed, who = form.raw_values(), _who()
    name, scopes, days = str(typed["name"]), _scopes(typed["scopes"]), str(typed["days"])
    lasts = int(days) if days in LASTS else 0
    tokens.check(name, scopes, lasts)
    confirm_password(who, str(typed["password"]), address=request.remote_addr or "")
    # Not `request_hash()`: that would keep a digest of the password.
    content = hashlib.sha256(repr((name, scopes, days)).encode()).hexdigest()
    made: list[tokens.Made] = []
    with transaction() as session:

        def act() -> Result:
            account = session.get_one(Account, who.account_id)
            made.append(
                tokens.make(session, account, name=name, scopes=scopes, days=lasts, by=current_actor())
            )
            return Result(303, LIST)

        once(session, who.account_id, request_key(), content, act)
    return made[0] if made else None


def _scopes(chosen: str | list[str]) -> list[TokenScope]:
    offered = _offered()
    if not all(one in offered for one in chosen):
        raise Invalid.of("scopes", "Select from what is offered.")
    return [TokenScope(one) for one in chosen]


def _row(token: tokens.ApiToken, at: datetime) -> dict[str, str]:
    works = token.works(at)
    return {
        "name": token.name,
        "may": ", ".join(token.words),
        "state": f"Works until {_day(token.expires_at)}" if works else token.state(at).capitalize(),
        "used": _day(token.last_used_at) if token.last_used_at else "Never",
        "revoke_href": f"{LIST}/{token.public_id}/revoke" if works else "",
    }


def _day(moment: datetime) -> str:
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%B %Y}"
