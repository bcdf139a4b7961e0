"""The HTML pages of every kind: list, show with history, new, correct, withdraw.

Made from the declaration. A kind whose page deserves better has it in `desk/`, which names it in
`HAND_MADE` so that it is not made here as well.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict

from outcomes.core.errors import Invalid, Stale
from outcomes.core.permissions import Permission
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.pages.drawing import begin, fill, questions_for, typed
from outcomes.kit.reading.addresses import COLLECTIONS, address, list_address, owner_of, rules_of
from outcomes.kit.reading.describing import described
from outcomes.kit.reading.finding import find, find_owner, list_of, named_owner
from outcomes.kit.reading.history import history_of
from outcomes.kit.reading.view import raw_of, readable, shown
from outcomes.kit.words import slug_of
from outcomes.kit.writing import writer
from outcomes.kit.writing.saving import must_be_changeable, must_write, save
from outcomes.kit.writing.schema import check
from outcomes.web.fields import HiddenField, TextareaField
from outcomes.web.forms import DrawnForm
from outcomes.web.guard import current_actor
from outcomes.web.idempotency import Result
from outcomes.web.limits import page_wanted
from outcomes.web.pagination import page_of
from outcomes.web.routes import route

VERBS = ("list", "show", "new", "correct", "withdraw")
REASON, REVISION = "correction_reason", "revision"
COLUMNS = 4

Identity = Callable[[Record], dict[str, Any]]
"""A child to what the identity bar says of them: name, href, facts."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one kind."""

    kind: type[Record]
    identity: Identity

    # -- views -------------------------------------------------------------------------------

    def list_page(self, owner: str = "") -> Response:
        holder = find_owner(self.kind, owner)
        wanted = page_wanted()
        rows, total = list_of(self.kind, holder, wanted)
        columns = self._columns()
        drawn = [
            {"href": address(row, holder), "cells": [shown(f, getattr(row, n)) for n, f in columns.items()]}
            for row in rows
        ]
        may_add = current_actor().may(self.kind.declaration.write)
        return self._page(
            "records/list.html",
            holder,
            columns=[field.label for field in columns.values()],
            rows=drawn,
            page=page_of(drawn, total, wanted),
            new_href=f"{list_address(self.kind, holder)}/new" if may_add else None,
            file_href=list_address(self.kind, holder),
        )

    def show_page(self, record: str, owner: str = "") -> Response:
        holder = find_owner(self.kind, owner)
        found = find(self.kind, record, holder)
        return self._page(
            "records/show.html",
            holder,
            record=described(found, holder),
            history=history_of(found, current_actor()),
        )

    def new_page(self, owner: str = "") -> Response:
        holder = find_owner(self.kind, owner)
        fields = readable(self.kind, current_actor())
        form = DrawnForm(questions_for(fields, holder))
        if form.submitted:
            try:
                raw = typed(form, fields) | named_owner(self.kind, holder)
                checked = check(self.kind, raw, with_owner=True)
                return self._saved(save(lambda: self._recorded(checked, holder), by=current_actor()))
            except Invalid as problem:
                form.show(problem)
        else:
            form.fill({name: propose() for name, propose in self.kind.declaration.begins.items()})
            begin(form, request.args)
        return self._form("records/form.html", holder, form, list_address(self.kind, holder), "new")

    def correct_page(self, record: str, owner: str = "") -> Response:
        holder = find_owner(self.kind, owner)
        found = find(self.kind, record, holder)
        fields = readable(self.kind, current_actor())
        form = DrawnForm(self._correction_questions(fields, holder))
        where = address(found, holder)
        if not form.submitted:
            must_be_changeable(found)
            fill(form, fields, found, raw_of(found))
            form.fill({REVISION: found.revision})
            return self._form("records/form.html", holder, form, where, "correct")
        theirs = raw_of(found)
        try:
            checked = check(
                self.kind,
                theirs | typed(form, fields) | named_owner(self.kind, holder or owner_of(found)),
                with_owner=True,
            )
            revision, reason = _revision(form), str(form.raw_values()[REASON])

            def act() -> Result:
                writer.correct(found, checked, revision=revision, reason=reason, by=current_actor())
                return Result(303, where)

            return self._saved(save(act, by=current_actor()))
        except Invalid as problem:
            form.show(problem)
            return self._form("records/form.html", holder, form, where, "correct")
        except Stale as stale:
            return self._stale(holder, find(self.kind, record, holder), form, fields, stale, where)

    def withdraw_page(self, record: str, owner: str = "") -> Response:
        must_write(self.kind, current_actor())
        holder = find_owner(self.kind, owner)
        found = find(self.kind, record, holder)
        form = DrawnForm({"reason": TextareaField("Why is it withdrawn?", rows=3), REVISION: HiddenField()})
        where = address(found, holder)
        if form.submitted:
            try:
                revision, reason = _revision(form), str(form.raw_values()["reason"])

                def act() -> Result:
                    writer.withdraw(found, revision=revision, reason=reason, by=current_actor())
                    return Result(303, where)

                return self._saved(save(act, by=current_actor()), "withdrawn")
            except Invalid as problem:
                form.show(problem)
            except Stale as stale:
                form.show(Invalid.of("", f"{stale.message} Read it again before you withdraw it."))
                form.fill({REVISION: stale.current_revision})
        else:
            must_be_changeable(found)
            form.fill({REVISION: found.revision})
        return self._form(
            "records/withdraw.html", holder, form, where, "withdraw", record=described(found, holder)
        )

    # -- what the views are made of ----------------------------------------------------------

    def _columns(self) -> dict[str, Any]:
        said = self.kind.declaration
        fields = readable(self.kind, current_actor())
        first = [name for name in (said.about, said.about_else) if name in fields]
        short = [name for name, field in fields.items() if not getattr(field, "lines", False)]
        return {name: fields[name] for name in list(dict.fromkeys([*first, *short]))[:COLUMNS]}

    def _recorded(self, checked: Any, holder: Record | None) -> Result:
        made = writer.record(checked, by=current_actor())
        return Result(303, address(made, holder))

    def _saved(self, result: Result, what: str = "saved") -> Response:
        flash(f"{self.kind.declaration.title} {what}", "success")
        return make_response(redirect(result.location, result.status))

    def _correction_questions(self, fields: Any, holder: Record | None) -> dict[str, Any]:
        return questions_for(fields, holder) | {
            REASON: TextareaField("Why are you correcting it?", rows=2, optional=True),
            REVISION: HiddenField(),
        }

    def _form(
        self, template: str, holder: Record | None, form: DrawnForm, where: str, verb: str, **context: Any
    ) -> Response:
        title = self.kind.declaration.title
        words = {"new": f"New {title.lower()}", "correct": f"Correct {title.lower()}"}.get(verb)
        response = self._page(
            template,
            holder,
            form=form,
            action=f"{where}/{verb}",
            submit_text="Withdraw this record" if verb == "withdraw" else f"Save {title.lower()}",
            cancel_href=where,
            title=words,
            **context,
        )
        response.status_code = 422 if form.faulty else 200
        return response

    def _stale(
        self, holder: Record | None, now: Record, form: DrawnForm, fields: Any, stale: Stale, where: str
    ) -> Response:
        """Somebody saved first: theirs and mine side by side, and everything typed kept."""
        mine = {name: form[name] for name in fields}
        theirs = DrawnForm(questions_for(fields, holder), typed=MultiDict())
        fill(theirs, fields, now, raw_of(now))
        rows = []
        for name, field in fields.items():
            before, after = theirs[name].raw(), mine[name].raw()
            if before != after:
                rows.append(
                    (field.question, shown(field, getattr(now, name)) or None, _said(mine[name]), True)
                )
        form.fill({REVISION: stale.current_revision})
        last = history_of(now, current_actor())[0]
        response = self._page(
            "records/stale.html",
            holder,
            rows=rows,
            form=form,
            action=f"{where}/correct",
            submit_text=f"Save {self.kind.declaration.title.lower()}",
            cancel_href=where,
            theirs_by=f"{last['who']} on {last['when']}",
        )
        response.status_code = stale.status
        return response

    def _page(self, template: str, holder: Record | None, **context: Any) -> Response:
        said = self.kind.declaration
        is_child = holder is not None and holder.kind_name() == "person"
        title = holder.called() if holder else said.many
        about = {
            "kind": {"title": said.title, "slug": self.kind.slug(), "plural": said.many},
            "owner": {"title": title, "href": address(holder) if holder else list_address(self.kind)}
            if holder or self.kind.kind_name() in COLLECTIONS
            else {"title": title, "href": "/"},
            "crumbs": self._crumbs(holder),
            "child": self.identity(holder) if is_child and holder is not None else None,
        }
        return make_response(render_template(template, **about, **context))

    def _crumbs(self, holder: Record | None) -> list[tuple[str, str]]:
        if holder is None:
            return [(self.kind.declaration.many, list_address(self.kind))] if self._has_list() else []
        own = (self.kind.declaration.many, list_address(self.kind, holder))
        return [(holder.called(), address(holder)), own]

    def _has_list(self) -> bool:
        return self.kind.declaration.owner is None and self.kind.kind_name() in COLLECTIONS


