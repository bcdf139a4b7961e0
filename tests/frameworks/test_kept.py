"""Kept facts: the same as working everything out anew, whatever is written, and whoever is faster."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner, Result
from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from outcomes import cli
from outcomes.access.bind import system_scope
from outcomes.care.contracts import Contract, ContractSetting
from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.periods import containing
from outcomes.core.transaction import transaction
from outcomes.frameworks.contracts import all_contracts
from outcomes.frameworks.figures import Asked
from outcomes.frameworks.kept import commands, keeper
from outcomes.frameworks.kept.keeper import Kept
from outcomes.frameworks.kept.sets import Wanted
from outcomes.frameworks.kept.tables import FactSet, UnitFact
from outcomes.frameworks.packs import cards, framework_of
from outcomes.frameworks.sources import Live, Need, Source
from outcomes.kit.reading.view import raw_of
from outcomes.kit.writing import changes, states, writer
from outcomes.kit.writing.schema import check
from outcomes.measures.buckets import Bucket
from outcomes.records.key_session import KeyworkerSession
from tests.builders import TESTS, World
from tests.demo.loading import SMALL, load
from tests.frameworks.random_writes import RandomWrites

DAY = "2026-11-22 12:00 +0000"


@pytest.fixture
def demo(in_any_app: World) -> Iterator[Session]:
    """A small provider with two contracts, on a day in the middle of a quarter."""
    with time_machine.travel(DAY, tick=False):
        load(SMALL)
        yield db.session()


def asked(source: Source, **more: Any) -> list[Asked]:
    """Every measure of both packs, each for its own contracts."""
    found = []
    for framework in ("newham_ifa", "hackney_homes"):
        contracts = [
            one.contract_id for one in all_contracts(source.connection) if one.framework == framework
        ]
        measures = [measure for measure in cards() if framework_of(measure) == framework]
        period = containing(today(), "quarter")
        found.append(Asked(measures, contracts, period, **{"periods": 2, **more}))
    return found


def told(source: Source, **more: Any) -> list[Any]:
    """Everything that figures say, down to what each child's place in them rests on."""
    return [figure for one in asked(source, **more) for figure in commands.told(source, one)]


def kept(session: Session, **more: Any) -> list[Any]:
    return told(Kept(session), **more)


def afresh(session: Session, **more: Any) -> list[Any]:
    return told(Live(session.connection()), **more)


