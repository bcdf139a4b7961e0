"""The pages of signing in, signing out and one-time links. All work without JavaScript."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, session
from flask_login import login_user, logout_user

from outcomes.accounts import links
from outcomes.accounts.account import email_key
from outcomes.accounts.devices import known_device, remember_device
from outcomes.accounts.login import shared, signed_in
from outcomes.accounts.sessions import SignedIn
from outcomes.accounts.sign_in import sign_in, sign_out
from outcomes.accounts.throttle import Throttled
from outcomes.core.errors import Invalid, SignInNeeded
from outcomes.core.permissions import Permission
from outcomes.web.fields import TextField
from outcomes.web.forms import DrawnForm
from outcomes.web.guard import safe_next
from outcomes.web.kept_forms import kept_of
from outcomes.web.routes import NO_AUDIT, route

accounts_pages = Blueprint("accounts", __name__)


class SignInForm(DrawnForm):
    questions_of_class = {
        "email": TextField("Email address", input_type="email", autocomplete="username"),
        "password": TextField("Password", input_type="password", autocomplete="current-password"),
    }


class PasswordForm(DrawnForm):
    questions_of_class = {
        "password": TextField(
            "New password",
            hint="12 characters or more. Three words that do not belong together make a good one.",
            input_type="password",
            autocomplete="new-password",
        ),
        "again": TextField("New password again", input_type="password", autocomplete="new-password"),
    }


class SetUpForm(DrawnForm):
    questions_of_class = {
        "name": TextField("Your name", autocomplete="name"),
        "email": TextField("Your email address", input_type="email", autocomplete="username"),
        **PasswordForm.questions_of_class,
    }


# What this address means to the audit is written by the act itself: who tried, and how it ended.
@route(accounts_pages, "/sign-in", permission=Permission.PUBLIC, audit=NO_AUDIT, methods=("GET", "POST"))
def sign_in_page() -> Response:
    """Sign in, then go on to where one was going."""
    form = SignInForm()
    back = safe_next(request.args.get("next"))
    if not form.submitted:
        return _page("accounts/sign_in.html", form, back=back, kept=request.args.get("kept") == "yes")
    typed = form.raw_values()
    key, settings = email_key(str(typed["email"])), shared().settings
    try:
        opened = sign_in(
            str(typed["email"]),
            str(typed["password"]),
            address=request.remote_addr or "",
            device=known_device(key, settings),
        )
    except Throttled as throttled:
        form.show(Invalid.of("", throttled.message))
        response = _page("accounts/sign_in.html", form, throttled.status, back=back)
        response.headers["Retry-After"] = str(throttled.retry_after)
        return response
    except Invalid as problem:
        form.show(problem)
        return _page("accounts/sign_in.html", form, problem.status, back=back)
    # Whatever the browser carried before is dropped: nothing of an earlier session lives on.
    earlier = signed_in()
    if earlier is not None:
        sign_out(earlier)
    session.clear()
    login_user(opened)
    response = make_response(redirect(back or _where_typed(opened) or "/", 303))
    remember_device(response, key, settings)
    return response


def _where_typed(who: SignedIn) -> str | None:
    """The form that this account sent after it was signed out. Who else signs in here learns of nothing."""
    return next((one.href for one in kept_of(who.account_id) if one.signed_out), None)


@route(
    accounts_pages, "/sign-out", permission=Permission.SIGNED_IN, audit="account:sign-out", methods=("POST",)
)
def sign_out_page() -> Response:
    """Sign out, and have the browser forget what it was shown."""
    who = signed_in()
    if who is None:
        raise SignInNeeded
    sign_out(who)
    logout_user()
    session.clear()
    response = make_response(redirect("/sign-in", 303))
    # Not the cookies: that of the session goes with the line above, and the other one says only that
    # this browser has been used before (`devices.py`).
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@route(
    accounts_pages,
    "/set-up/<link_token:token>",
    permission=Permission.PUBLIC,
    audit=NO_AUDIT,
    methods=("GET", "POST"),
)
def set_up_page(token: str) -> Response:
    """Use a one-time link: set up the first administrator, or choose a password."""
    first = links.opens(token)
    form = SetUpForm() if first else PasswordForm()
    if not form.submitted:
        return _page("accounts/set_up.html", form, first=first)
    typed = {name: str(value) for name, value in form.raw_values().items()}
    try:
        if typed["password"] != typed["again"]:
            raise Invalid.of("again", "The two passwords are not the same. Type them again.")
        if first:
            links.set_up(token, email=typed["email"], name=typed["name"], password=typed["password"])
        else:
            links.set_password(token, password=typed["password"])
    except Invalid as problem:
        form.show(problem)
        return _page("accounts/set_up.html", form, problem.status, first=first)
    return make_response(redirect("/sign-in", 303))


def _page(template: str, form: DrawnForm, status: int = 200, **context: Any) -> Response:
    return make_response(render_template(template, form=form, **context), status)
