"""`outcomes import` and `outcomes export` as people and programs run them."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from outcomes import cli
from outcomes.access.bind import system_scope
from outcomes.accounts.manage import create_account
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.kit.writing.versions import RecordVersion
from tests.kit.bundle.folders import Bundle
from tests.kit.bundle.workbooks import workbook_of

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the test's database."""
    monkeypatch.setattr(cli, "the_app", lambda: app)
    return lambda *words: CliRunner().invoke(cli.main, [str(word) for word in words])


def broken(bundle: Bundle) -> Path:
    return bundle.replace("person.csv", "2012-03-14", "=1+1").folder


def document(result: Result) -> Any:
    return json.loads(result.stdout)


def test_import_says_what_became_of_every_file(run: Run, bundle: Bundle) -> None:
    result = run("import", bundle.folder)
    assert result.exit_code == 0
    assert "Imported: 31 new, 0 corrected, 0 already there." in result.stdout
    assert "placement.csv" in result.stdout
    assert "Writing …" in result.stderr


def test_a_refused_bundle_exits_1_and_lists_the_faults(run: Run, bundle: Bundle, tmp_path: Path) -> None:
    result = run("import", broken(bundle), "--report", tmp_path / "faults.csv")
    assert result.exit_code == 1
    heading, fault = (line.split(maxsplit=4) for line in result.stdout.splitlines())
    assert heading[:4] == ["File", "Row", "Column", "Value"]
    assert fault[:4] == ["person.csv", "2", "date_of_birth", "=1+1"]
    assert "Refused: 1 fault. Nothing was kept." in result.stderr
    with (tmp_path / "faults.csv").open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["sort"], row["file"], row["row"], row["column"]) == (
        "fault",
        "person.csv",
        "2",
        "date_of_birth",
    )
    # The value is somebody else's: it must not run where the report is opened.
    assert row["value"] == "'=1+1"


def test_json_is_one_document_and_nothing_else(run: Run, bundle: Bundle) -> None:
    kept = run("import", bundle.folder, "--json", "--source", "north")
    assert kept.exit_code == 0
    assert document(kept)["kept"] is True
    assert document(kept)["source"] == "north"
    assert {file["file"]: file["new"] for file in document(kept)["files"]}["person.csv"] == 2
    refused = run("import", broken(bundle), "--json")
    assert refused.exit_code == 1
    (fault,) = document(refused)["faults"]
    assert (fault["file"], fault["row"], fault["column"], fault["value"]) == (
        "person.csv",
        2,
        "date_of_birth",
        "=1+1",
    )


def test_a_dry_run_says_what_would_be_and_keeps_nothing(run: Run, bundle: Bundle) -> None:
    for _ in range(2):
        result = run("import", bundle.folder, "--dry-run")
        assert result.exit_code == 0
        assert "31 new, 0 corrected, 0 already there. Nothing was kept." in result.stdout


def test_the_author_stands_under_every_record(run: Run, app: Flask, bundle: Bundle) -> None:
    with app.app_context(), transaction() as session:
        create_account(session, email="robin@example.org", name="Robin Vale")
    assert run("import", bundle.folder, "--by", "robin@example.org").exit_code == 0
    with app.app_context(), system_scope("a test"):
        assert set(db.session.scalars(select(RecordVersion.author_name))) == {"Robin Vale"}


def test_an_unknown_author_is_refused(run: Run, bundle: Bundle) -> None:
    result = run("import", bundle.folder, "--by", "nobody@example.org")
    assert result.exit_code == 1
    assert "There is no account" in result.stderr


def test_warnings_are_told_and_refuse_nothing(run: Run, bundle: Bundle) -> None:
    bundle.replace("missing_episode.csv", "2024-10-05T21:30", "2023-10-29T01:30")
    result = run("import", bundle.folder)
    assert result.exit_code == 0
    assert "Warnings:" in result.stdout
    assert "showed this time twice" in result.stdout


def test_a_workbook_is_imported_like_a_folder(run: Run, bundle: Bundle, tmp_path: Path) -> None:
    book = workbook_of(bundle.folder, tmp_path / "small.xlsx")
    assert "Imported: 31 new" in run("import", book).stdout
    workbook_of(broken(bundle), book)
    refused = run("import", book, "--json", "--report", tmp_path / "faults.csv")
    assert refused.exit_code == 1
    (fault,) = document(refused)["faults"]
    assert (fault["file"], fault["row"], fault["column"]) == ("person", 2, "date_of_birth")
    assert '"fault","person","2","date_of_birth"' in (tmp_path / "faults.csv").read_text(encoding="utf-8-sig")


def test_a_template_is_written_once_and_can_be_sent_back(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "blank.xlsx"
    made = run("import", "--template", file, "reading", "contact")
    assert made.exit_code == 0
    assert "contact, reading and reading_score" in made.stdout
    assert run("import", file).exit_code == 0
    before = file.read_bytes()
    again = run("import", "--template", file)
    assert (again.exit_code, "there already" in again.stderr) == (1, True)
    assert file.read_bytes() == before
    unknown = run("import", "--template", tmp_path / "x.xlsx", "shoe")
    assert (unknown.exit_code, "no kind 'shoe'" in unknown.stderr) == (1, True)
    assert not (tmp_path / "x.xlsx").exists()
    assert run("import", "--template", tmp_path / "x.csv").exit_code == 1
    told = document(run("import", "--template", tmp_path / "all.xlsx", "--json"))
    assert len(told["sheets"]) > 20


def test_wrong_usage_exits_2(run: Run, tmp_path: Path) -> None:
    assert run("import").exit_code == 2
    assert run("import", tmp_path / "not-there").exit_code == 2
    assert run("import", tmp_path, tmp_path).exit_code == 2
    assert run("export").exit_code == 2
    assert run("import", tmp_path, "--sauce", "x").exit_code == 2


def test_export_and_import_again_finds_everything_there(run: Run, bundle: Bundle, tmp_path: Path) -> None:
    run("import", bundle.folder)
    out = run("export", tmp_path / "out", "--json")
    assert out.exit_code == 0
    assert {file["file"]: file["rows"] for file in document(out)["files"]}["reading_score.csv"] == 3
    again = run("import", tmp_path / "out", "--json")
    assert {file["new"] for file in document(again)["files"]} == {0}
    assert {file["corrected"] for file in document(again)["files"]} == {0}


def test_an_export_that_cannot_be_exits_1(run: Run, bundle: Bundle, tmp_path: Path) -> None:
    assert run("export", tmp_path / "out").exit_code == 1
    run("import", bundle.folder)
    refused = run("export", tmp_path / "out", "--contract", "C9")
    assert refused.exit_code == 1
    assert "there is no contract 'C9'" in refused.stderr
    full = run("export", bundle.folder)
    assert full.exit_code == 1
    assert "not empty" in full.stderr
