"""Tampering with the audit is found: every kind of it, at every place. The untouched log fits."""

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import RowMapping, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from outcomes.audit import commands, ddl, note
from outcomes.audit import verify as verify_module
from outcomes.audit.anchor import Anchor, append_anchor, present_anchor, read_anchors
from outcomes.audit.chain import COVERED, link
from outcomes.audit.entry import AuditEntry
from outcomes.audit.verify import verify
from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.core.transaction import transaction

ADA = Actor(name="Ada Obi", role="keyworker", account_id=7, session_id="s" * 22)
ENTRIES = 12


@pytest.fixture
def log(app: Flask) -> Flask:
    """A log of twelve entries."""
    with app.app_context():
        for number in range(ENTRIES):
            with transaction():
                note("session:create", by=ADA, record=f"{number:022d}", reason=f"reason {number}")
    return app


def without_triggers(act: Callable[[Session], object]) -> None:
    """What the database's owner can do: take the triggers off, act, and put them back."""
    with transaction() as session:
        dialect = db.engine.dialect.name
        for statement in ddl.drops(dialect):
            session.execute(text(statement))
        act(session)
        for statement in ddl.statements(dialect):
            if statement != ddl.FIRST_HEAD:
                session.execute(text(statement))


def edit(session: Session, at: int) -> None:
    session.execute(text("UPDATE audit_entry SET account_id = 8 WHERE seq = :at"), {"at": at})


def delete(session: Session, at: int) -> None:
    session.execute(text("DELETE FROM audit_entry WHERE seq = :at"), {"at": at})


def delete_and_close_the_gap(session: Session, at: int) -> None:
    delete(session, at)
    for seq in range(at + 1, ENTRIES + 1):
        session.execute(text("UPDATE audit_entry SET seq = seq - 1 WHERE seq = :seq"), {"seq": seq})
    session.execute(text("UPDATE audit_head SET seq = seq - 1"))


def swap(session: Session, at: int) -> None:
    other = at + 1 if at < ENTRIES else at - 1
    for was, becomes in ((at, 1000), (other, at), (1000, other)):
        session.execute(text("UPDATE audit_entry SET seq = :b WHERE seq = :w"), {"w": was, "b": becomes})


def insert_copy(session: Session, at: int) -> None:
    for seq in range(ENTRIES, at - 1, -1):
        session.execute(text("UPDATE audit_entry SET seq = seq + 1 WHERE seq = :seq"), {"seq": seq})
    copied = dict(_rows(session)[at - 1]) | {"seq": at}
    session.connection().execute(insert(AuditEntry), copied)
    session.execute(text("UPDATE audit_head SET seq = seq + 1"))


def _rows(session: Session) -> Sequence[RowMapping]:
    wanted = select(AuditEntry.__table__).order_by(AuditEntry.seq)
    return session.connection().execute(wanted).mappings().all()


def edit_and_hash_again_with_a_guessed_key(session: Session, at: int) -> None:
    edit(session, at)
    _hash_again(session, at, b"not the key")


def _hash_again(session: Session, at: int, key: bytes) -> None:
    rows = _rows(session)
    previous = rows[at - 2]["hash"] if at > 1 else "0" * 64
    for row in rows[at - 1 :]:
        values = [row[name] for name in COVERED]
        made = link(key, previous, values)
        session.execute(
            text("UPDATE audit_entry SET previous_hash = :p, hash = :h WHERE seq = :s"),
            {"p": previous, "h": made, "s": row["seq"]},
        )
        previous = made
    session.execute(text("UPDATE audit_head SET hash = :h"), {"h": previous})


def cut_tail(session: Session, at: int) -> None:
    session.execute(text("DELETE FROM audit_entry WHERE seq >= :at"), {"at": at})


def add_beyond_the_head(session: Session, at: int) -> None:
    before = _rows(session)[-1]["previous_hash"]
    session.execute(text("UPDATE audit_head SET seq = seq - 1, hash = :before"), {"before": before})


TAMPERING = [
    edit,
    delete,
    delete_and_close_the_gap,
    swap,
    insert_copy,
    edit_and_hash_again_with_a_guessed_key,
    cut_tail,
    add_beyond_the_head,
]


