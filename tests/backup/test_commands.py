"""`outcomes backup` and `outcomes restore` as people and programs run them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from outcomes import cli
from tests.backup.conftest import Empty
from tests.backup.test_backup import fill, tables, without_the_tail


def run(app: Flask, monkeypatch: pytest.MonkeyPatch, *words: object) -> Result:
    monkeypatch.setattr(cli, "the_app", lambda: app)
    return CliRunner().invoke(cli.main, [str(word) for word in words])


def test_a_backup_comes_back(
    source: Flask, empty: Empty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(source, tmp_path / "bundle")
    file = tmp_path / "town.backup"
    made = run(source, monkeypatch, "backup", file, "--json")
    assert made.exit_code == 0, made.stderr
    document = json.loads(made.stdout)
    assert {one["name"]: one["rows"] for one in document["tables"]}["person"] == 3
    assert "The audit key is not in it" in made.stderr
    again = run(source, monkeypatch, "backup", file)
    assert (again.exit_code, "there already" in again.stderr) == (1, True)

    # Nothing is written to the database, nor a key made, before the archive is in it.
    target = empty("sqlite")
    restored = run(target, monkeypatch, "restore", file)
    assert restored.exit_code == 0, restored.stderr
    assert f"Restored {document['rows']:,} rows" in restored.stdout
    after = document["audit"]["seq"]
    assert without_the_tail(tables(target), after) == without_the_tail(tables(source), after)
    assert run(target, monkeypatch, "audit", "verify").exit_code == 0
    full = run(target, monkeypatch, "restore", file)
    assert (full.exit_code, "--replace" in full.stderr) == (1, True)
    assert run(target, monkeypatch, "restore", file, "--replace").exit_code == 0


def test_what_is_no_backup_exits_1_and_what_is_not_there_2(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "words").write_text("words")
    refused = run(app, monkeypatch, "restore", tmp_path / "words")
    assert (refused.exit_code, "is no backup" in refused.stderr) == (1, True)
    assert run(app, monkeypatch, "restore", tmp_path / "nothing").exit_code == 2
    assert run(app, monkeypatch, "backup").exit_code == 2
