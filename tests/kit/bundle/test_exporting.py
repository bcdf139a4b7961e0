"""What an export holds, and that an import of it gives the same record again."""

import csv
import hashlib
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from outcomes.access.bind import system_scope
from outcomes.audit.entry import AuditEntry
from outcomes.care.organisations import Organisation
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.core.transaction import transaction
from outcomes.kit.bundle import exporting
from outcomes.kit.bundle.exporting import Exported, export_bundle
from outcomes.kit.bundle.writing import Result, import_bundle
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.writing import writer
from outcomes.records.plans import Goal
from tests.builders import World
from tests.kit.bundle.conftest import Elsewhere
from tests.kit.bundle.folders import BY, Bundle, counts
from tests.kit.test_every_kind import every_kind, sample


def export(folder: Path, contract: str | None = None, sender: str = "main") -> Exported:
    return export_bundle(folder, contract=contract, sender=sender, by=BY)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_export_import_export_is_the_same_to_the_byte(
    any_app: Flask, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    first, second, third = tmp_path / "first", tmp_path / "second", tmp_path / "third"
    with any_app.app_context(), system_scope("a test"):
        Bundle(tmp_path / "bundle").must_load()
        result = export(first)
        assert counts(load(first)) == (0, 0, 31)
        assert export(second).files == result.files
    assert contents(first) == contents(second)
    assert {path.name for path in first.iterdir()} == {path.name for path in (tmp_path / "bundle").iterdir()}
    with elsewhere():
        assert counts(load(first)) == (31, 0, 0)
        export(third)
    assert contents(first) == contents(third)


def load(folder: Path) -> Result:
    result = import_bundle(folder, by=BY)
    assert not result.faults.found, result.faults.found[:5]
    return result


@every_kind
def test_every_kind_comes_back_as_it_went(
    kind: type[Record], in_any_app: World, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    made = in_any_app.record(kind, **sample(kind, in_any_app))
    names = ("given_name", "name", "wording", "title", "child_words")
    awkward = next((name for name in names if name in kind.asked_fields()), None)
    if awkward:
        with transaction() as session:
            row = session.get_one(kind, made.id)
            setattr(row, awkward, "'=1+1, “é”, |a| -2")
    export(tmp_path / "first")
    cells = table(tmp_path / "first", kind.kind_name())
    with elsewhere():
        load(tmp_path / "first")
        found = db.session.scalars(select(kind).where(kind.standing()).order_by(kind.id)).all()[-1]
        if awkward:
            assert getattr(found, awkward) == "'=1+1, “é”, |a| -2"
        export(tmp_path / "second")
    assert contents(tmp_path / "first") == contents(tmp_path / "second")
    assert len(cells) >= 1


def test_a_reference_stands_where_the_sender_gave_one_and_a_public_identifier_elsewhere(
    in_any_app: World, tmp_path: Path
) -> None:
    Bundle(tmp_path / "bundle").must_load()
    child = in_any_app.child("Jay")
    export(tmp_path / "out")
    assert [row["person_id"] for row in table(tmp_path / "out", "person")] == ["A", "B", child.public_id]
    export(tmp_path / "theirs", sender="other")
    assert "A" not in [row["person_id"] for row in table(tmp_path / "theirs", "person")]


def test_import_into_the_same_database_finds_everything_there(in_any_app: World, tmp_path: Path) -> None:
    child, home = in_any_app.child("Jay"), in_any_app.home()
    in_any_app.placed(child, home, "2025-04-01")
    export(tmp_path / "out")
    assert counts(load(tmp_path / "out")) == (0, 0, 4)


FORMULAS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+44 20 7946 0000",
    "-2+3",
    "@SUM(A1)",
    "'=1+1",
    "''=1+1",
    "＝1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "- went out\n- came back",
    "%0A=1",
    "|calc",
)


@pytest.mark.parametrize("words", FORMULAS)
def test_no_cell_is_live_and_every_cell_comes_back(
    words: str, in_app: World, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    child = in_app.child("Jay")
    in_app.record(
        Goal, person_id=child, area="independence", wording=words, set_on="2025-01-01", status="open"
    )
    stored = db.session.scalars(select(Goal.wording)).one()
    export(tmp_path / "out")
    (row,) = table(tmp_path / "out", "goal")
    assert row["wording"].startswith("'")
    assert counts(load(tmp_path / "out"))[1] == 0
    with elsewhere():
        load(tmp_path / "out")
        assert db.session.scalars(select(Goal.wording)).one() == stored


def test_a_formula_that_a_sender_wrote_stays_text(in_app: World, tmp_path: Path) -> None:
    Bundle(tmp_path / "bundle").must_load()
    assert db.session.scalars(select(Goal.child_words)).one() == "=I can cook"


def test_numbers_stay_numbers(in_app: World, tmp_path: Path) -> None:
    in_app.instrument("below_zero", scale_min=-3, scale_max=3)
    export(tmp_path / "out")
    assert table(tmp_path / "out", "instrument")[0]["scale_min"] == "-3"


def test_what_is_withdrawn_stays_behind_with_what_hangs_on_it(
    in_any_app: World, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    Bundle(tmp_path / "bundle").must_load()
    goal = db.session.scalars(select(Goal)).one()
    with transaction():
        writer.withdraw(goal, revision=goal.revision, reason="wrong child", by=BY)
    result = export(tmp_path / "out")
    written = {file.file: (file.rows, file.left_out) for file in result.files}
    assert "goal.csv" not in written
    # Its review stands, but an import could not tell which goal it is about.
    assert written["goal_review.csv"] == (0, 1)
    with elsewhere():
        load(tmp_path / "out")


def test_a_link_to_something_withdrawn_is_left_blank_where_it_may_be(
    in_any_app: World, tmp_path: Path
) -> None:
    Bundle(tmp_path / "bundle").must_load()
    session = db.session.scalars(
        select(KINDS["keyworker_session"]).where(KINDS["keyworker_session"].sender_reference == "KS1")
    ).one()
    with transaction():
        writer.withdraw(session, revision=session.revision, reason="wrong child", by=BY)
    export(tmp_path / "out")
    (review,) = table(tmp_path / "out", "goal_review")
    assert (review["goal_id"], review["session_id"]) == ("G1", "")


def test_a_contracts_export_holds_its_children_whole_and_no_other_child(
    in_any_app: World, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    Bundle(tmp_path / "bundle").must_load()
    export(tmp_path / "out", contract="C1")
    assert [row["person_id"] for row in table(tmp_path / "out", "person")] == ["A"]
    # Her earlier stay under another contract too, and that contract, which it names.
    assert [row["placement_id"] for row in table(tmp_path / "out", "placement")] == ["P1", "P2"]
    assert [row["contract_id"] for row in table(tmp_path / "out", "contract")] == ["C1", "C2"]
    # Targets and settings of this contract only.
    assert [row["target_id"] for row in table(tmp_path / "out", "measure_target")] == ["T1"]
    assert not (tmp_path / "out" / "contract_setting.csv").exists()
    assert {row["reading_id"] for row in table(tmp_path / "out", "reading")} == {"R1", "R2"}
    assert len(table(tmp_path / "out", "instrument")) == 1
    with elsewhere():
        load(tmp_path / "out")


def test_a_contract_that_is_not_there_is_refused(in_app: World, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="there is no contract 'C9'"):
        export(tmp_path / "out", contract="C9")
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_in_it_is_left_alone(in_app: World, tmp_path: Path) -> None:
    in_app.organisation("Alder")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(Invalid, match="not empty"):
        export(tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_an_empty_record_gives_no_folder(in_app: World, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no record to export"):
        export(tmp_path / "out")
    assert list(tmp_path.glob("*out*")) == []


def test_a_stop_half_way_leaves_no_folder(
    in_app: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_app.organisation("Alder")

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(exporting._File, "close", full)
    with pytest.raises(OSError, match="No space"):
        export(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []


def test_nobody_else_may_read_it_and_the_audit_knows_what_left(in_any_app: World, tmp_path: Path) -> None:
    Bundle(tmp_path / "bundle").must_load()
    result = export(tmp_path / "out", contract="C1")
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "bundle:export")).all()
    assert {(entry.kind, entry.count) for entry in entries} == {
        (Path(file.file).stem, file.rows) for file in result.files
    }
    assert all("of contract C1" in entry.reason for entry in entries)
    for file in result.files:
        content = (tmp_path / "out" / file.file).read_bytes()
        assert file.sha256 == hashlib.sha256(content).hexdigest()


def test_of_two_records_of_one_day_the_order_of_recording_is_kept(
    in_any_app: World, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    names = ["Zebra", "Alder", "Mere"]
    for name in names:
        in_any_app.organisation(name)
    export(tmp_path / "out")
    with elsewhere():
        load(tmp_path / "out")
        latest = select(Organisation.name).order_by(Organisation.recorded_at, Organisation.id)
        assert list(db.session.scalars(latest)) == names
