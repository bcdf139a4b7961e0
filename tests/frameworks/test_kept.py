"""Kept facts: the same as working everything out anew, whatever is written, and with little work."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from outcomes.care.contracts import Contract
from outcomes.care.placements import Placement
from outcomes.core.transaction import transaction
from outcomes.frameworks.kept import keeper
from outcomes.frameworks.kept.tables import FactSet, UnitFact
from outcomes.frameworks.sources import Need
from outcomes.kit.writing import changes, states, writer
from outcomes.records.key_session import KeyworkerSession
from tests.builders import TESTS, World
from tests.frameworks.keeping import afresh, count, kept, stamps
from tests.frameworks.random_writes import RandomWrites


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
