"""My day: checks, registrations, return interviews and school weeks that are due."""

import re

from outcomes.care.people import Person
from outcomes.core.actor import Actor, Level
from outcomes.core.clock import today
from outcomes.desk.asking import Here
from outcomes.desk.child.education import last_weeks
from outcomes.desk.day.due import dated
from outcomes.desk.day.gap_words import About, registration_tasks
from outcomes.kit.words import say_day
from outcomes.records.education import Attendance
from outcomes.records.health import HealthCheck, HealthRegistration
from tests.builders import World
from tests.desk.conftest import House, at_school, day_of, days_ago, missing_overnight, send, typed_day


def test_dated_dues_follow_the_declarations(any_house: House) -> None:
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        world.record(HealthCheck, person_id=jay, kind="dental", due_on=days_ago(5))
        world.record(HealthCheck, person_id=jay, kind="optical", due_on=days_ago(0))
        world.record(HealthCheck, person_id=jay, kind="gp", due_on=days_ago(-14))
        world.record(HealthCheck, person_id=jay, kind="hospital", due_on=days_ago(-15))
        world.record(HealthCheck, person_id=jay, kind="camhs", due_on=days_ago(9), attended_on=days_ago(8))
        world.record(
            HealthCheck,
            person_id=jay,
            kind="initial_health_assessment",
            due_on=days_ago(9),
            missed_reason="child_refused",
        )
    told = day_of(any_house, "ada")
    assert re.search(r"Dental check Was due on .{8,20} Overdue", told)
    assert re.search(r"Eye test Due today Due", told)
    assert re.search(r"GP appointment Due on .{8,20} Coming up", told)
    for absent in ("Hospital appointment", "CAMHS", "Initial health assessment"):
        assert absent not in told


def test_a_return_interview_is_due_to_the_hour(any_house: House) -> None:
    with any_house.inside() as world:
        missing_overnight(world, any_house.child(any_house.jay))
    assert re.search(r"Return home interview Was due by .{10,40} Overdue", day_of(any_house, "ada"))


def test_a_due_date_that_the_reader_may_not_know_is_not_hinted_at(in_app: World) -> None:
    jay, elm = in_app.child("Jay"), in_app.home()
    in_app.placed(jay, elm, days_ago(30))
    missing_overnight(in_app, jay)
    in_app.record(HealthCheck, person_id=jay, kind="dental", due_on=days_ago(1))
    levels, here = frozenset(Level), Here([jay.id], today())
    kinds = {
        name: [one.record.kind_name() for one in dated(here, Actor("Ada", "any", levels=some))]
        for name, some in {"all": levels, "fewer": levels - {Level.SAFEGUARDING}}.items()
    }
    assert kinds == {"all": ["health_check", "missing_episode"], "fewer": ["health_check"]}


def test_a_declined_interview_no_longer_waits(house: House) -> None:
    with house.inside() as world:
        missing_overnight(world, house.child(house.jay), return_interview_declined=True)
    assert "Return home interview" not in day_of(house, "ada")


def test_a_missing_gp_or_dentist_is_due(any_house: House) -> None:
    told = day_of(any_house, "ada")
    assert told.count("Register with a GP") == told.count("Register with a dentist") == 2
    with any_house.inside() as world:
        for child in (any_house.jay, any_house.noor):
            for kind, until in (("gp", None), ("dentist", days_ago(1))):
                world.record(
                    HealthRegistration,
                    person_id=any_house.child(child),
                    kind=kind,
                    valid_from=days_ago(90),
                    valid_to=until,
                )
    told = day_of(any_house, "ada")
    assert "Register with a GP" not in told
    assert told.count("Register with a dentist") == 2


def test_a_form_from_my_day_is_filled_in(house: House) -> None:
    client = house.signed_in("ada")
    page = client.get("/my-day").text
    (where, *_) = re.findall(rf'href="({house.of(house.jay)}/health-registration/new[^"]*)"', page)
    form = client.get(where.replace("&amp;", "&")).text
    assert re.search(r'value="gp" checked', form)


def test_a_check_comes_round_again(any_house: House) -> None:
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        check = {"person_id": jay, "recall_months": 6}
        world.record(HealthCheck, **check, kind="dental", attended_on=days_ago(200))
        world.record(HealthCheck, **check, kind="optical", attended_on=days_ago(30))
        # The next one is on the record already, and far ahead.
        world.record(HealthCheck, **check, kind="gp", attended_on=days_ago(200))
        world.record(HealthCheck, person_id=jay, kind="gp", due_on=days_ago(-60))
        world.record(HealthCheck, **check, kind="initial_health_assessment", attended_on=days_ago(190))
    told = day_of(any_house, "ada")
    assert re.search(r"Dental check Was due on .{8,20}, nothing booked Overdue", told)
    assert re.search(r"Review health assessment Was due on .{8,20}, nothing booked Overdue", told)
    assert "Eye test" not in told and "GP appointment" not in told


def test_school_weeks_that_nobody_entered_are_due(any_house: House) -> None:
    weeks = last_weeks(today(), 4)
    with any_house.inside() as world:
        at_school(world, any_house.child(any_house.jay))
        at_school(world, any_house.child(any_house.noor), setting_type="college")
        entered = {"person_id": any_house.child(any_house.jay), "sessions_possible": 10}
        for monday in (weeks[0], weeks[2]):
            world.record(Attendance, **entered, week_starting=monday.isoformat(), sessions_attended=9)
    told = day_of(any_house, "ada")
    assert told.count("Attendance of") == 1
    assert f"Attendance of 2 weeks Not entered: from {say_day(weeks[1])} Overdue" in told


def test_the_form_of_a_school_week_is_filled_in(any_house: House) -> None:
    """From my day with the oldest week that is missing; by itself with the last one."""
    with any_house.inside() as world:
        at_school(world, any_house.child(any_house.jay))
    oldest, last = last_weeks(today(), 4)[0], last_weeks(today(), 1)[0]
    client = any_house.signed_in("ada")
    (where,) = re.findall(r'href="([^"]+/attendance/new[^"]*)"', client.get("/my-day").text)
    for address, monday in ((where, oldest), (where.partition("?")[0], last)):
        form = client.get(address).text
        typed = dict(re.findall(r'name="([a-z_-]+)" type="text"[^>]* value="(\d*)"', form))
        assert [typed[f"week_starting-{part}"] for part in ("day", "month", "year")] == [
            str(monday.day),
            str(monday.month),
            str(monday.year),
        ]
        assert re.search(r'name="sessions_possible"[^>]* value="10"', form)
    sent = send(
        client,
        where,
        typed_day("week_starting", oldest) | {"sessions_possible": "10", "sessions_attended": "8"},
    )
    assert sent.status_code == 303
    assert "Attendance of 3 weeks" in day_of(any_house, "ada")


def test_who_may_not_read_health_is_not_told_of_it() -> None:
    ada = Actor("Ada", "any", permissions=frozenset({"care:write"}), levels=frozenset({Level.CARE}))
    doctor = Actor("Dee", "any", permissions=frozenset({"care:write"}), levels=frozenset(Level))
    told = [
        len(list(registration_tasks(About(Person(public_id="x" * 22), today(), actor, today()), set())))
        for actor in (ada, doctor)
    ]
    assert told == [0, 2]
