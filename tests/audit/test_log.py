"""An act and its entry stand or fall together."""

import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from outcomes.accounts.account import Account
from outcomes.audit import Read, note, record_reads
from outcomes.audit.entry import AuditEntry, AuditHead
from outcomes.audit.verify import verify
from outcomes.core import transaction as transaction_module
from outcomes.core.actor import Actor, system_actor
from outcomes.core.database import db
from outcomes.core.errors import Unavailable
from outcomes.core.transaction import before_commit, transaction
from tests.audit.breaking import audit_broken

ADA = Actor(name="Ada Obi", role="keyworker", account_id=7, session_id="s" * 22)


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_a_note_is_written_with_the_transaction(app: Flask) -> None:
    with app.app_context():
        with transaction():
            note(
                "session:create",
                by=ADA,
                kind="keyworker_session",
                record="r" * 22,
                revision=1,
                person="p" * 22,
            )
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.seq, entry.account_id, entry.role, entry.session) == (1, 7, "keyworker", "s" * 22)
        assert (entry.action, entry.kind, entry.record, entry.revision, entry.person) == (
            "session:create",
            "keyworker_session",
            "r" * 22,
            1,
            "p" * 22,
        )
        assert (entry.outcome, entry.count, entry.route) == ("ok", 1, "")


def test_a_note_names_the_pattern_of_the_address_and_never_the_address(app: Flask) -> None:
    with app.test_request_context("/children/" + "x" * 22), transaction():
        note("child:read", by=ADA)
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.route)).one() == "GET /children/<public_id:child>"


def test_a_transaction_that_is_undone_leaves_no_entry_behind_not_even_later(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            note("session:create", by=ADA)
            raise ZeroDivisionError
        with transaction():
            note("session:correct", by=ADA)
        assert db.session.scalars(select(AuditEntry.action)).all() == ["session:correct"]


def test_noting_outside_a_transaction_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(RuntimeError, match="inside"):
        note("session:create", by=ADA)


def test_noting_after_the_audit_was_written_is_refused_rather_than_lost(app: Flask) -> None:
    late = before_commit(lambda session: note("late:note", by=ADA))
    try:
        with app.app_context(), pytest.raises(RuntimeError, match="is written"), transaction():
            note("session:create", by=ADA)
    finally:
        transaction_module._before_commit.remove(late)


def a_thing(name: str) -> Account:
    return Account(email=name, email_key=name, name=name)


def test_when_the_audit_cannot_be_written_nothing_changes(app: Flask) -> None:
    with app.app_context(), audit_broken(app):
        with pytest.raises(Unavailable) as refused, transaction() as session:
            session.add(a_thing("one"))
            note("thing:create", by=ADA)
        assert refused.value.status == 503
        assert db.session.scalars(select(Account)).all() == []
        assert how_many() == 0
        # The twin: what notes nothing is not held up.
        with transaction() as session:
            session.add(a_thing("two"))
        assert db.session.scalars(select(Account.name)).all() == ["two"]


def test_when_a_read_cannot_be_audited_it_is_unavailable(app: Flask) -> None:
    with app.app_context():
        record_reads([Read("child:read", "person", "p" * 22, "p" * 22)], by=ADA)
        assert how_many() == 1
        with audit_broken(app), pytest.raises(Unavailable):
            record_reads([Read("child:read", "person", "p" * 22, "p" * 22)], by=ADA)
        assert how_many() == 1


def test_entries_of_threads_at_once_form_one_chain(app: Flask) -> None:
    faults: list[BaseException] = []

    def write() -> None:
        try:
            with app.app_context():
                for _ in range(10):
                    with transaction():
                        note("session:create", by=ADA)
                        note("session:sign", by=ADA)
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with app.app_context():
        assert how_many() == 120
        verdict = verify()
        assert verdict.ok, verdict.fault
        assert db.session.scalars(select(AuditHead.seq)).one() == 120


def test_the_reason_of_the_system_goes_into_the_entry(app: Flask) -> None:
    with app.app_context():
        with transaction():
            note("import:run", by=system_actor("import of June"), count=30)
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.account_id, entry.role, entry.reason, entry.count) == (
            None,
            "system",
            "import of June",
            30,
        )


def test_the_key_is_made_once_and_for_its_owner_only(app: Flask, key_file: Path) -> None:
    with app.app_context():
        with transaction():
            note("a:b", by=ADA)
        first = key_file.read_bytes()
        with transaction():
            note("a:b", by=ADA)
    assert key_file.read_bytes() == first
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in key_file.parent.glob(".audit*")] == []


@pytest.mark.parametrize("harm", ["lost", "open to others", "short"])
def test_a_bad_key_stops_all_writing(app: Flask, key_file: Path, harm: str) -> None:
    with app.app_context():
        with transaction():
            note("a:b", by=ADA)
        if harm == "lost":
            key_file.unlink()
        elif harm == "short":
            key_file.write_text("short")
        else:
            key_file.chmod(0o644)
        with pytest.raises(Unavailable), transaction():
            note("a:b", by=ADA)
        assert how_many() == 1
