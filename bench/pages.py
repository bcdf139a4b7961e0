"""Pages: the server's time for the ones that are used most, against the peer's page, in turn, in one process.

Both answer through their whole stack (routing, session, templates) without a network between. Ours also
checks who may see the child and writes down that they looked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from bench.databases import Database
from bench.peer_app import peer_app
from bench.signed_in import children_of_home, manager, signed_in
from bench.table import Line
from bench.timing import paired
from outcomes.core.database import db

GOAL, MOST_QUERIES = 2.0, 8
TIMES = 12
PEER = "Flask, an ORM and a sign-in: one page with one query"
NOT_OURS = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


def pages(database: Database, runs: int) -> Iterator[Line]:
    """A line for each page, and one for its statements."""
    client = signed_in(database.app, manager(database.app))
    peer = peer_app(database).test_client()
    peer.post("/sign-in")
    child = children_of_home(database.app)[0]
    for what, address in (
        ("my day", "/my-day"),
        ("the child's page", f"/children/{child}"),
        ("the session form", f"/children/{child}/keyworker-session/new"),
    ):
        one = paired(partial(_get, client, address), partial(_get, peer, "/sessions/7"), runs * TIMES)
        yield Line.of_pair("Pages", what, database.name, PEER, one, GOAL)
        with counted(database.app) as statements:
            _get(client, address)
        reads = sum(1 for sql in statements if sql.lstrip().upper().startswith(("SELECT", "WITH")))
        yield Line("Pages", f"{what}: statements that read", database.name, reads, "", goal=MOST_QUERIES,
                   goal_is_for="ours")  # fmt: skip


def _get(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Every statement meanwhile: of the page, of the sign-in, of access and of the audit."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if not sql.lstrip().upper().startswith(NOT_OURS):
            seen.append(sql)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
