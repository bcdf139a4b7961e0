"""What an import refuses, and that nothing of it is kept then, on both databases.

The single faults of a bundle are in `broken/`.
"""

from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outcomes.care.organisations import Organisation
from outcomes.care.people import Person
from outcomes.core import transaction as transactions
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.core.transaction import transaction
from outcomes.kit.bundle import writing
from outcomes.kit.bundle.lookup import StagedLookup
from outcomes.kit.declaring.record import KINDS
from outcomes.kit.writing import writer
from outcomes.kit.writing.proposing import DatabaseLookup, propose
from outcomes.kit.writing.schema import check
from outcomes.kit.writing.states import Origin
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.plans import Goal, GoalReview
from outcomes.records.sessions import KeyworkerSession
from tests.builders import World
from tests.kit.bundle.folders import BY, Bundle, counts
from tests.kit.bundle.kept import by_reference, rows


def test_a_dry_run_keeps_nothing(in_any_app: World, bundle: Bundle) -> None:
    result = bundle.load(dry_run=True)
    assert not result.is_refused
    assert not result.kept
    assert counts(result) == (31, 0, 0)
    assert rows() == 0


def test_one_fault_refuses_all(in_any_app: World, bundle: Bundle) -> None:
    bundle.replace("health_check.csv", "2024-07-30", "2024-07-31").add(
        "health_check.csv", "H2,NOBODY,dental,,,,,,"
    )
    result = bundle.load()
    assert result.is_refused
    assert not result.kept
    assert rows() == 0
    assert db.session.scalar(select(func.count()).select_from(RecordVersion)) == 0


class Stopped(Exception):
    """What a power cut is to this test."""


def test_a_stop_in_the_middle_of_writing_leaves_nothing(
    in_any_app: World, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(session: Session) -> None:
        assert session.scalar(select(func.count()).select_from(Person)) == 2
        raise Stopped

    monkeypatch.setattr(transactions, "_before_commit", [stop, *transactions._before_commit])
    with pytest.raises(Stopped):
        bundle.load()
    assert rows() == 0
    monkeypatch.undo()
    bundle.must_load()


def test_what_changes_while_the_bundle_is_read_refuses_it(
    in_any_app: World, bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle.must_load()
    later = Bundle(tmp_path / "later", empty=True).write(
        "goal_review.csv", "goal_review_id,goal_id,reviewed_on,judgement", "GR9,G1,2024-12-01,improved"
    )

    def withdraw_meanwhile(doing: str, done: int, of: int) -> None:
        if doing == "Reading" and done == of:
            goal = by_reference(Goal, "G1")
            if goal.stands:
                with transaction():
                    writer.withdraw(goal, revision=goal.revision, reason="wrong child", by=BY)

    result = writing.import_bundle(later.folder, progress=withdraw_meanwhile, by=BY)
    assert not result.kept
    assert "Import the bundle again" in result.faults.found[0].message
    assert db.session.scalar(select(func.count()).select_from(GoalReview)) == 1


def test_the_last_word_of_the_database_is_a_fault_and_no_traceback(
    in_any_app: World, bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the last look and the write somebody else may have taken the reference."""
    bundle.must_load()
    later = Bundle(tmp_path / "later", empty=True).write(
        "contact.csv", "contact_id,person_id,name", "CT2,A,Rowan"
    )

    def taken_since(lookup: StagedLookup, session: Session) -> None:
        session.execute(update(KINDS["contact"]).values(sender_reference="CT2"))

    monkeypatch.setattr(StagedLookup, "changed", taken_since)
    result = later.load()
    assert not result.kept
    assert "Import the bundle again" in result.faults.found[0].message
    assert by_reference(KINDS["contact"], "CT1").name == "Hazel Brook"  # type: ignore[attr-defined]


def test_a_record_that_was_withdrawn_is_not_brought_back(in_any_app: World, bundle: Bundle) -> None:
    bundle.must_load()
    session = by_reference(KeyworkerSession, "KS2")
    with transaction():
        writer.withdraw(session, revision=session.revision, reason="wrong child", by=BY)
    result = bundle.load()
    (fault,) = result.faults.found
    assert (fault.file, fault.row, fault.column, fault.value) == (
        "keyworker_session.csv",
        3,
        "session_id",
        "KS2",
    )
    assert "was withdrawn" in fault.message
    assert "new reference" in fault.message


def test_a_record_never_moves_to_another_child(in_any_app: World, bundle: Bundle) -> None:
    bundle.must_load()
    bundle.replace("health_check.csv", "H1,A,", "H1,B,").replace("contact.csv", "CT1,A,", "CT1,B,")
    found = bundle.load().faults.found
    assert [(fault.file, fault.row, fault.column, fault.value) for fault in found] == [
        ("contact.csv", 2, "person_id", "B"),
        ("health_check.csv", 2, "person_id", "B"),
    ]
    assert "new reference" in found[0].message


def test_a_review_of_a_faulty_goal_is_not_said_to_have_moved(in_app: World, bundle: Bundle) -> None:
    bundle.must_load()
    bundle.replace("goal.csv", ",open,,", ",finished,,")
    (fault,) = bundle.load().faults.found
    assert (fault.file, fault.column) == ("goal.csv", "status")


def test_two_names_of_one_record_are_one_too_many(in_any_app: World, bundle: Bundle) -> None:
    bundle.must_load()
    child = by_reference(Person, "A")
    bundle.add("person.csv", f"{child.public_id},child,Ash,,,2012-03-14,,,,,,,,")
    (fault,) = bundle.load().faults.found
    assert (fault.file, fault.row, fault.column) == ("person.csv", 4, "person_id")
    assert "same record as row 2" in fault.message


@pytest.mark.parametrize("sender", ["", " main", "x" * 41, "a\nb"])
def test_an_impossible_source_is_refused(in_app: World, bundle: Bundle, sender: str) -> None:
    with pytest.raises(Invalid, match="at most 40"):
        bundle.load(sender=sender)


def test_the_batch_form_refuses_what_breaks_a_constraint(in_any_app: World) -> None:
    """The batch goes through the same database rules as everything else."""
    organisation = check(Organisation, {"name": "Alder", "kind": "provider"}, with_owner=True)
    from_sender = Origin("main", "X")
    proposal = propose(organisation, DatabaseLookup(db.session()))
    with pytest.raises(IntegrityError), transaction():
        writer.record_many([(proposal, from_sender), (proposal, from_sender)], reason="", by=BY)