def count(kind: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def stamps() -> dict[int, int]:
    return {row.id: row.made_from for row in db.session.scalars(select(FactSet))}


# -- the same as anew ----------------------------------------------------------------------------


def test_after_any_writes_kept_facts_are_what_is_worked_out_anew(demo: Session) -> None:
    every = {"split": True, "members": True}
    kept(demo, **every)
    writes = RandomWrites(1)
    for _round in range(8):
        writes.write(4)
        assert kept(demo, **every) == afresh(demo, **every), writes.done
    assert kept(demo, split=True) == afresh(demo, split=True), "added up in the database, too"
    assert len({done.split()[1] for done in writes.done}) > 8, "writes of many kinds"


def test_a_write_that_nobody_noted_would_be_noticed(demo: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(demo)
    monkeypatch.setattr(states, "changed", lambda *_given: None)
    writes = RandomWrites(1)
    with pytest.raises(AssertionError):
        for _round in range(6):
            writes.write(5)
            assert kept(demo) == afresh(demo)


def test_a_second_look_works_nothing_out(demo: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kept(demo, split=True, members=True)
    sets, facts = count(FactSet), count(UnitFact)
    assert sets and facts

    def never(*_given: Any) -> Any:
        raise AssertionError("nothing has changed")

    monkeypatch.setattr(keeper, "facts_of", never)
    assert kept(demo, split=True, members=True) == first
    assert (count(FactSet), count(UnitFact)) == (sets, facts)


def test_measures_that_ask_for_the_same_set_make_it_once(
    demo: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every count asks who was placed where: at the first look, and when a placement was changed."""
    asked_for: list[Any] = []
    worked_out = keeper.facts_of

    def noted(connection: Any, need: Need, run: Any) -> Any:
        if need.presence:
            asked_for.append((tuple(run.contracts), tuple(run.periods)))
        return worked_out(connection, need, run)

    monkeypatch.setattr(keeper, "facts_of", noted)
    kept(demo)
    homes = select(Contract.id).where(Contract.framework == "hackney_homes")
    placed = demo.scalars(select(Placement).where(Placement.contract_id.in_(homes))).first()
    assert placed is not None and asked_for and len(asked_for) == len(set(asked_for))
    asked_for.clear()
    with transaction():
        writer.withdraw(placed, revision=placed.revision, reason="a test", by=TESTS)
    assert kept(demo) == afresh(demo)
    assert asked_for and len(asked_for) == len(set(asked_for))


def test_only_the_children_concerned_are_worked_out_again(
    demo: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(demo)
    before = stamps()
    session = demo.scalars(
        select(KeyworkerSession)
        .where(KeyworkerSession.withdrawn_at.is_(None))
        .order_by(KeyworkerSession.id.desc())
    ).first()
    assert session is not None
    person = session.person_id
    with transaction():
        writer.withdraw(session, revision=session.revision, reason="a test", by=TESTS)
    runs = []
    worked_out = keeper.facts_of

    def noted(connection: Any, need: Need, run: Any) -> Any:
        runs.append((need.plan.card.measure, run.only_people))
        return worked_out(connection, need, run)

    monkeypatch.setattr(keeper, "facts_of", noted)
    assert kept(demo) == afresh(demo)
    assert runs and {people for _measure, people in map(_frozen, runs)} == {(person,)}
    reading = {measure for measure, _people in runs}
    assert reading == {"hackney_homes.3.1-M1", "hackney_homes.3.1-M2"}, "the others read no sessions"
    changed = {key for key, stamp in stamps().items() if before[key] != stamp}
    assert 0 < len(changed) < len(before) / 2


def _frozen(run: tuple[str, Sequence[int]]) -> tuple[str, tuple[int, ...]]:
    return run[0], tuple(run[1])


def test_what_changes_for_strangers_changes_nothing(demo: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(demo)
    before = stamps()
    world = World()
    stranger = world.child()
    world.placed(stranger, world.home(provider=world.organisation("Somebody Else")), "2026-10-01")
    monkeypatch.setattr(keeper, "facts_of", lambda *_given: pytest.fail("a stranger moved a figure"))
    kept(demo)
    assert stamps() == before
    monkeypatch.setattr(keeper, "MANY_CHANGES", 0)
    kept(demo)
    assert set(stamps().values()) == {changes.last_number(demo)}, "brought forward, and not asked after again"


# -- what they are made of ------------------------------------------------------------------------


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


# -- somebody else is faster ----------------------------------------------------------------------


class Overtaken(Kept):
    """A reader whom another one overtakes between working out and putting down."""

    def _worked_out(self, need: Need, wanted: Sequence[Wanted]) -> Any:
        found = super()._worked_out(need, wanted)
        with system_scope("a faster reader") as session:
            told(Kept(session), members=True)
        return found


@pytest.mark.parametrize("before", [False, True], ids=["nothing kept", "some of it stale"])
def test_two_readers_at_once_both_see_what_is_right(demo: Session, before: bool) -> None:
    if before:
        kept(demo, members=True)
        RandomWrites(3).write(4)
    right = afresh(demo, members=True)
    assert told(Overtaken(demo), members=True) == right
    assert kept(demo, members=True) == right
    twice = select(FactSet.measure).group_by(
        FactSet.measure, FactSet.contract_id, FactSet.period, FactSet.each_place
    )
    assert not demo.scalars(twice.having(func.count() > 1)).all()


def test_a_write_between_looking_and_putting_down_is_not_lost(demo: Session) -> None:
    kept(demo)
    RandomWrites(3).write(2)

    class Late(Kept):
        def _worked_out(self, need: Need, wanted: Sequence[Wanted]) -> Any:
            found = super()._worked_out(need, wanted)
            with system_scope("somebody writes"):
                World().child()
                RandomWrites(len(found)).write(1)
            return found

    told(Late(demo))
    assert kept(demo) == afresh(demo)


def test_numbers_are_given_in_the_order_of_the_commits(postgres_database: Any) -> None:
    """Who sees a number sees everything up to it: the second writer waits until the first is there."""
    app = postgres_database.empty()
    with app.app_context(), system_scope("a test"):
        world = World()
        with _numbered(world.child()) as first:
            refused: list[str] = []
            other = Thread(target=_write_in_a_hurry, args=(app, refused))
            other.start()
            other.join(20)
            assert refused == ["the first one has the clock"]
        assert changes.last_number(db.session()) == first


@contextmanager
def _numbered(child: Person) -> Iterator[int]:
    """Inside a transaction that has taken its number and not committed yet."""
    with transaction() as session:
        changes.changed(session, "person", [child.id])
        changes.number_changes(session)
        number = changes.last_number(session)
        yield number


def _write_in_a_hurry(app: Any, refused: list[str]) -> None:
    with app.app_context(), system_scope("a second writer"):
        try:
            with transaction() as session:
                session.execute(text("SET LOCAL lock_timeout = '300ms'"))
                changes.changed(session, "person", [1])
        except DBAPIError:
            refused.append("the first one has the clock")


def test_a_transaction_that_is_undone_leaves_no_number(in_any_app: World) -> None:
    child = in_any_app.child()
    number = changes.last_number(db.session())
    with pytest.raises(ZeroDivisionError), transaction() as session:
        changes.changed(session, "person", [child.id])
        raise ZeroDivisionError
    with transaction():
        pass
    assert changes.last_number(db.session()) == number


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
