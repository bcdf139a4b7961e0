"""What kept facts are made of: settings, the day, the program; and that they may be dropped, and checked."""

import json

import pytest
import time_machine
from click.testing import CliRunner, Result
from flask import current_app
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from outcomes import cli
from outcomes.care.contracts import Contract, ContractSetting
from outcomes.core.transaction import transaction
from outcomes.frameworks.kept import keeper
from outcomes.frameworks.kept.tables import FactSet, UnitFact
from outcomes.kit.reading.view import raw_of
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.measures.buckets import Bucket
from tests.builders import TESTS
from tests.frameworks.keeping import afresh, count, kept
from tests.frameworks.random_writes import RandomWrites


def test_a_setting_makes_them_anew(demo: Session) -> None:
    before = kept(demo)
    setting = demo.scalars(select(ContractSetting).where(ContractSetting.setting == "tool")).first()
    assert setting is not None
    contract = demo.get(Contract, setting.contract_id)
    raw = raw_of(setting) | {"contract_id": contract, "value": "another_tool"}
    with transaction():
        writer.correct(
            setting,
            check(ContractSetting, raw, with_owner=True),
            revision=setting.revision,
            reason="a test",
            by=TESTS,
        )
    assert kept(demo) == afresh(demo) != before


def test_a_measure_that_asks_for_today_is_made_anew_each_day(demo: Session) -> None:
    for day in ("2026-11-23", "2026-12-31", "2027-01-01"):
        with time_machine.travel(f"{day} 12:00 +0000", tick=False):
            assert kept(demo) == afresh(demo)


def test_facts_of_another_program_are_not_shown(demo: Session) -> None:
    right = kept(demo, members=True)
    with transaction() as session:
        for row in session.scalars(select(FactSet)):
            row.made_of, row.tallies = "0" * 64, []
    assert kept(demo, members=True) == right


def test_what_is_kept_may_be_dropped_at_any_time(demo: Session) -> None:
    right = kept(demo, members=True)
    with transaction() as session:
        session.execute(text("DELETE FROM unit_fact"))
        session.execute(text("DELETE FROM fact_set"))
    assert kept(demo, members=True) == right


def test_with_too_many_children_changed_a_set_is_made_anew(
    demo: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("MOST_PEOPLE", "MOST_ASKED"):
        kept(demo)
        monkeypatch.setattr(keeper, limit, 0)
        RandomWrites(5).write(3)
        assert kept(demo) == afresh(demo)


def test_the_command_checks_and_drops_them(demo: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    monkeypatch.setattr(cli, "the_app", lambda: app)
    kept(demo)
    there = {"sets": count(FactSet), "facts": count(UnitFact)}
    assert json.loads(facts("--json").stdout) == there
    assert "what the records say" in facts("--check").stdout
    with transaction() as session:
        wrong = session.scalars(select(UnitFact).where(UnitFact.bucket == int(Bucket.MET))).first()
        assert wrong is not None
        wrong.bucket = int(Bucket.NOT_MET)
    found = facts("--check")
    assert found.exit_code == 1 and "is not what the records say" in found.stderr
    assert facts("--drop").exit_code == 0
    assert json.loads(facts("--json").stdout) == {"sets": 0, "facts": 0}
    assert kept(demo) == afresh(demo)
    assert facts("--check", "--drop").exit_code == 2


def facts(*words: str) -> Result:
    return CliRunner().invoke(cli.main, ["measures", "facts", *words])


def test_tallies_are_json(demo: Session) -> None:
    kept(demo)
    assert json.dumps(demo.scalars(select(FactSet.tallies)).all())
