"""What a second import skips and what it corrects, on both databases."""

from decimal import Decimal

from sqlalchemy import func, select

from outcomes.core.database import db
from outcomes.kit.writing import writer
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.plans import Goal
from outcomes.records.readings import Reading
from tests.builders import World
from tests.kit.bundle.folders import Bundle, counts
from tests.kit.bundle.kept import by_reference, versions_of


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
