"""Backups made while others write, restored into an empty database of either sort, compared table by table."""

import json
import stat
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError

from outcomes.access.bind import system_scope
from outcomes.audit.entry import AuditEntry
from outcomes.audit.verify import verify
from outcomes.backup import making, restoring
from outcomes.backup.archive import Manifest
from outcomes.backup.rows import shape_of
from outcomes.core import migrating
from outcomes.core.actor import system_actor
from outcomes.core.database import db
from outcomes.core.errors import Invalid, Misconfigured
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.health import HealthCheck
from tests.backup.conftest import Empty, give_key
from tests.builders import World, signed_in
from tests.kit.bundle.folders import Bundle
from tests.migrations.test_migrations import inventory

BY = system_actor("tests")

Tables = dict[str, list[dict[str, Any]]]


def quiet(_doing: str, _done: int, _of: int) -> None: ...


def keep(app: Flask, path: Path) -> Manifest:
    with app.app_context(), system_scope("a test"):
        return making.back_up(path, progress=quiet, by=BY)


def restore(app: Flask, path: Path, *, replace: bool = False) -> Manifest:
    with app.app_context():
        return restoring.restore(path, replace=replace, progress=quiet, by=BY)


def tables(app: Flask) -> Tables:
    """Every row of every table, read by no code of the backup's."""
    with app.app_context(), system_scope("to compare"):
        found = {}
        for table in db.metadata.sorted_tables:
            rows = db.session.execute(select(table).order_by(*table.primary_key)).mappings()
            found[table.name] = [dict(row) for row in rows]
    return found


def without_the_tail(found: Tables, after: int) -> Tables:
    """The tables without what the audit says since: also of the backup itself, and of this comparison."""
    entries = [row for row in found["audit_entry"] if row["seq"] <= after]
    return found | {"audit_entry": entries, "audit_head": []}


def fill(app: Flask, folder: Path) -> str:
    """A small town in a database, with an account; the e-mail address."""
    with app.app_context(), system_scope("a test"):
        Bundle(folder).must_load()
        world = World()
        home = world.home("Elm House")
        child = world.child("Jay")
        world.placed(child, home, "2024-01-01")
        check = world.record(
            HealthCheck, person_id=child, kind="dental", due_on="2025-01-01", follow_up="é 🧒 \\ \"'"
        )
        assert check.id
        return world.account("registered_manager", at=home)


@pytest.mark.parametrize("sort", ["sqlite", "postgresql"])
def test_a_restored_database_is_the_same_table_by_table(
    source: Flask, empty: Empty, sort: str, tmp_path: Path
) -> None:
    email = fill(source, tmp_path / "bundle")
    manifest = keep(source, tmp_path / "kept.backup")
    target = empty(sort)
    with target.app_context():
        before = inventory()
    assert restore(target, tmp_path / "kept.backup") == manifest
    was, restored = tables(source), tables(target)
    assert without_the_tail(was, manifest.audit_seq) == without_the_tail(restored, manifest.audit_seq)
    assert {table.shape.name: table.rows for table in manifest.tables}["record_version"] == len(
        was["record_version"]
    )
    assert manifest.rows > 100
    with target.app_context():
        # Triggers, checks and keys as in a new database; and the chain, with the restore as its last entry.
        assert inventory() == before
        assert migrating.differences() == []
        assert verify().ok
        last = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "backup:restore")).one()
        assert last.count == manifest.rows
    # The service goes on with it: people sign in, keys go on counting, versions cannot be changed.
    assert signed_in(target, email).get("/children").status_code == 200
    with target.app_context(), system_scope("a test"):
        newest = db.session.scalar(select(func.max(HealthCheck.id)))
        child = World().child("Later")
        made = World().record(HealthCheck, person_id=child, kind="dental", due_on="2025-02-01")
        assert made.id > newest
        with pytest.raises(DatabaseError):
            db.session.execute(update(RecordVersion).values(reason="other"))


@contextmanager
def writers(app: Flask, child: str, kept: list[str]) -> Iterator[None]:
    """Four threads that record health checks without a pause; `kept` are those that were acknowledged."""
    stop = threading.Event()

    def write() -> None:
        with app.app_context(), system_scope("a writer"):
            world = World()
            while not stop.is_set():
                kept.append(
                    world.record(HealthCheck, person_id=child, kind="dental", due_on="2025-01-01").public_id
                )

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def test_backups_while_writing_are_of_one_instant(source: Flask, empty: Empty, tmp_path: Path) -> None:
    with source.app_context(), system_scope("a test"):
        world = World()
        person = world.child("Jay")
        world.placed(person, world.home(), "2024-01-01")
        child = person.public_id
    kept: list[str] = []
    before: list[int] = []
    with writers(source, child, kept):
        for number in range(3):
            while len(kept) < 20 * (number + 1):
                threading.Event().wait(0.01)
            before.append(len(kept))
            acknowledged = list(kept)
            manifest = keep(source, tmp_path / f"{number}.backup")
            (tmp_path / f"{number}.acknowledged").write_text(json.dumps(acknowledged))
            assert manifest.audit_fault is None
    assert len(kept) > before[-1], "nobody wrote during the last backup"
    target = empty("sqlite")
    for number in range(3):
        restore(target, tmp_path / f"{number}.backup", replace=number > 0)
        found = tables(target)
        checks = {row["public_id"]: row["id"] for row in found["health_check"]}
        assert set(json.loads((tmp_path / f"{number}.acknowledged").read_text())) <= set(checks)
        # No record without its version and its entry, and none the other way round.
        versions = {row["record_id"] for row in found["record_version"] if row["kind"] == "health_check"}
        entries = {row["record"] for row in found["audit_entry"] if row["kind"] == "health_check"}
        assert versions == set(checks.values())
        assert entries == set(checks)


