"""The writers: stale changes, links, guards and parts; and that nothing is half-written."""

from datetime import date

import pytest
from sqlalchemy import func, select, text

from outcomes.audit.entry import AuditEntry
from outcomes.care.organisations import Home
from outcomes.care.people import Person
from outcomes.core.database import db
from outcomes.core.errors import Conflict, Invalid, Stale, Unavailable
from outcomes.core.transaction import transaction
from outcomes.kit.declaring.record import Record
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.health import HealthCheck
from outcomes.records.plans import Goal, GoalReview
from outcomes.records.readings import Reading
from tests.builders import TESTS, World


def correct(record: Record, *, revision: int, **values: object) -> None:
    with transaction():
        raw = record.asked_values() | values
        raw |= {"person_id": db.session.get(Person, record.person_id)} if hasattr(record, "person_id") else {}
        writer.correct(
            record, check(type(record), raw, with_owner=True), revision=revision, reason="test", by=TESTS
        )


def count(kind: type[Record] | type[RecordVersion] | type[AuditEntry]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_stale_change_is_refused_and_changes_nothing(in_any_app: World) -> None:
    made = in_any_app.record(HealthCheck, person_id=in_any_app.child(), kind="dental", due_on="2025-05-01")
    correct(made, revision=1, due_on="2025-05-02")
    with pytest.raises(Stale) as stale:
        correct(made, revision=1, due_on="2025-05-03")
    assert stale.value.current_revision == 2
    assert (made.due_on, made.revision) == (date(2025, 5, 2), 2)


def test_a_change_of_nothing_writes_nothing(in_app: World) -> None:
    made = in_app.record(HealthCheck, person_id=in_app.child(), kind="dental", due_on="2025-05-01")
    before = count(RecordVersion)
    correct(made, revision=1)
    assert (made.revision, count(RecordVersion)) == (1, before)


def test_a_withdrawn_record_is_not_changed_again(in_app: World) -> None:
    made = in_app.record(HealthCheck, person_id=in_app.child(), kind="dental", due_on="2025-05-01")
    with transaction():
        writer.withdraw(made, revision=1, reason="wrong child", by=TESTS)
    with pytest.raises(Conflict):
        correct(made, revision=2, due_on="2025-05-02")


def test_withdrawing_needs_a_reason(in_app: World) -> None:
    made = in_app.record(HealthCheck, person_id=in_app.child(), kind="dental", due_on="2025-05-01")
    with pytest.raises(Invalid), transaction():
        writer.withdraw(made, revision=1, reason="  ", by=TESTS)
    assert made.stands


def test_writing_outside_a_transaction_is_an_error(in_app: World) -> None:
    checked = check(
        HealthCheck, {"person_id": in_app.child(), "kind": "dental", "due_on": "2025-05-01"}, with_owner=True
    )
    with pytest.raises(RuntimeError, match="transaction"):
        writer.record(checked, by=TESTS)


def test_a_link_to_nothing_is_refused_by_name(in_app: World) -> None:
    with pytest.raises(Invalid) as refusal:
        in_app.record(GoalReview, goal_id="no-such-goal", reviewed_on="2025-05-01")
    assert "there is no goal 'no-such-goal'" in refusal.value.fields["goal_id"][0]


def test_a_link_to_what_was_withdrawn_is_refused(in_app: World) -> None:
    goal = in_app.record(Goal, person_id=in_app.child(), area="health", set_on="2025-05-01", status="open")
    with transaction():
        writer.withdraw(goal, revision=1, reason="twice", by=TESTS)
    with pytest.raises(Invalid, match="there is no goal"):
        in_app.record(GoalReview, goal_id=goal, reviewed_on="2025-06-01")


def test_a_review_takes_its_child_from_its_goal(in_app: World) -> None:
    child = in_app.child()
    goal = in_app.record(Goal, person_id=child, area="health", set_on="2025-05-01", status="open")
    review = in_app.record(GoalReview, goal_id=goal, reviewed_on="2025-06-01", judgement="improved")
    assert review.person_id == child.id


def test_a_review_before_its_goal_is_refused(in_app: World) -> None:
    goal = in_app.record(Goal, person_id=in_app.child(), area="health", set_on="2025-05-01", status="open")
    with pytest.raises(Invalid, match="before the goal was set"):
        in_app.record(GoalReview, goal_id=goal, reviewed_on="2025-04-30")
    in_app.record(GoalReview, goal_id=goal, reviewed_on="2025-05-01")


def test_a_review_of_another_childs_goal_is_refused(in_app: World) -> None:
    goal = in_app.record(Goal, person_id=in_app.child(), area="health", set_on="2025-05-01", status="open")
    with pytest.raises(Invalid, match="another child"):
        in_app.record(GoalReview, person_id=in_app.child(), goal_id=goal, reviewed_on="2025-05-02")


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([{"area": "cooking", "score": 11}], "from 1 to 10"),
        ([{"area": "cooking", "score": 0}], "from 1 to 10"),
        ([{"area": "cooking", "score": 2.5}], "steps of 1"),
        ([{"area": "juggling", "score": 2}], "not an area of this instrument"),
        ([{"area": "cooking", "score": 2, "not_age_appropriate": True}], "leave the score blank"),
        ([{"area": "cooking"}], "at least one area"),
        ([], "at least one area"),
    ],
)
def test_a_reading_outside_its_scale_is_refused(
    in_app: World, scores: list[dict[str, object]], words: str
) -> None:
    in_app.instrument("wheel")
    values = {"person_id": in_app.child(), "instrument_code": "wheel", "version": "1", "informant": "child"}
    with pytest.raises(Invalid) as refusal:
        in_app.record(Reading, **values, taken_on="2025-05-01", status="complete", scores=scores)
    assert words in str(refusal.value)


