"""Declared routes: every address says which permission it needs and what it means to the audit.

The declaration rides on werkzeug's own rule, so that a rule and its declaration cannot part.
Who is asking is the guard's concern (`guard.py`); this module only knows the addresses.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from flask import Blueprint, Flask, request
from werkzeug.routing import BaseConverter, Rule

from outcomes.core.errors import Misconfigured
from outcomes.core.permissions import Permission
from outcomes.web.operations import Operation

NO_AUDIT = "none"
"""The audit action of a route that shows and changes nothing about anybody."""

_SEGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.(json|csv|xlsx))?\Z", re.ASCII)
_PARAMETER = re.compile(r"<(?:(?P<type>[a-z_]+)(?:\([^>]*\))?:)?(?P<name>[a-z_]+)>\Z", re.ASCII)
_ACTION = re.compile(r"[a-z0-9]+([-:.][a-z0-9]+)*\Z", re.ASCII)


class PublicIdConverter(BaseConverter):
    """`<public_id:child>`: a random identifier as `core.database.new_public_id` makes it."""

    regex = "[A-Za-z0-9_-]{22}"


def is_public_id(text: str) -> bool:
    """True for what looks like one of our random identifiers."""
    return re.fullmatch(PublicIdConverter.regex, text) is not None


class MeasureIdConverter(BaseConverter):
    """`<measure_id:measure>`: a card's identifier, such as `newham_ifa.5b_long_term_stability`."""

    regex = r"[a-z0-9_]{1,40}\.[A-Za-z0-9._-]{1,80}"


class LinkTokenConverter(BaseConverter):
    """`<link_token:token>`: the secret of a one-time link."""

    regex = "[A-Za-z0-9_-]{20,86}"


CONVERTERS: dict[str, type[BaseConverter]] = {
    "public_id": PublicIdConverter,
    "measure_id": MeasureIdConverter,
    "link_token": LinkTokenConverter,
}
"""The only types of a parameter in an address: each bounded, none can hold a name. Anything else is 404."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a route needs and means. `audit` is the action written when it is read or refused;
    `operation` what it says of itself to programs."""

    permission: Permission
    audit: str
    methods: tuple[str, ...]
    operation: Operation | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.permission, Permission):
            raise Misconfigured(f"permission= must be a Permission, not {self.permission!r}.")
        if not _ACTION.match(self.audit):
            raise Misconfigured(
                f'audit= must be an action such as "child:read", or "{NO_AUDIT}", not {self.audit!r}.'
            )
        if not self.methods:
            raise Misconfigured("methods= must name at least one method.")


class DeclaredRule(Rule):
    """A werkzeug rule that carries its declaration; None for rules that others added."""

    def __init__(self, string: str, *, declaration: Declaration | None = None, **options: Any) -> None:
        super().__init__(string, **options)
        self.declaration = declaration


class RouteAsJson(TypedDict):
    """One row of `outcomes routes --json`."""

    rule: str
    methods: list[str]
    endpoint: str
    permission: str
    audit: str


def route(
    blueprint: Blueprint,
    rule: str,
    *,
    permission: Permission,
    audit: str,
    methods: Sequence[str] = ("GET",),
    endpoint: str | None = None,
    operation: Operation | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a view's address. The only way to add one: an undeclared address refuses the start.

    Works as a decorator and as a call: `route(kit, "/homes", permission=…, audit=…)(list_homes)`.
    GET covers HEAD. OPTIONS answers 405: there is nothing here for other origins.
    """
    declaration = Declaration(permission, audit, tuple(method.upper() for method in methods), operation)

    def register(view: Callable[..., Any]) -> Callable[..., Any]:
        blueprint.add_url_rule(
            rule,
            endpoint=endpoint or view.__name__,
            view_func=view,
            methods=list(declaration.methods),
            declaration=declaration,
        )
        return view

    return register


def prepare_routes(app: Flask) -> None:
    """Make an application understand declared rules and our parameter types. Before any blueprint."""
    app.url_rule_class = DeclaredRule  # type: ignore[assignment]
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.url_map.strict_slashes = True
    app.url_map.merge_slashes = False
    app.url_map.converters.update(CONVERTERS)
    for rule in app.url_map.iter_rules("static") if app.static_folder else ():
        # Flask adds this one itself, before anybody can declare it.
        _declare(rule, Declaration(Permission.PUBLIC, NO_AUDIT, ("GET", "OPTIONS")))


def _declare(rule: Rule, declaration: Declaration) -> None:
    rule.declaration = declaration  # type: ignore[attr-defined]


def declaration_of(rule: Rule | None) -> Declaration | None:
    """The declaration that a rule carries; None for an address that nobody declared."""
    return getattr(rule, "declaration", None)


def current_declaration() -> Declaration | None:
    """The declaration of the address that is being asked for; None where there is no such address."""
    return declaration_of(request.url_rule)


def check_routes(app: Flask) -> None:
    """Refuse to start with an address that is undeclared, untyped or not in kebab case.

    Raises Misconfigured with every fault at once, each with its mend.
    """
    faults = [fault for rule in app.url_map.iter_rules() for fault in _faults(rule)]
    if faults:
        listed = "\n".join(f"- {fault}" for fault in faults)
        raise Misconfigured(f"These addresses cannot be served:\n{listed}")


def _faults(rule: Rule) -> Iterator[str]:
    where = f"{rule.rule} [{', '.join(sorted(rule.methods or ()))}] ({rule.endpoint})"
    declaration = declaration_of(rule)
    if declaration is None:
        yield f"{where} is not declared. Add it with outcomes.web.routes.route(…, permission=…, audit=…)."
        return
    covered = {*declaration.methods, *(["HEAD"] if "GET" in declaration.methods else [])}
    if uncovered := sorted((rule.methods or set()) - covered):
        yield f"{where} answers {', '.join(uncovered)} without declaring it. Name it in methods=."
    if rule.endpoint == "static":
        return
    for segment in rule.rule.split("/")[1:] if rule.rule != "/" else ():
        if fault := _segment_fault(segment):
            yield f"{where}: {fault}"


def _segment_fault(segment: str) -> str:
    if "<" not in segment:
        if _SEGMENT.match(segment):
            return ""
        return f"{segment!r} is not in kebab case. Use lower case, hyphens, and no slash at the end."
    parameter = _PARAMETER.match(segment)
    if not parameter:
        return f"{segment!r} mixes words and a parameter. Give the parameter a segment of its own."
    if parameter["type"] not in CONVERTERS:
        types = ", ".join(sorted(CONVERTERS))
        return f"{segment!r} has no bounded type. Write <type:{parameter['name']}> with one of: {types}."
    return ""


def declarations(app: Flask) -> list[RouteAsJson]:
    """Every address with its declaration, sorted: what `outcomes routes --json` prints."""
    rows: list[RouteAsJson] = [
        {
            "rule": rule.rule,
            "methods": sorted(declaration.methods),
            "endpoint": rule.endpoint,
            "permission": declaration.permission.value,
            "audit": declaration.audit,
        }
        for rule in app.url_map.iter_rules()
        if (declaration := declaration_of(rule))
    ]
    return sorted(rows, key=lambda row: (row["rule"], row["methods"]))
