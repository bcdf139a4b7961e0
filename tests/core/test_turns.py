"""On SQLite one process's writers go one after the other, and the next begins as the last one ends."""

from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from outcomes.core import transaction as transactions
from outcomes.core.database import db
from outcomes.core.transaction import transaction

SOON = 5.0


def test_who_waits_for_a_turn_does_not_ask_the_database_meanwhile(app: Flask) -> None:
    begun: list[str] = []
    inside, leave = Event(), Event()

    def begins(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if sql.startswith("BEGIN IMMEDIATE"):
            begun.append(sql)

    def first() -> None:
        with app.app_context(), transaction():
            inside.set()
            leave.wait(SOON)

    def second() -> None:
        with app.app_context(), transaction():
            pass

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", begins)
    try:
        threads = [Thread(target=first), Thread(target=second)]
        threads[0].start()
        assert inside.wait(SOON)
        threads[1].start()
        threads[1].join(0.2)
        assert threads[1].is_alive() and len(begun) == 1
        leave.set()
        for one in threads:
            one.join(SOON)
        assert len(begun) == 2
    finally:
        leave.set()
        event.remove(engine, "before_cursor_execute", begins)


def test_a_writer_that_fails_gives_its_turn_back(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ValueError, match="in the middle"), transaction():
            raise ValueError("in the middle")
        with transaction():
            assert transactions.in_transaction()
