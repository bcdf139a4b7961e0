"""My day: for whom it is told first, what a manager sees, and that it takes few statements."""

import re

from outcomes.care.organisations import Home
from outcomes.care.placements import Placement
from outcomes.core.clock import now
from outcomes.core.database import db
from outcomes.records.health import HealthCheck
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Plan, PlanReview
from tests.desk.conftest import House, at_school, counted, day_of, days_ago


def test_key_children_come_first(any_house: House) -> None:
    told = day_of(any_house, "ada")
    assert told.index("My key children") < told.index("Jay Marlow") < told.index("Noor")
    assert "Kit" not in told


def test_without_key_children_the_home_is_the_heading(house: House) -> None:
    told = day_of(house, "rosa")
    assert "My key children" not in told
    assert told.index("Elm House") < told.index("Jay Marlow")


def test_a_manager_sees_counts_and_untold_endings(any_house: House) -> None:
    with any_house.inside() as world:
        leaver = world.child("Lou")
        home = db.session.query(Placement).first()
        assert home is not None
        world.placed(leaver, db.session.get_one(Home, home.home_id), days_ago(300), days_ago(40))
    told = day_of(any_house, "mo")
    assert "By key worker" in told
    assert re.search(r"Ada Obi 1 \d+ \d+ \d+", told)
    assert re.search(r"How the placement of Lou at Elm House ended Ended on .* Overdue", told)
    # Who cannot mend it is not asked to.
    assert "By key worker" not in day_of(any_house, "ada")
    assert "ended Ended on" not in day_of(any_house, "ada")


def test_more_children_take_no_more_statements(house: House) -> None:
    """However much is due: one statement a question."""
    client, took = house.signed_in("mo"), []
    for number in range(2):
        with house.inside() as world:
            elm = db.session.query(Home).filter_by(name="Elm House").one()
            for guest in range(1 + 5 * number):
                child = world.child(f"Guest {number} {guest}")
                world.placed(child, elm, days_ago(100))
                world.record(HealthCheck, person_id=child, kind="dental", due_on=days_ago(guest))
                world.record(
                    HealthCheck, person_id=child, kind="gp", attended_on=days_ago(90), recall_months=2
                )
                at_school(world, child)
                plan = {"person_id": child, "kind": "care_plan", "started_on": days_ago(99)}
                world.record(Plan, **plan, next_review_due_on=days_ago(2))
                world.record(PlanReview, person_id=child, kind="cla_review", due_on=days_ago(3))
                world.record(
                    MissingEpisode,
                    person_id=child,
                    kind="missing",
                    started_at=f"{days_ago(9)}T20:00",
                    ended_at=now().isoformat(),
                )
        with counted(house.app) as seen:
            assert client.get("/my-day").status_code == 200
        took.append(len(seen))
    assert took[0] == took[1] and 0 < took[0] <= 15, "\n\n".join(seen)
