"""Placements: stays that never overlap, and the records and dues that belong to the stay of their day."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from outcomes.care.contracts import ContractSetting
from outcomes.care.placements import Placement
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.core.transaction import transaction
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.health import HealthCheck
from outcomes.records.missing import MissingEpisode
from tests.builders import TESTS, World


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