def test_the_file_is_its_owners_alone_and_holds_no_key(source: Flask, tmp_path: Path) -> None:
    fill(source, tmp_path / "bundle")
    file = tmp_path / "kept.backup"
    keep(source, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir() if "unfinished" in one.name] == []
    key = source.extensions["outcomes_audit"].read_bytes().strip()
    with zipfile.ZipFile(file) as archive:
        assert not any(key in archive.read(name) for name in archive.namelist())
        document = json.loads(archive.read("manifest.json"))
    assert (document["format"], document["version"], document["revision"]) == (
        "outcomes backup",
        1,
        migrating_head(source),
    )
    with pytest.raises(Invalid, match="there already"):
        keep(source, file)


def migrating_head(app: Flask) -> str | None:
    with app.app_context():
        return migrating.head()


def test_a_database_with_something_in_it_is_replaced_only_when_told(
    source: Flask, empty: Empty, tmp_path: Path
) -> None:
    fill(source, tmp_path / "bundle")
    manifest = keep(source, tmp_path / "kept.backup")
    target = empty(db_sort(source))
    with target.app_context(), system_scope("a test"):
        World().child("Somebody else")
    there = tables(target)
    with pytest.raises(restoring.NotEmpty, match="--replace"):
        restore(target, tmp_path / "kept.backup")
    assert without_the_tail(tables(target), len(there["audit_entry"])) == without_the_tail(
        there, len(there["audit_entry"])
    )
    restore(target, tmp_path / "kept.backup", replace=True)
    assert without_the_tail(tables(target), manifest.audit_seq) == without_the_tail(
        tables(source), manifest.audit_seq
    )


def test_a_database_without_tables_is_empty_too(source: Flask, empty: Empty, tmp_path: Path) -> None:
    fill(source, tmp_path / "bundle")
    manifest = keep(source, tmp_path / "kept.backup")
    target = empty(db_sort(source))
    with target.app_context():
        migrating.downgrade("base")
    restore(target, tmp_path / "kept.backup")
    assert without_the_tail(tables(target), manifest.audit_seq) == without_the_tail(
        tables(source), manifest.audit_seq
    )


def db_sort(app: Flask) -> str:
    with app.app_context():
        return db.engine.dialect.name


def test_another_key_or_none_is_told(source: Flask, empty: Empty, tmp_path: Path) -> None:
    fill(source, tmp_path / "bundle")
    keep(source, tmp_path / "kept.backup")
    target = empty("sqlite")
    key: Path = target.extensions["outcomes_audit"]
    key.write_text("0" * 64)
    with pytest.raises(restoring.Unusable, match="another audit key"):
        restore(target, tmp_path / "kept.backup")
    key.unlink()
    with pytest.raises(Misconfigured, match="cannot be read"):
        restore(target, tmp_path / "kept.backup")
    give_key(source, target)
    restore(target, tmp_path / "kept.backup")


def test_every_column_has_a_sort() -> None:
    """A new type of column must be taught to the backup before it is used."""
    for table in db.metadata.sorted_tables:
        assert shape_of(table).columns
        assert shape_of(table).key


def test_a_fault_on_the_way_changes_nothing(
    source: Flask, empty: Empty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(source, tmp_path / "bundle")
    keep(source, tmp_path / "kept.backup")
    target = empty(db_sort(source))
    fill(target, tmp_path / "other")
    there = tables(target)
    real = restoring._insert

    def one_row_lost(connection: Any, table: Any, archive: Any) -> None:
        real(connection, table, archive)
        if table.shape.name == "goal_review":
            connection.execute(table.shape.table.delete())

    monkeypatch.setattr(restoring, "_insert", one_row_lost)
    with pytest.raises(restoring.Unusable, match="goal_review has 0 rows"):
        restore(target, tmp_path / "kept.backup", replace=True)
    after = len(there["audit_entry"])
    assert without_the_tail(tables(target), after) == without_the_tail(there, after)
