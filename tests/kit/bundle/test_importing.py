"""What an import keeps, skips, corrects and refuses, on both databases."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from outcomes.audit.entry import AuditEntry
from outcomes.audit.verify import verify
from outcomes.care.organisations import Organisation
from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core import transaction as transactions
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.core.transaction import transaction
from outcomes.kit.bundle import writing
from outcomes.kit.bundle.lookup import StagedLookup
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.writing import writer
from outcomes.kit.writing.proposing import DatabaseLookup, propose
from outcomes.kit.writing.schema import check
from outcomes.kit.writing.states import Origin
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.instrument_files import load_seed_instruments
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Goal, GoalReview
from outcomes.records.readings import Reading, ReadingScore
from outcomes.records.sessions import KeyworkerSession
from tests.builders import World
from tests.kit.bundle.folders import BY, Bundle, counts


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return Bundle(tmp_path / "bundle")


def by_reference(kind: type[Record], reference: str, sender: str = "main") -> Record:
    found = db.session.scalars(
        select(kind).where(kind.sender == sender, kind.sender_reference == reference)
    ).one()
    db.session.refresh(found)
    return found


def rows() -> int:
    """Every record in the database."""
    return sum(db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in KINDS)


def versions_of(record: Record) -> list[RecordVersion]:
    return list(
        db.session.scalars(
            select(RecordVersion)
            .where(RecordVersion.kind == record.kind_name(), RecordVersion.record_id == record.id)
            .order_by(RecordVersion.revision)
        )
    )


def test_a_whole_bundle_is_kept_with_its_links_parts_versions_and_audit(
    in_any_app: World, bundle: Bundle
) -> None:
    result = bundle.must_load()

    assert counts(result) == (31, 0, 0)
    assert rows() == 31
    review = by_reference(GoalReview, "GR1")
    goal, session = by_reference(Goal, "G1"), by_reference(KeyworkerSession, "KS1")
    assert (review.goal_id, review.session_id, review.person_id) == (goal.id, session.id, goal.person_id)
    assert goal.child_words == "=I can cook"
    assert by_reference(Person, "B").date_of_birth == date(2012, 2, 29)
    # A session of 3 September belongs to the stay of that day.
    assert session.placement_id == by_reference(Placement, "P1").id
    scores = db.session.scalars(
        select(ReadingScore)
        .where(ReadingScore.reading_id == by_reference(Reading, "R1").id)
        .order_by(ReadingScore.id)
    ).all()
    assert [(s.area, s.score, s.not_age_appropriate) for s in scores] == [
        ("cooking", Decimal(1), None),
        ("cleaning", None, True),
    ]
    assert db.session.scalar(select(func.count()).select_from(RecordVersion)) == 31
    assert [v.act for v in versions_of(goal)] == ["recorded"]
    assert len(versions_of(by_reference(Reading, "R1"))[0].content["scores"]) == 2

    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "bundle:import")).all()
    assert {(entry.kind, entry.count) for entry in entries} == {
        (Path(file.file).stem, file.rows) for file in result.files
    }
    assert all(len(file.sha256) == 64 for file in result.files)
    assert {entry.reason for entry in entries} == {f"from main, sha256 {f.sha256}" for f in result.files}
    assert verify().ok


def test_what_is_stamped_at_the_form_is_stamped_here_with_the_contracts_setting(
    in_any_app: World, bundle: Bundle
) -> None:
    bundle.must_load()
    episode = by_reference(MissingEpisode, "M1")
    assert (episode.return_interview_due_at - episode.ended_at).total_seconds() == 48 * 3600


def test_the_same_bundle_again_changes_nothing(in_any_app: World, bundle: Bundle) -> None:
    bundle.must_load()
    before = db.session.scalar(select(func.count()).select_from(RecordVersion))
    assert counts(bundle.must_load()) == (0, 0, 31)
    assert db.session.scalar(select(func.count()).select_from(RecordVersion)) == before


def test_a_changed_row_is_a_correction_with_its_version(in_any_app: World, bundle: Bundle) -> None:
    bundle.must_load()
    bundle.replace("goal.csv", "Cook a meal for two", "Cook a meal for three")
    assert counts(bundle.must_load()) == (0, 1, 30)
    goal = by_reference(Goal, "G1")
    assert (goal.wording, goal.revision) == ("Cook a meal for three", 2)
    assert [(v.act, v.reason) for v in versions_of(goal)] == [("recorded", None), ("corrected", "import")]


def test_a_scale_that_readings_were_taken_with_is_not_corrected(in_any_app: World, bundle: Bundle) -> None:
    bundle.must_load()
    titled = bundle.replace("instrument.csv", "A small scale", "A small and clear scale").load()
    assert counts(titled)[1] == 1
    refused = bundle.replace("instrument.csv", "yes,0,4,1", "yes,0,5,1").load()
    assert not refused.kept
    assert "Register a new version" in str(refused.faults.found[0])


def test_a_changed_score_corrects_its_reading(in_any_app: World, bundle: Bundle) -> None:
    bundle.must_load()
    bundle.replace("reading_score.csv", "R2,cooking,2,", "R2,cooking,3,")
    assert counts(bundle.must_load()) == (0, 1, 30)
    reading = by_reference(Reading, "R2")
    assert writer.parts_of(db.session(), reading)[0]["score"] == 3
    assert reading.revision == 2


def test_the_order_of_a_readings_scores_says_nothing(in_any_app: World, bundle: Bundle) -> None:
    bundle.must_load()
    bundle.write(
        "reading_score.csv",
        "area,not_age_appropriate,score,reading_id",
        "cleaning,yes,,R1",
        "cooking,,1,R1",
        "cooking,,2.0,R2",
    )
    assert counts(bundle.must_load()) == (0, 0, 31)


def test_a_column_that_is_not_there_keeps_what_stands_and_a_blank_cell_blanks(
    in_any_app: World, bundle: Bundle
) -> None:
    bundle.must_load()
    bundle.write(
        "goal.csv",
        "goal_id,person_id,area,set_on,status,wording",
        "G1,A,independence,2024-06-01,open,",
    )
    assert counts(bundle.must_load()) == (0, 1, 30)
    goal = by_reference(Goal, "G1")
    assert goal.wording is None
    assert (goal.target_level, goal.child_words) == (Decimal("3.5"), "=I can cook")
    assert goal.plan_id is not None


def test_without_the_file_of_scores_the_scores_that_stand_are_kept(in_any_app: World, bundle: Bundle) -> None:
    bundle.must_load()
    bundle.drop("reading_score.csv").replace(
        "reading.csv", "2024-07-01,complete,yes", "2024-07-03,complete,yes"
    )
    assert counts(bundle.must_load()) == (0, 1, 30)
    assert len(writer.parts_of(db.session(), by_reference(Reading, "R1"))) == 2


def test_later_files_refer_to_what_stands_already(in_any_app: World, bundle: Bundle, tmp_path: Path) -> None:
    bundle.must_load()
    later = Bundle(tmp_path / "later", empty=True).write(
        "keyworker_session.csv",
        "session_id,person_id,planned_on,status",
        "KS9,A,2025-03-03,missed_by_staff",
    )
    assert counts(later.must_load()) == (1, 0, 0)
    made = by_reference(KeyworkerSession, "KS9")
    assert made.placement_id == by_reference(Placement, "P2").id


def test_a_stay_that_ends_in_a_later_row_makes_room_for_the_next(
    in_any_app: World, bundle: Bundle, tmp_path: Path
) -> None:
    bundle.must_load()
    later = Bundle(tmp_path / "later", empty=True).write(
        "placement.csv",
        "placement_id,person_id,provider_id,home_id,carer_household_id,placement_type,started_on,ended_on",
        "P4,A,ALDER,LARCH,,childrens_home,2025-06-01,",
        "P2,A,BECK,,HH-1,ifa_foster,2025-02-01,2025-06-01",
    )
    assert counts(later.must_load()) == (1, 1, 0)


def test_an_earlier_start_of_a_stay_moves_what_was_recorded_then(
    in_any_app: World, bundle: Bundle, tmp_path: Path
) -> None:
    bundle.must_load()
    session = by_reference(KeyworkerSession, "KS2")
    assert session.placement_id == by_reference(Placement, "P1").id
    later = Bundle(tmp_path / "later", empty=True).write(
        "placement.csv",
        "placement_id,person_id,provider_id,home_id,carer_household_id,placement_type,started_on,ended_on,"
        "commissioner_id,contract_id,ending_planned,end_reason,destination",
        "P2,A,BECK,,HH-1,ifa_foster,2024-09-10,,MERE,C1,,,",
        "P1,A,ALDER,LARCH,,childrens_home,2024-05-01,2024-09-10,MERE,C2,yes,to_foster_care,foster_care",
    )
    assert counts(later.must_load()) == (0, 2, 0)
    session = by_reference(KeyworkerSession, "KS2")
    assert session.placement_id == by_reference(Placement, "P2").id
    assert versions_of(session)[-1].act == "placed"


def test_two_senders_may_use_the_same_references(in_any_app: World, bundle: Bundle) -> None:
    # Instruments go by code and version, whoever sends them: both senders mean the same one.
    bundle.must_load()
    assert counts(bundle.must_load(sender="other")) == (30, 0, 1)
    ours, theirs = by_reference(Person, "A"), by_reference(Person, "A", "other")
    assert ours.id != theirs.id
    assert by_reference(Goal, "G1", "other").person_id == theirs.id


def test_a_public_identifier_also_names_a_record(in_any_app: World, tmp_path: Path) -> None:
    child = in_any_app.child("Jay")
    bundle = Bundle(tmp_path / "later", empty=True).write(
        "contact.csv", "contact_id,person_id,name", f"CT7,{child.public_id},Hazel"
    )
    assert counts(bundle.must_load()) == (1, 0, 0)


def test_bom_crlf_blank_rows_and_files_left_by_computers_do_no_harm(
    in_any_app: World, bundle: Bundle
) -> None:
    for path in bundle.folder.iterdir():
        content = path.read_bytes().replace(b"\n", b"\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + content + b"\r\n,,\r\n")
    for litter in (".DS_Store", "Thumbs.db", "desktop.ini", "._person.csv", "~$person.csv"):
        bundle.write(litter, "whatever")
    result = bundle.must_load()
    assert counts(result) == (31, 0, 0)
    note = db.session.scalars(select(KINDS["contact"].note)).one()  # type: ignore[attr-defined]
    assert note == "Ring first, please.\nNever after 8pm."


def test_the_second_half_past_one_in_october_is_the_first_with_a_warning(
    in_any_app: World, bundle: Bundle
) -> None:
    bundle.replace("missing_episode.csv", "2024-10-05T21:30", "2024-10-27T01:30")
    bundle.replace("missing_episode.csv", "2024-10-05T22:00", "")
    bundle.replace("missing_episode.csv", "2024-10-06T09:15:00+01:00", "2024-10-27T01:30:00+00:00")
    bundle.replace("missing_episode.csv", "2024-10-07T10:00", "2024-10-28T10:00")
    result = bundle.must_load()
    (warning,) = result.faults.warnings
    assert (warning.file, warning.row, warning.column) == ("missing_episode.csv", 2, "started_at")
    assert "twice" in warning.message
    episode = by_reference(MissingEpisode, "M1")
    assert episode.started_at.isoformat() == "2024-10-27T00:30:00+00:00"
    assert episode.ended_at.isoformat() == "2024-10-27T01:30:00+00:00"


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


def test_answers_to_items_become_scores_at_this_door(in_any_app: World, tmp_path: Path) -> None:
    load_seed_instruments(by=BY)
    bundle = Bundle(tmp_path / "bundle")
    bundle.add("reading.csv", "R9,A,sdq,2,self,2024-08-01,partial,,,,")
    bundle.add(
        "reading_score.csv", "R9,impact_difficulties,2,", "R9,impact_distress,3,", "R9,impact_leisure,2,"
    )
    bundle.must_load()
    scores = select(ReadingScore.score).where(ReadingScore.area == "impact")
    assert db.session.scalars(scores).all() == [3]
    bundle.add("reading_score.csv", "R9,impact_home,4,")
    assert "from 0 to 3" in bundle.load().faults.found[0].message
