"""One key does one thing once, on both databases, also when two requests come together."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from outcomes.core.clock import now
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.core.transaction import transaction
from outcomes.web.idempotency import KEPT_FOR, IdempotencyKey, Result, once
from tests.web.site import Browser


@pytest.fixture
def app(any_app: Flask) -> Flask:
    return any_app


class Work:
    """Something to be done once; counts how often it was."""

    def __init__(self, fails: bool = False) -> None:
        self.done = 0
        self.fails = fails

    def __call__(self) -> Result:
        if self.fails:
            raise Invalid.of("note", "Enter what happened.")
        self.done += 1
        return Result(303, f"/children/{self.done}", "{}")


def send(app: Flask, work: Work, key: str = "k", content: str = "a", account: int = 1) -> Result:
    with app.app_context(), transaction() as session:
        return once(session, account, key, content, work)


def test_the_second_time_shows_the_first_result(app: Flask) -> None:
    work = Work()
    assert send(app, work) == send(app, work) == Result(303, "/children/1", "{}")
    assert work.done == 1


def test_another_key_or_another_account_does_it_again(app: Flask) -> None:
    work = Work()
    assert send(app, work).location == "/children/1"
    assert send(app, work, key="other").location == "/children/2"
    assert send(app, work, account=2).location == "/children/3"
    # Each account finds its own first result again.
    assert send(app, work, account=2).location == "/children/3"
    assert send(app, work).location == "/children/1"


def test_the_same_key_for_something_else_is_refused(app: Flask) -> None:
    work = Work()
    send(app, work)
    with pytest.raises(Invalid, match="already saved once"):
        send(app, work, content="b")
    assert work.done == 1


def test_work_that_was_refused_leaves_the_key_free(app: Flask) -> None:
    with pytest.raises(Invalid, match="Enter what happened"):
        send(app, Work(fails=True))
    work = Work()
    send(app, work, content="b")
    assert work.done == 1


def test_a_commit_that_fails_leaves_the_key_free(app: Flask) -> None:
    work = Work()
    with pytest.raises(OSError), app.app_context(), transaction() as session:
        once(session, 1, "k", "a", work)
        raise OSError
    send(app, work)
    assert work.done == 2


def test_eight_at_once_do_it_once(app: Flask) -> None:
    work, start = Work(), Barrier(8)

    def click(_: int) -> Result:
        start.wait()
        return send(app, work)

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(click, range(8)))
    assert results == [Result(303, "/children/1", "{}")] * 8
    assert work.done == 1


def test_keys_are_forgotten_after_a_day(app: Flask) -> None:
    work = Work()
    send(app, work)
    send(app, work, account=2)
    with time_machine.travel(now() + KEPT_FOR + timedelta(minutes=1)):
        send(app, work, key="other")
        send(app, work)
    assert work.done == 4
    with app.app_context():
        counts = db.session.execute(
            select(IdempotencyKey.account_id, func.count()).group_by(IdempotencyKey.account_id)
        )
        # Another account's keys are its own next request's business.
        assert dict(tuple(row) for row in counts) == {1: 2, 2: 1}


def hash_of(answered: Any) -> str:
    assert answered.status_code == 200
    return answered.json["hash"]


def test_the_key_of_a_form_and_of_json(browser: Browser) -> None:
    form = browser.send_form("/keyed", {"idempotency_key": "form-key"})
    assert form.json["key"] == "form-key"
    sent = browser.send_json("/keyed", b"{}", headers={"Idempotency-Key": "json-key"})
    assert sent.json["key"] == "json-key"


@pytest.mark.parametrize("key", ["", "a b", "é", "a" * 65])
def test_a_key_of_the_wrong_make_is_refused(browser: Browser, key: str) -> None:
    assert browser.send_form("/keyed", {"idempotency_key": key}).status_code == 400


@pytest.mark.parametrize("key", ["a", "!~" * 32])
def test_a_key_of_the_right_make_is_taken(browser: Browser, key: str) -> None:
    assert browser.send_form("/keyed", {"idempotency_key": key}).status_code == 200


def test_the_hash_is_of_the_content_only(browser: Browser) -> None:
    first = hash_of(browser.send_form("/keyed", {"idempotency_key": "a", "note": "x", "kind": "y"}))
    again = hash_of(browser.send_form("/keyed", {"kind": "y", "note": "x", "idempotency_key": "b"}))
    other = hash_of(browser.send_form("/keyed", {"idempotency_key": "a", "note": "y", "kind": "x"}))
    twice = hash_of(browser.send_form("/keyed", {"idempotency_key": "a", "note": ["x", "y"], "kind": "y"}))
    assert first == again
    assert len({first, other, twice}) == 3
    key = {"Idempotency-Key": "a"}
    assert hash_of(browser.send_json("/keyed", b'{"a": 1}', headers=key)) != hash_of(
        browser.send_json("/keyed", b'{"a": 2}', headers=key)
    )
