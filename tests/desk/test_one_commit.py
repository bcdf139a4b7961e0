"""A save is one durable commit, with what was read on the way in it; undone, what was read is still noted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from outcomes.audit.entry import AuditEntry
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.records.sessions import KeyworkerSession
from tests.audit.breaking import audit_broken
from tests.desk.conftest import House, key_of, send, token_of, typed_day

HELD = {"happened": "held", "child_words": "I cooked"}
MOST_STATEMENTS = 20
"""Of one save, from the sign-in to the answer. Raise it only for what the save cannot do without."""


@contextmanager
def engine_seen(app: Flask) -> Iterator[dict[str, list[str]]]:
    """The statements and the commits of an application's engine meanwhile."""
    seen: dict[str, list[str]] = {"statements": [], "commits": []}

    def statement(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if not sql.startswith("BEGIN"):
            seen["statements"].append(sql)

    def commit(_connection: Any) -> None:
        seen["commits"].append("")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)


def form_of(house: House, client: Any) -> tuple[str, dict[str, str]]:
    """Where a session with Jay is sent, and what its form carries."""
    where = house.of(house.jay, "/keyworker-session/new")
    page = client.get(where).text
    return where, {"csrf_token": token_of(page), "idempotency_key": key_of(page)}


def noted(house: House) -> list[tuple[str, str, str]]:
    """The entries of what was sent to the session's form, in the order of the chain: action, kind, child."""
    with house.inside():
        entries = db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.route.like("POST %/keyworker-session/new"))
            .order_by(AuditEntry.seq)
        )
        return [(entry.action, entry.kind, entry.person) for entry in entries]


def saved(house: House) -> int:
    with house.inside():
        return db.session.scalar(select(func.count(KeyworkerSession.id))) or 0


def test_a_save_is_one_commit_and_few_statements(any_house: House) -> None:
    client = any_house.signed_in("ada")
    send(client, any_house.of(any_house.jay, "/keyworker-session/new"), HELD | typed_day("on", today()))
    where, carried = form_of(any_house, client)
    with engine_seen(any_house.app) as seen:
        sent = client.post(where, data=carried | HELD | typed_day("on", today()))
    assert sent.status_code == 303
    assert len(seen["commits"]) == 1
    assert len(seen["statements"]) <= MOST_STATEMENTS, "\n".join(seen["statements"])


def test_what_was_read_for_a_save_stands_beside_what_was_written(any_house: House) -> None:
    client = any_house.signed_in("ada")
    where, carried = form_of(any_house, client)
    client.post(where, data=carried | HELD | typed_day("on", today()))
    assert noted(any_house) == [
        ("record:create", "keyworker_session", any_house.jay),
        ("keyworker-session:new", "person", any_house.jay),
    ]


def test_a_second_click_reads_again_and_writes_nothing_again(any_house: House) -> None:
    client = any_house.signed_in("ada")
    where, carried = form_of(any_house, client)
    for _ in range(2):
        assert client.post(where, data=carried | HELD | typed_day("on", today())).status_code == 303
    assert [action for action, _, _ in noted(any_house)] == [
        "record:create",
        "keyworker-session:new",
        "keyworker-session:new",
    ]
    assert saved(any_house) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"on-year": "2199"}, {"on-day": "", "on-month": "", "on-year": ""}],
    ids=["refused inside the transaction", "refused before it"],
)
def test_what_was_read_for_a_save_that_was_refused_is_noted_by_itself(
    any_house: House, wrong: dict[str, str]
) -> None:
    client = any_house.signed_in("ada")
    where, carried = form_of(any_house, client)
    with engine_seen(any_house.app) as seen:
        sent = client.post(where, data=carried | HELD | typed_day("on", today()) | wrong)
    assert sent.status_code == 422
    assert len(seen["commits"]) == 1
    assert noted(any_house) == [("keyworker-session:new", "person", any_house.jay)]
    assert saved(any_house) == 0


def test_nothing_is_saved_and_nothing_shown_without_the_audit(any_house: House) -> None:
    client = any_house.signed_in("ada")
    where, carried = form_of(any_house, client)
    with audit_broken(any_house.app):
        sent = client.post(where, data=carried | HELD | typed_day("on", today()))
        assert sent.status_code == 503
        assert "I cooked" not in sent.text
    assert (noted(any_house), saved(any_house)) == ([], 0)
