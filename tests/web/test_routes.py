"""Every address is declared, typed and in kebab case, or the application does not start."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Blueprint, Flask

from outcomes.core.errors import Misconfigured
from outcomes.core.permissions import Permission
from outcomes.core.settings import Settings
from outcomes.web.guard import set_actor_loader
from outcomes.web.install import check_web, init_web
from outcomes.web.routes import check_routes, declarations, route
from tests.web.site import CHILD, SAID, Browser, Site, make_site

PUBLIC: dict[str, Any] = {"permission": Permission.PUBLIC, "audit": "none"}


def view(**_: str) -> str:
    return "seen"


def with_rule(rule: str, **options: Any) -> Blueprint:
    blueprint = Blueprint("odd", __name__)
    route(blueprint, rule, **{**PUBLIC, **options})(view)
    return blueprint


def test_the_site_with_every_route_declared_starts(site: Site) -> None:
    check_web(site.app)


def undeclared_on_blueprint() -> Blueprint:
    blueprint = Blueprint("odd", __name__)
    blueprint.add_url_rule("/odd", view_func=view)
    return blueprint


def test_an_undeclared_route_refuses_the_start(web_settings: Settings) -> None:
    with pytest.raises(Misconfigured, match=r"/odd \[GET, HEAD\] \(odd.view\) is not declared.*route\("):
        make_site(web_settings, undeclared_on_blueprint())


def test_an_undeclared_route_added_to_the_application_refuses_the_start(site: Site) -> None:
    site.app.add_url_rule("/late", endpoint="late", view_func=view, methods=["POST"])
    with pytest.raises(Misconfigured, match=r"/late \[POST\]"):
        check_web(site.app)


def test_an_undeclared_route_is_closed_even_where_the_start_was_not_checked(web_settings: Settings) -> None:
    site = make_site(web_settings, undeclared_on_blueprint(), check=False)
    assert site.client().get("/odd").status_code == 403


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("/key_worker", "kebab case"),
        ("/KeyWorker", "kebab case"),
        ("/homes/", "no slash at the end"),
        ("/homes//list", "kebab case"),
        ("/children/<child>", "no bounded type"),
        ("/children/<string:child>", "no bounded type"),
        ("/children/<int:child>", "no bounded type"),
        ("/files/<path:file>", "no bounded type"),
        ("/children/c-<public_id:child>", "segment of its own"),
    ],
)
def test_an_address_of_the_wrong_make_refuses_the_start(
    web_settings: Settings, rule: str, fault: str
) -> None:
    with pytest.raises(Misconfigured, match=fault):
        make_site(web_settings, with_rule(rule))


@pytest.mark.parametrize(
    "rule",
    [
        "/",
        "/key-worker",
        "/api/v1/openapi.json",
        "/children/<public_id:child>/keyworker-session/<public_id:record>/correct",
        "/measures/<measure_id:measure>",
        "/set-up/<link_token:token>",
    ],
)
def test_an_address_of_the_right_make_starts(web_settings: Settings, rule: str) -> None:
    make_site(web_settings, with_rule(rule, operation=SAID))


def test_an_address_for_programs_that_says_nothing_of_itself_refuses_the_start(
    web_settings: Settings,
) -> None:
    with pytest.raises(Misconfigured, match=r"/api/v1/silent says nothing of itself"):
        make_site(web_settings, with_rule("/api/v1/silent"))


def test_an_address_for_programs_that_no_token_could_use_refuses_the_start(web_settings: Settings) -> None:
    blueprint = Blueprint("b", __name__)
    route(blueprint, "/api/v1/x", permission=Permission.ACCOUNT_MANAGE, audit="none", operation=SAID)(view)
    with pytest.raises(Misconfigured, match=r"needs account:manage, which no scope of a token names"):
        make_site(web_settings, blueprint)


def test_every_fault_is_told_at_once(web_settings: Settings) -> None:
    blueprint = with_rule("/Bad_one")
    route(blueprint, "/also/<bad>", endpoint="other", **PUBLIC)(view)
    with pytest.raises(Misconfigured, match=r"(?s)also.*Bad_one|Bad_one.*also"):
        make_site(web_settings, blueprint)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"permission": "child:read"}, "must be a Permission"),
        ({"audit": ""}, "audit="),
        ({"audit": "Child read"}, "audit="),
        ({"methods": []}, "methods="),
    ],
)
def test_a_declaration_of_the_wrong_make_is_refused_where_it_is_written(
    options: dict[str, Any], fault: str
) -> None:
    with pytest.raises(Misconfigured, match=fault):
        with_rule("/odd", **options)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/children/{CHILD}", 200),
        (f"/children/{CHILD[:-1]}", 404),
        (f"/children/{CHILD}x", 404),
        ("/children/" + "é" * 22, 404),
        ("/children/..%2f..%2fetc%2fpasswd%2f%2f", 404),
        ("/children/2147483648", 404),
    ],
)
def test_a_public_id_of_the_wrong_shape_is_not_there(browser: Browser, address: str, status: int) -> None:
    assert browser.get(address).status_code == status


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("newham_ifa.5b_long_term_stability", 200),
        ("hackney_homes.1.4-K2", 200),
        ("nodots", 404),
        ("a.b/c", 404),
    ],
)
def test_a_measure_id(web_settings: Settings, address: str, status: int) -> None:
    site = make_site(web_settings, with_rule("/measures/<measure_id:measure>"))
    assert site.client().get(f"/measures/{address}").status_code == status


def test_options_and_trace_are_not_answered(browser: Browser) -> None:
    for method in ("OPTIONS", "TRACE"):
        answered = browser.open("/my-day", method=method)
        assert answered.status_code == 405
        assert set(answered.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def test_two_slashes_are_not_there_rather_than_moved(browser: Browser) -> None:
    assert browser.get("/api//v1/children").status_code == 404


def test_the_list_for_programs(site: Site) -> None:
    rows = {row["rule"]: row for row in declarations(site.app)}
    assert rows["/children/<public_id:child>"] == {
        "rule": "/children/<public_id:child>",
        "methods": ["GET"],
        "endpoint": "pages.child",
        "permission": "child:read",
        "audit": "child:read",
    }
    assert rows["/form"]["methods"] == ["GET", "POST"]
    assert rows["/static/<path:filename>"]["permission"] == "public"
    assert len(rows) == len(list(site.app.url_map.iter_rules()))


def test_one_rule_with_a_permission_per_method(web_settings: Settings) -> None:
    blueprint = with_rule("/things", endpoint="read", permission=Permission.PLACE_READ)
    route(
        blueprint,
        "/things",
        endpoint="write",
        methods=["POST"],
        permission=Permission.PLACE_WRITE,
        audit="none",
    )(view)
    site = make_site(web_settings, blueprint)
    assert {
        (row["methods"][0], row["permission"]) for row in declarations(site.app) if row["rule"] == "/things"
    } == {
        ("GET", "place:read"),
        ("POST", "place:write"),
    }


@pytest.mark.parametrize("connect", [lambda app: None, lambda app: set_actor_loader(app, lambda: None)])
def test_an_unconnected_hook_refuses_the_start(
    web_settings: Settings, connect: Callable[[Flask], None]
) -> None:
    app = Flask("bare", static_folder=None)
    init_web(app, web_settings)
    connect(app)
    with pytest.raises(Misconfigured, match=r"is connected\. Call"):
        check_web(app)
    check_routes(app)
