"""The JSON verbs of every kind: list, create, show, correct, withdraw, under `/api/v1`.

They mirror the pages. A list is an envelope `{"items","total","page","pages"}`; a record carries
its revision as ETag, and a change must name it in If-Match (428 without, 412 when another stands).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request

from outcomes.core.errors import Invalid, OutcomesError, Stale
from outcomes.core.permissions import Permission
from outcomes.kit.api.operations import operations_of
from outcomes.kit.api.schemas import REASON
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.reading.addresses import COLLECTIONS, address, owner_of, rules_of
from outcomes.kit.reading.finding import find, find_owner, list_of, named_owner
from outcomes.kit.reading.view import as_json, raw_of, readable
from outcomes.kit.words import slug_of
from outcomes.kit.writing import writer
from outcomes.kit.writing.saving import must_write, save
from outcomes.kit.writing.schema import check
from outcomes.web.guard import current_actor
from outcomes.web.idempotency import Result
from outcomes.web.json_body import read_json
from outcomes.web.limits import page_wanted
from outcomes.web.routes import route

PREFIX = "/api/v1"
_IF_MATCH = re.compile(r'"([0-9]{1,9})"|([0-9]{1,9})')


class RevisionNeeded(OutcomesError):
    """A change that does not say which revision it was made from."""

    code = "revision_needed"
    status = 428

    def __init__(self) -> None:
        super().__init__(
            'Send the revision that the change was made from as If-Match, for example If-Match: "3". '
            "It is the ETag of the record when you read it."
        )


class RevisionPassed(OutcomesError):
    """The record changed after the ETag was read. Nothing was saved."""

    code = "stale"
    status = 412


@dataclass(frozen=True, slots=True)
class Verbs:
    """The JSON verbs of one kind."""

    kind: type[Record]

    def list_verb(self, owner: str = "") -> Response:
        holder = find_owner(self.kind, owner)
        wanted = page_wanted()
        rows, total = list_of(self.kind, holder, wanted)
        actor = current_actor()
        return jsonify(
            items=[as_json(row, actor) for row in rows],
            total=total,
            page=wanted.page,
            pages=max(1, -(-total // wanted.per_page)),
        )

    def show_verb(self, record: str, owner: str = "") -> Response:
        return _answer(find(self.kind, record, find_owner(self.kind, owner)))

    def create_verb(self, owner: str = "") -> Response:
        holder = find_owner(self.kind, owner)
        checked = check(self.kind, self._body() | named_owner(self.kind, holder), with_owner=True)

        written: list[Response] = []

        def act() -> Result:
            made = writer.record(checked, by=current_actor())
            written.append(_answer(made))
            return Result(201, f"{PREFIX}{address(made, holder)}", made.public_id)

        result = save(act, by=current_actor())
        response = written[0] if written else self.show_verb(result.body, owner)
        response.status_code = result.status
        response.headers["Location"] = result.location
        return response

    def correct_verb(self, record: str, owner: str = "") -> Response:
        holder = find_owner(self.kind, owner)
        found = find(self.kind, record, holder)
        body = self._body()
        reason = _reason(body)
        unread = {
            name: value
            for name, value in raw_of(found).items()
            if name not in readable(self.kind, current_actor())
        }
        checked = check(
            self.kind, unread | body | named_owner(self.kind, holder or owner_of(found)), with_owner=True
        )
        changed = self._save_change(
            lambda revision: writer.correct(
                found, checked, revision=revision, reason=reason, by=current_actor()
            )
        )
        return changed or self.show_verb(record, owner)

    def withdraw_verb(self, record: str, owner: str = "") -> Response:
        must_write(self.kind, current_actor())
        holder = find_owner(self.kind, owner)
        found = find(self.kind, record, holder)
        body = read_json()
        reason = _reason(body)
        _nothing_else(body)
        changed = self._save_change(
            lambda revision: writer.withdraw(found, revision=revision, reason=reason, by=current_actor())
        )
        return changed or self.show_verb(record, owner)

    def _save_change(self, change: Callable[[int], Record]) -> Response | None:
        """The record as the change left it; None where the request's key has made it before.

        Answered from inside the transaction: whoever withdraws a child's only placement has put the
        child out of their own reach, and could not read what they did a moment later.
        """
        revision = _if_match()
        written: list[Response] = []

        def act() -> Result:
            written.append(_answer(change(revision)))
            return Result(200)

        try:
            save(act, by=current_actor())
        except Stale as stale:
            raise RevisionPassed(f"{stale.message} Its revision is now {stale.current_revision}.") from None
        except Invalid as problem:
            # The writer's word for it; programs send it under a name that is no kind's own field.
            raise Invalid(
                {REASON if name == "reason" else name: texts for name, texts in problem.fields.items()}
            ) from None
        return written[0] if written else None

    def _body(self) -> dict[str, Any]:
        """The body, without a key that its reader may not even see."""
        body = read_json()
        fields = self.kind.asked_fields()
        allowed = readable(self.kind, current_actor())
        unseen = [name for name in body if name in fields and name not in allowed]
        if unseen:
            raise Invalid({name: ["Is not a field that you may write here."] for name in unseen})
        return body


def _answer(record: Record) -> Response:
    response = jsonify(as_json(record, current_actor()))
    response.headers["ETag"] = f'"{record.revision}"'
    return response


def _if_match() -> int:
    sent = _IF_MATCH.fullmatch(request.headers.get("If-Match", ""))
    if sent is None:
        raise RevisionNeeded
    return int(sent[1] or sent[2])


def _reason(body: dict[str, Any]) -> str:
    reason = body.pop(REASON, "")
    if not isinstance(reason, str):
        raise Invalid.of(REASON, "Correction reason: enter some words.")
    return reason


def _nothing_else(body: dict[str, Any]) -> None:
    if body:
        raise Invalid({name: [f"Is not expected here. Send only {REASON}."] for name in body})


def record_verbs() -> Blueprint:
    """The blueprint of every kind's JSON verbs."""
    blueprint = Blueprint("api", __name__)
    for kind in KINDS:
        said, at = kind.declaration, rules_of(kind)
        _add(blueprint, kind, "list", "GET", at["list"], said.read)
        _add(blueprint, kind, "create", "POST", at["list"], said.write)
        _add(blueprint, kind, "show", "GET", at["show"], said.read)
        _add(blueprint, kind, "correct", "PUT", at["show"], said.write)
        _add(blueprint, kind, "withdraw", "POST", at["withdraw"], Permission.RECORD_WITHDRAW)
        if said.owner and kind.kind_name() in COLLECTIONS:
            # All that the reader may see, whomever they belong to: one's homes, one's contracts.
            _add(blueprint, kind, "list", "GET", f"/{COLLECTIONS[kind.kind_name()]}", said.read, "_all")
    return blueprint


def _add(
    blueprint: Blueprint,
    kind: type[Record],
    verb: str,
    method: str,
    rule: str,
    permission: Permission,
    more: str = "",
) -> None:
    route(
        blueprint,
        f"{PREFIX}{rule}",
        permission=permission,
        audit=f"{slug_of(kind.kind_name())}:{verb}",
        methods=(method,),
        endpoint=f"{kind.kind_name()}_{verb}{more}",
        operation=operations_of(kind)[verb],
    )(getattr(Verbs(kind), f"{verb}_verb"))
