"""What an import keeps, and what it makes of links, days and files, on both databases."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, select

from outcomes.audit.entry import AuditEntry
from outcomes.audit.verify import verify
from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.database import db
from outcomes.kit.declaring.record import KINDS
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.instrument_files import load_seed_instruments
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Goal, GoalReview
from outcomes.records.readings import Reading, ReadingScore
from outcomes.records.sessions import KeyworkerSession
from tests.builders import World
from tests.kit.bundle.folders import BY, Bundle, counts
from tests.kit.bundle.kept import by_reference, rows, versions_of


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


def test_answers_to_items_become_scores_at_this_door(in_any_app: World, bundle: Bundle) -> None:
    load_seed_instruments(by=BY)
    bundle.add("reading.csv", "R9,A,sdq,2,self,2024-08-01,partial,,,,")
    bundle.add(
        "reading_score.csv", "R9,impact_difficulties,2,", "R9,impact_distress,3,", "R9,impact_leisure,2,"
    )
    bundle.must_load()
    scores = select(ReadingScore.score).where(ReadingScore.area == "impact")
    assert db.session.scalars(scores).all() == [3]
    bundle.add("reading_score.csv", "R9,impact_home,4,")
    assert "from 0 to 3" in bundle.load().faults.found[0].message
