"""The writers: stale changes, links, guards, placing; and that nothing is half-written."""

from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from outcomes.audit.entry import AuditEntry
from outcomes.care.contracts import ContractSetting
from outcomes.care.organisations import Home
from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.database import db
from outcomes.core.errors import Conflict, Invalid, Stale, Unavailable
from outcomes.core.transaction import transaction
from outcomes.kit.declaring.record import Record
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.health import HealthCheck
from outcomes.records.missing import MissingEpisode
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
    ("started_on", "ended_on", "stands"),
    [
        ("2025-05-01", None, False),
        ("2025-01-01", "2025-04-02", False),
        ("2025-01-01", None, False),
        ("2025-04-30", "2025-05-02", False),
        # The day of a move belongs to the new stay.
        ("2025-01-01", "2025-04-01", True),
        ("2025-05-10", None, True),
        ("2025-04-15", "2025-04-15", True),
    ],
)
def test_two_stays_of_a_child_never_overlap(
    in_any_app: World, started_on: str, ended_on: str | None, stands: bool
) -> None:
    world = in_any_app
    child, home, other = world.child(), world.home(), world.home()
    world.placed(child, home, "2025-04-01", "2025-05-10")
    if stands:
        world.placed(child, other, started_on, ended_on)
    else:
        with pytest.raises(Invalid, match="overlaps another placement"):
            world.placed(child, other, started_on, ended_on)
    # Another child's stay is none of it.
    world.placed(world.child(), home, started_on, ended_on)


def test_the_database_refuses_an_overlap_by_itself(in_any_app: World) -> None:
    world = in_any_app
    child, home = world.child(), world.home()
    stay = world.placed(child, home, "2025-04-01")
    with pytest.raises(IntegrityError), transaction() as session:
        # Past the guards, as a second writer that looked at the same moment would.
        session.add(
            Placement(
                person_id=child.id, provider_id=stay.provider_id, home_id=home.id,
                placement_type="childrens_home", started_on=date(2025, 5, 1),
            )
        )  # fmt: skip


def test_a_record_belongs_to_the_placement_of_its_day(in_any_app: World) -> None:
    world = in_any_app
    child, first, second = world.child(), world.home(), world.home()
    stay = world.placed(child, first, "2025-04-01", "2025-05-10")
    move = world.placed(child, second, "2025-05-10")
    days = {"2025-03-31": None, "2025-04-01": stay.id, "2025-05-09": stay.id, "2025-05-10": move.id}
    for day, placement in days.items():
        made = world.record(HealthCheck, person_id=child, kind="dental", due_on=day)
        assert made.placement_id == placement, day


def test_records_are_placed_again_when_a_placement_is_corrected(in_any_app: World) -> None:
    world = in_any_app
    child = world.child()
    stay = world.placed(child, world.home(), "2025-04-01")
    made = world.record(HealthCheck, person_id=child, kind="dental", due_on="2025-05-01")
    values = {
        "person_id": child, "provider_id": world.provider, "home_id": world.home(),
        "placement_type": "childrens_home", "started_on": "2025-05-15",
    }  # fmt: skip
    with transaction():
        writer.correct(
            stay, check(Placement, values, with_owner=True), revision=1, reason="misread", by=TESTS
        )
    assert made.placement_id is None
    last = db.session.scalars(
        select(RecordVersion).where(RecordVersion.kind == "health_check").order_by(RecordVersion.id.desc())
    ).first()
    assert last is not None and (last.act, last.placement_id, last.revision) == (
        "placed",
        None,
        made.revision,
    )


def test_a_placement_under_a_contract_has_the_contracts_provider(in_app: World) -> None:
    contract = in_app.contract()
    other = in_app.organisation("Somebody else")
    with pytest.raises(Invalid) as refusal:
        in_app.placed(in_app.child(), in_app.home(provider=other), "2025-04-01", contract_id=contract)
    assert "contract's provider" in refusal.value.fields["provider_id"][0]


def test_the_interview_falls_due_72_hours_after_the_return(in_app: World) -> None:
    child = in_app.child()
    made = in_app.record(
        MissingEpisode,
        person_id=child,
        kind="missing",
        started_at="2025-05-02T18:00",
        ended_at="2025-05-02T20:00",
    )
    assert made.return_interview_due_at == made.ended_at.replace(day=5)


def test_the_interview_falls_due_as_the_contract_sets_on_that_day(in_app: World) -> None:
    contract = in_app.contract()
    for hours, since, until in (("48", "2025-01-01", "2025-06-01"), ("24", "2025-06-01", None)):
        in_app.record(
            ContractSetting, contract_id=contract, setting="return_interview_hours", value=hours,
            effective_from=since, effective_to=until,
        )  # fmt: skip
    child = in_app.child()
    in_app.placed(child, in_app.home(), "2025-04-01", contract_id=contract)
    episode = {"person_id": child, "kind": "missing"}
    may = in_app.record(MissingEpisode, **episode, started_at="2025-05-02T18:00", ended_at="2025-05-02T20:00")
    june = in_app.record(
        MissingEpisode, **episode, started_at="2025-06-02T18:00", ended_at="2025-06-02T20:00"
    )
    assert may.return_interview_due_at.day == 4
    assert june.return_interview_due_at.day == 3


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
