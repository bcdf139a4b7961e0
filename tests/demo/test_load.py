"""Loading the demo: whole or not at all, into an empty database, signed and dated like real work."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from outcomes.access.bind import system_scope
from outcomes.accounts.account import Account
from outcomes.accounts.login import shared
from outcomes.accounts.manage import create_account
from outcomes.accounts.roles import Role
from outcomes.app import create_app
from outcomes.audit.entry import AuditEntry
from outcomes.core import clock, migrating
from outcomes.core.database import db
from outcomes.core.errors import Conflict
from outcomes.core.transaction import transaction
from outcomes.demo import is_demo
from outcomes.demo.accounts import DOMAIN
from outcomes.demo.commands import demo_group
from outcomes.demo.entry import entry
from outcomes.demo.loading import Loader
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.sessions import KeyworkerSession
from tests.builders import TESTS, World
from tests.databases import settings_for
from tests.demo.loading import SMALL, load


def count(kind: type[Record]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def test_every_kind_has_records_on_both_databases(in_any_app: World) -> None:
    loaded = load()
    for kind in KINDS:
        assert count(kind), kind.kind_name()
    written = sum(count(kind) for kind in KINDS)
    # Besides the entries: our own instruments, and the double entry that was withdrawn.
    assert written == loaded.records + count(KINDS["instrument"]) + 1


def test_every_row_has_its_version_and_the_audit_holds(in_app: World) -> None:
    load(SMALL)
    versions = db.session.scalar(
        select(func.count()).select_from(RecordVersion).where(RecordVersion.revision == 1)
    )
    assert versions == sum(count(kind) for kind in KINDS)
    assert db.session.scalar(select(AuditEntry.count).where(AuditEntry.action == "demo:load"))


def test_there_is_a_sign_in_for_every_role(in_app: World) -> None:
    loaded = load(SMALL)
    assert {one.role for one in loaded.sign_ins} == set(Role)
    assert len({one.password for one in loaded.sign_ins}) == len(loaded.sign_ins)
    for one in loaded.sign_ins:
        account = db.session.scalars(select(Account).where(Account.email == one.email)).one()
        assert one.email.endswith(f"@{DOMAIN}")
        assert shared().passwords.fits(account.password_hash, one.password)
        assert {grant.role for grant in account.grants} == {one.role.value}
        assert all(grant.in_force(clock.today()) for grant in account.grants)


def test_records_are_signed_by_who_wrote_them(in_app: World) -> None:
    load(SMALL)
    names = set(
        db.session.scalars(select(RecordVersion.author_name).where(RecordVersion.kind == "keyworker_session"))
    )
    assert len(names) > 1 and "the system" not in names
    with_account = (
        select(func.count()).select_from(KeyworkerSession).where(KeyworkerSession.author_id.is_not(None))
    )
    assert db.session.scalar(with_account)


def test_records_are_dated_like_real_work_and_some_are_late(in_app: World) -> None:
    load()
    late = [
        clock.london_date(one.recorded_at) - one.about_on
        for one in db.session.scalars(select(KeyworkerSession).where(KeyworkerSession.standing()))
        if one.about_on
    ]
    assert all(timedelta(0) <= lag <= timedelta(days=40) for lag in late)
    assert 0.01 < sum(lag >= timedelta(days=5) for lag in late) / len(late) < 0.1
    assert db.session.scalar(select(func.max(RecordVersion.recorded_at))) <= clock.now()


def test_a_version_is_dated_like_its_record(in_app: World) -> None:
    load(SMALL)
    for version in db.session.scalars(select(RecordVersion).where(RecordVersion.revision == 1)):
        row = db.session.get_one(KINDS[version.kind], version.record_id)
        assert abs(version.recorded_at - row.recorded_at) < timedelta(minutes=1)


def test_some_sessions_were_corrected_and_one_withdrawn(in_app: World) -> None:
    load(SMALL)
    acts = set(db.session.scalars(select(RecordVersion.act)))
    assert acts >= {"recorded", "corrected", "withdrawn"}
    assert count(KeyworkerSession) - 1 == db.session.scalar(
        select(func.count()).select_from(KeyworkerSession).where(KeyworkerSession.standing())
    )


def test_a_database_with_anything_in_it_is_refused(in_app: World) -> None:
    in_app.home("Elm House")
    with pytest.raises(Conflict, match=r"holds organisations.*DATABASE_URL"):
        load(SMALL)
    assert count(KINDS["person"]) == 0


def test_a_database_with_an_account_is_refused(in_app: World) -> None:
    with transaction() as session:
        create_account(session, email="somebody@example.org", name="Somebody")
    with pytest.raises(Conflict, match="holds accounts"):
        load(SMALL)


def test_a_second_load_is_refused_and_changes_nothing(in_app: World) -> None:
    load(SMALL)
    before = count(KeyworkerSession)
    with pytest.raises(Conflict, match="Nothing was written"):
        load(SMALL)
    assert count(KeyworkerSession) == before


def test_it_is_whole_or_not_there(in_app: World) -> None:
    """An entry that the schema refuses undoes everything before it."""
    good = entry("organisation", "council-1", name="Anywhere Council", kind="council")
    bad = entry("organisation", "council-2", kind="council")
    with (
        pytest.raises(AssertionError, match="organisation council-2 is refused: name"),
        transaction() as session,
    ):
        loader = Loader(session, 1, lambda _done: None, by=TESTS)
        loader.write([good], {})
        loader.write([bad], {})
    assert count(KINDS["organisation"]) == 0


def test_production_is_refused(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'live.sqlite'}"
    key = "a key that nobody guesses: 7Yq2-Lm9z-Xw4t"
    live = settings_for(
        tmp_path, database, OUTCOMES_ENV="production", SECRET_KEY=key, TRUSTED_HOSTS="example.org"
    )
    app = create_app(live)
    with app.app_context():
        migrating.upgrade()
        with system_scope("a test"), pytest.raises(Conflict, match="never loaded in production"):
            load(SMALL)


def test_only_a_demo_counts_as_one(in_app: World) -> None:
    with transaction() as session:
        create_account(session, email="administrator@example.org", name="Real Person")
    assert not is_demo(db.session())
    with transaction() as session:
        create_account(session, email=f"keyworker@{DOMAIN}", name="Invented Person")
    assert is_demo(db.session())


def test_the_command_prints_one_document(app: Flask) -> None:
    with app.app_context(), system_scope("a test"):
        ran = CliRunner().invoke(
            demo_group,
            ["load", "--children", "3", "--homes", "1", "--years", "1", "--json"],
            catch_exceptions=False,
        )
    assert ran.exit_code == 0
    told = json.loads(ran.stdout)
    assert {one["role"] for one in told["accounts"]} == {role.value for role in Role}
    assert all(one.keys() >= {"role", "email", "password"} for one in told["accounts"])
    assert told["contracts"] == ["northmere-fostering", "eastwick-homes", "northmere-homes"]
    assert len(told["periods"]) == 5
    assert "records" in ran.stderr


def test_the_command_prints_a_table(app: Flask) -> None:
    with app.app_context(), system_scope("a test"):
        ran = CliRunner().invoke(
            demo_group, ["load", "--children", "2", "--years", "1"], catch_exceptions=False
        )
    assert f"keyworker.homes@{DOMAIN}" in ran.stdout
    assert "Registered manager" in ran.stdout
    assert "keep these" in ran.stdout


@pytest.mark.parametrize("wrong", [["--children", "0"], ["--homes", "many"], ["--years", "11"]])
def test_wrong_usage_ends_with_2(app: Flask, wrong: list[str]) -> None:
    with app.app_context():
        assert CliRunner().invoke(demo_group, ["load", *wrong]).exit_code == 2


def test_a_database_without_tables_is_no_demo(tmp_path: Path) -> None:
    app = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'new.sqlite'}"))
    with app.app_context():
        assert not is_demo(db.session())


def test_a_demo_is_known_without_a_scope(app: Flask) -> None:
    with app.app_context(), system_scope("a test"):
        load(SMALL)
    with app.app_context():
        assert is_demo(db.session())
