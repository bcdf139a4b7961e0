"""An act and its entry stand or fall together."""

import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from outcomes.audit import Read, note, record_reads
from outcomes.audit.entry import AuditEntry, AuditHead
from outcomes.audit.verify import verify
from outcomes.core import transaction as transaction_module
from outcomes.core.actor import Actor, system_actor
from outcomes.core.database import db
from outcomes.core.errors import Unavailable
from outcomes.core.settings import Settings
from outcomes.core.transaction import before_commit, transaction

ADA = Actor(name="Ada Obi", role="keyworker", account_id=7, session_id="s" * 22)


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def break_the_audit(dialect: str) -> None:
    """Make every audit insert fail, as a full disk or a broken table would."""
    if dialect == "sqlite":
        statements = [
            "CREATE TRIGGER broken BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'broken'); END"
        ]
    else:
        statements = [
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'broken'; END $$",
            "CREATE TRIGGER broken BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION broken()",
        ]
    with transaction() as session:
        for statement in statements:
            session.execute(text(statement))


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
    app.add_url_rule("/children/<child>", "child", lambda child: "")
    with app.test_request_context("/children/abc"), transaction():
        note("child:read", by=ADA)
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.route)).one() == "GET /children/<child>"


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


def test_when_the_audit_cannot_be_written_nothing_changes(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            session.execute(text("CREATE TABLE thing (id INTEGER)"))
        break_the_audit(db.engine.dialect.name)
        with pytest.raises(Unavailable) as refused, transaction() as session:
            session.execute(text("INSERT INTO thing VALUES (1)"))
            note("thing:create", by=ADA)
        assert refused.value.status == 503
        assert db.session.scalar(text("SELECT count(*) FROM thing")) == 0
        assert how_many() == 0
        # The twin: what notes nothing is not held up.
        with transaction() as session:
            session.execute(text("INSERT INTO thing VALUES (2)"))
        assert db.session.scalar(text("SELECT count(*) FROM thing")) == 1


def test_when_a_read_cannot_be_audited_it_is_unavailable(app: Flask) -> None:
    with app.app_context():
        record_reads([Read("child:read", "person", "p" * 22, "p" * 22)], by=ADA)
        assert how_many() == 1
        break_the_audit(db.engine.dialect.name)
        with pytest.raises(Unavailable):
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


def test_the_key_is_made_once_and_for_its_owner_only(app: Flask, settings: Settings) -> None:
    with app.app_context():
        with transaction():
            note("a:b", by=ADA)
        first = settings.audit_key_file.read_bytes()
        with transaction():
            note("a:b", by=ADA)
    assert settings.audit_key_file.read_bytes() == first
    assert settings.audit_key_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in Path(settings.audit_key_file.parent).glob(".audit*")] == []


@pytest.mark.parametrize("harm", ["lost", "open to others", "short"])
def test_a_bad_key_stops_all_writing(app: Flask, settings: Settings, harm: str) -> None:
    with app.app_context():
        with transaction():
            note("a:b", by=ADA)
        if harm == "lost":
            settings.audit_key_file.unlink()
        elif harm == "short":
            settings.audit_key_file.write_text("short")
        else:
            settings.audit_key_file.chmod(0o644)
        with pytest.raises(Unavailable), transaction():
            note("a:b", by=ADA)
        assert how_many() == 1
