"""A tiny site of its own for the HTTP kit: one route of every sort, and hooks that tests can turn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, jsonify, render_template_string, request
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from jinja2 import DictLoader

from outcomes.core.actor import Actor
from outcomes.core.errors import Invalid, NotFound, Stale
from outcomes.core.permissions import Permission
from outcomes.core.settings import Settings
from outcomes.web.fields import CheckboxesField, RadiosField, TextareaField, TextField, choices_of
from outcomes.web.forms import DrawnForm
from outcomes.web.guard import current_actor, set_actor_loader
from outcomes.web.idempotency import request_hash, request_key
from outcomes.web.install import check_web, init_web
from outcomes.web.json_body import read_json
from outcomes.web.limits import page_wanted
from outcomes.web.operations import Answer, Operation
from outcomes.web.reads import Read, note_read, set_read_writer
from outcomes.web.routes import route

CHILD = "c" * 22
SECRET_WORDS = "cnry-note-of-a-child"
PROBLEM = (
    "<!doctype html><title>Error: {{ title }}</title><h1>{{ title }}</h1><p>{{ message }}</p>{{ status }}"
)

SAID = Operation(summary="Try", tag="Tests", answers={200: Answer(says="Done", schema={"type": "object"})})
"""What the addresses for programs say of themselves here."""

FORM = "{% for f in form.drawn %}{{ f.name }}={{ f.raw() }}{{ f.errors }};{% endfor %}{{ form.summary }}"


@dataclass
class Site:
    """The application and what its hooks saw and should do."""

    app: Flask
    actor: Actor | None = None
    reads: list[Read] = field(default_factory=list)
    readers: list[Actor | None] = field(default_factory=list)
    audit_down: bool = False
    loads: int = 0

    def load(self) -> Actor | None:
        self.loads += 1
        return self.actor

    def write(self, actor: Actor | None, reads: Sequence[Read]) -> None:
        if self.audit_down:
            raise OSError("disk full")
        self.readers.append(actor)
        self.reads.extend(reads)

    def client(self) -> "Browser":
        return self.app.test_client()  # type: ignore[return-value]


class Browser(FlaskClient):
    """A client that posts as a browser does: with the token and the key of the page before."""

    def token(self) -> str:
        return self.get("/token").get_data(as_text=True)

    def send_form(self, address: str, data: Any, **kwargs: Any) -> Any:
        return self.post(address, data={"csrf_token": self.token(), **data}, **kwargs)

    def send_json(self, address: str, body: bytes | str, **kwargs: Any) -> Any:
        headers = {"X-CSRF-Token": self.token(), **kwargs.pop("headers", {})}
        return self.post(address, data=body, content_type="application/json", headers=headers, **kwargs)


def keyworker(*permissions: Permission) -> Actor:
    return Actor(
        name="Ada Obi",
        role="keyworker",
        account_id=7,
        permissions=frozenset({Permission.SIGNED_IN, *permissions}),
    )


def settings_for(folder: Path, **changes: Any) -> Settings:
    known: dict[str, Any] = {
        "environment": "test",
        "secret_key": "k" * 40,
        "database_url": f"sqlite:///{folder / 'test.sqlite'}",
        "audit_key_file": folder / "audit.key",
    }
    return Settings(**{**known, **changes})


def drawn() -> DrawnForm:
    return DrawnForm(
        {
            "note": TextareaField("What happened?"),
            "name": TextField("Name"),
            "kind": RadiosField("Which?", choices=choices_of({"a": "A", "b": "B"})),
            "topics": CheckboxesField("Topics", choices=choices_of({"x": "X", "y": "Y"})),
        }
    )


pages = Blueprint("pages", __name__)
"""One page of every sort."""


@route(pages, "/", permission=Permission.PUBLIC, audit="none")
def first() -> str:
    return "first"


@route(pages, "/token", permission=Permission.PUBLIC, audit="none")
def token() -> str:
    return generate_csrf()


@route(pages, "/my-day", permission=Permission.SIGNED_IN, audit="my-day:read")
def my_day() -> str:
    return f"day of {current_actor().name}"


@route(pages, "/children/<public_id:child>", permission=Permission.CHILD_READ, audit="child:read")
def child(child: str) -> str:
    if child != CHILD:
        raise NotFound
    note_read("person", child, person=child)
    return SECRET_WORDS


STALE = "/children/<public_id:child>/stale"


@route(pages, STALE, methods=["POST"], permission=Permission.CHILD_READ, audit="child:read")
def stale(child: str) -> Any:
    note_read("person", child, person=child)
    raise Stale(3)


@route(pages, "/homes", permission=Permission.PLACE_READ, audit="none")
def homes() -> str:
    return "homes"


@route(pages, "/list", permission=Permission.SIGNED_IN, audit="none")
def listed() -> Any:
    wanted = page_wanted()
    return jsonify(page=wanted.page, per_page=wanted.per_page, q=request.args.get("q"))


@route(pages, "/form", methods=["GET", "POST"], permission=Permission.SIGNED_IN, audit="none")
def form() -> str:
    form = drawn()
    form.show(Invalid({"note": ["Enter what happened."], "": ["Not today."]}))
    return render_template_string(FORM, form=form)


@route(
    pages,
    "/api/v1/echo",
    methods=["POST"],
    permission=Permission.SIGNED_IN,
    audit="none",
    operation=SAID,
)
def echo() -> Any:
    return jsonify(read_json())


@route(
    pages,
    "/api/v1/children",
    permission=Permission.CHILD_READ,
    audit="child:list",
    operation=SAID,
)
def api_children() -> Any:
    return jsonify(items=[])


@route(pages, "/keyed", methods=["POST"], permission=Permission.SIGNED_IN, audit="none")
def keyed() -> Any:
    return jsonify(key=request_key(), hash=request_hash())


def refuse() -> Any:
    raise Invalid.of("period", "Enter a period such as 2025-26-Q2.")


def fault() -> Any:
    raise ValueError(SECRET_WORDS)


for name, view in (("refuse", refuse), ("fault", fault)):
    route(pages, f"/{name}", permission=Permission.SIGNED_IN, audit="none")(view)
    route(pages, f"/api/v1/{name}", permission=Permission.SIGNED_IN, audit="none", operation=SAID)(view)


@route(pages, "/forgetful", permission=Permission.SIGNED_IN, audit="none")
def forgetful() -> str:
    note_read("person", CHILD)
    return SECRET_WORDS


def make_site(settings: Settings, *blueprints: Blueprint, check: bool = True) -> Site:
    app = Flask("outcomes-web-test", root_path=str(Path(__file__).parent))
    app.test_client_class = Browser
    init_web(app, settings)
    app.jinja_loader = DictLoader({"errors/problem.html": PROBLEM})  # type: ignore[assignment]
    site = Site(app, actor=keyworker(Permission.CHILD_READ))
    set_actor_loader(app, site.load)
    set_read_writer(app, site.write)
    for blueprint in blueprints or (pages,):
        app.register_blueprint(blueprint)
    if check:
        check_web(app)
    return site