def test_a_reading_with_an_unknown_instrument_or_informant_is_refused(in_app: World) -> None:
    in_app.instrument("wheel")
    values = {"person_id": in_app.child(), "taken_on": "2025-05-01", "status": "declined_by_child"}
    for more in (
        {"instrument_code": "star", "version": "1", "informant": "child"},
        {"instrument_code": "wheel", "version": "2", "informant": "child"},
        {"instrument_code": "wheel", "version": "1", "informant": "teacher"},
    ):
        with pytest.raises(Invalid):
            in_app.record(Reading, **values, **more)


def test_the_parts_of_a_correction_replace_the_parts(in_app: World) -> None:
    in_app.instrument("wheel")
    values = {
        "person_id": in_app.child(), "instrument_code": "wheel", "version": "1", "informant": "child",
        "taken_on": "2025-05-01", "status": "complete",
    }  # fmt: skip
    made = in_app.record(
        Reading, **values, scores=[{"area": "cooking", "score": 3}, {"area": "cleaning", "score": 4}]
    )
    with transaction():
        checked = check(Reading, values | {"scores": [{"area": "cooking", "score": 5}]}, with_owner=True)
        writer.correct(made, checked, revision=1, reason="misread", by=TESTS)
    assert [(part["area"], part["score"]) for part in writer.parts_of(db.session(), made)] == [("cooking", 5)]
    kept = db.session.scalars(select(RecordVersion).where(RecordVersion.kind == "reading")).all()
    assert [len(version.content["scores"]) for version in kept] == [2, 1]


def test_every_write_has_its_version_and_its_audit_row(in_any_app: World) -> None:
    before = count(RecordVersion), count(AuditEntry)
    in_any_app.child()
    assert (count(RecordVersion), count(AuditEntry)) == (before[0] + 1, before[1] + 1)


def test_when_the_audit_cannot_be_written_nothing_changes(in_any_app: World) -> None:
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(
                text(
                    "CREATE TRIGGER broken BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'disk'); END"
                )
            )
        else:
            connection.execute(
                text("ALTER TABLE audit_entry ADD CONSTRAINT broken CHECK (seq < 0) NOT VALID")
            )
    try:
        before = count(Person), count(RecordVersion)
        with pytest.raises(Unavailable):
            in_any_app.child()
        assert (count(Person), count(RecordVersion)) == before
    finally:
        if db.engine.dialect.name == "postgresql":
            with db.engine.begin() as connection:
                connection.execute(text("ALTER TABLE audit_entry DROP CONSTRAINT broken"))


def test_versions_are_never_changed(in_any_app: World) -> None:
    in_any_app.home()
    for statement in ("UPDATE record_version SET reason = 'x'", "DELETE FROM record_version"):
        with pytest.raises(Exception, match="never changed"), transaction() as session:
            session.connection().execute(text(statement))
    assert count(Home) == 1