def test_an_untouched_log_fits(log: Flask, tmp_path: Path) -> None:
    with log.app_context():
        append_anchor(tmp_path / "anchor", present_anchor())
        verdict = verify(read_anchors(tmp_path / "anchor"))
        assert (verdict.ok, verdict.checked) == (True, ENTRIES)


def test_a_log_longer_than_a_batch_fits(log: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_module, "BATCH", 5)
    with log.app_context():
        assert verify().checked == ENTRIES


def test_an_empty_log_fits(app: Flask) -> None:
    with app.app_context():
        assert verify().ok


@pytest.mark.parametrize("tamper", TAMPERING)
def test_tampering_is_found(log: Flask, tamper: Callable[[Session, int], None]) -> None:
    at = random.Random(tamper.__name__).randint(1, ENTRIES)
    with log.app_context():
        without_triggers(lambda session: tamper(session, at))
        verdict = verify()
        assert not verdict.ok
        assert verdict.fault


def test_the_first_bad_entry_is_named(log: Flask) -> None:
    with log.app_context():
        without_triggers(lambda session: edit(session, 5))
        assert verify().seq == 5


def test_a_tail_cut_off_with_the_head_needs_an_anchor(log: Flask) -> None:
    with log.app_context():
        anchor = present_anchor()

        def cut(session: Session) -> None:
            cut_tail(session, 9)
            session.execute(
                text("UPDATE audit_head SET seq = 8, hash = (SELECT hash FROM audit_entry WHERE seq = 8)")
            )

        without_triggers(cut)
        assert verify().ok, "the chain alone cannot know"
        verdict = verify({anchor.seq: anchor})
        assert verdict.seq == 9
        assert "cut off" in (verdict.fault or "")


def test_a_log_written_anew_with_the_true_key_needs_an_anchor(log: Flask) -> None:
    with log.app_context():
        anchor = present_anchor()
        key = log.extensions["outcomes_audit"].read_bytes()

        def rewrite(session: Session) -> None:
            edit(session, 3)
            _hash_again(session, 3, key)

        without_triggers(rewrite)
        assert verify().ok, "who holds the key can write the chain anew"
        assert verify({anchor.seq: anchor}).seq == ENTRIES


def test_a_deleted_head_is_found(log: Flask) -> None:
    with log.app_context():
        without_triggers(lambda session: session.execute(text("DELETE FROM audit_head")))
        assert "head" in (verify().fault or "")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET account_id = 8 WHERE seq = 3",
        "DELETE FROM audit_entry WHERE seq = 12",
        "UPDATE audit_head SET seq = 3",
        "DELETE FROM audit_head",
    ],
)
def test_the_database_refuses_to_change_the_log(log: Flask, statement: str) -> None:
    with log.app_context():
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(text(statement))
        assert verify().ok


def test_the_command_says_whether_all_fits(log: Flask, tmp_path: Path) -> None:
    runner = log.test_cli_runner()
    anchor = str(tmp_path / "anchor.jsonl")
    assert runner.invoke(commands.audit_group, ["anchor", anchor]).exit_code == 0
    done = runner.invoke(commands.audit_group, ["verify", "--anchor", anchor, "--json"])
    assert (done.exit_code, json.loads(done.stdout)["checked"]) == (0, ENTRIES)
    with log.app_context():
        without_triggers(lambda session: edit(session, 5))
    refused = runner.invoke(commands.audit_group, ["verify"])
    assert refused.exit_code == 1
    assert "Entry 5" in refused.stderr


@pytest.mark.parametrize("line", ["", "{}", "[]", "nonsense", '{"seq": true, "hash": "x"}', '{"seq": 1}'])
def test_an_anchor_file_that_cannot_be_read_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "anchor").write_text(line)
    with pytest.raises(Invalid):
        read_anchors(tmp_path / "anchor")
    append_anchor(tmp_path / "good", Anchor(3, "a" * 64, ""))
    assert read_anchors(tmp_path / "good")[3].hash == "a" * 64