def _said(field: Any) -> str | None:
    raw: Any = field.raw()
    items: dict[str, str] = {item.value: item.text for item in getattr(field, "items", ())}
    if isinstance(raw, list):
        return ", ".join(str(items.get(one, one)) for one in raw) or None
    return items.get(raw, raw) or None


def _revision(form: DrawnForm) -> int:
    raw = str(form.raw_values()[REVISION])
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        raise Invalid.of(
            "", "Open this form again: it does not say which version of the record it was drawn from."
        )
    return int(raw)


def record_pages(identity: Identity, hand_made: Collection[tuple[str, str]] = ()) -> Blueprint:
    """The blueprint of every kind's pages, but those (kind, verb) that are made by hand."""
    blueprint = Blueprint("records", __name__)
    for kind in KINDS:
        pages = Pages(kind, identity)
        for verb, rule in rules_of(kind).items():
            if (kind.kind_name(), verb) in hand_made:
                continue
            writes = verb in ("new", "correct", "withdraw")
            permission = kind.declaration.write if writes else kind.declaration.read
            if verb == "withdraw":
                permission = Permission.RECORD_WITHDRAW
            route(
                blueprint,
                rule,
                permission=permission,
                audit=f"{slug_of(kind.kind_name())}:{verb}",
                methods=("GET", "POST") if writes else ("GET",),
                endpoint=f"{kind.kind_name()}_{verb}",
            )(getattr(pages, f"{verb}_page"))
    return blueprint
