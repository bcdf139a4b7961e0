"""My day: what is due, for whom first, each line one tap from done."""

import re
from datetime import timedelta
from typing import Any

from outcomes.care.organisations import Home
from outcomes.care.people import Person
from outcomes.care.placements import Placement
from outcomes.core.actor import Actor, Level
from outcomes.core.clock import now, today
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.desk.asking import Here
from outcomes.desk.child.education import last_weeks
from outcomes.desk.child.whereabouts import Whereabouts
from outcomes.desk.day.due import LastSession, dated
from outcomes.desk.day.due_words import session_task
from outcomes.desk.day.gap_words import About, registration_tasks
from outcomes.kit.words import say_day
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.records.education import Attendance, EducationSpell
from outcomes.records.health import HealthCheck, HealthRegistration
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Goal, GoalReview, Plan, PlanReview
from outcomes.records.readings import Reading
from outcomes.records.sessions import KeyworkerSession
from tests.builders import TESTS, World
from tests.desk.conftest import House, counted, days_ago, send, typed_day


def day_of(house: House, who: str) -> str:
    page = house.signed_in(who).get("/my-day")
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def test_key_children_come_first(any_house: House) -> None:
    told = day_of(any_house, "ada")
    assert told.index("My key children") < told.index("Jay Marlow") < told.index("Noor")
    assert "Kit" not in told


def test_without_key_children_the_home_is_the_heading(house: House) -> None:
    told = day_of(house, "rosa")
    assert "My key children" not in told
    assert told.index("Elm House") < told.index("Jay Marlow")


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
        world.record(
            MissingEpisode,
            person_id=any_house.child(any_house.jay),
            kind="missing",
            started_at=f"{days_ago(9)}T20:00",
            ended_at=f"{days_ago(8)}T08:00",
        )
    assert re.search(r"Return home interview Was due by .{10,40} Overdue", day_of(any_house, "ada"))


def test_a_due_date_that_the_reader_may_not_know_is_not_hinted_at(in_app: World) -> None:
    jay, elm = in_app.child("Jay"), in_app.home()
    in_app.placed(jay, elm, days_ago(30))
    episode = {"kind": "missing", "started_at": f"{days_ago(9)}T20:00", "ended_at": f"{days_ago(8)}T08:00"}
    in_app.record(MissingEpisode, person_id=jay, **episode)
    in_app.record(HealthCheck, person_id=jay, kind="dental", due_on=days_ago(1))
    levels, here = frozenset(Level), Here([jay.id], today())
    kinds = {
        name: [one.record.kind_name() for one in dated(here, Actor("Ada", "any", levels=some))]
        for name, some in {"all": levels, "fewer": levels - {Level.SAFEGUARDING}}.items()
    }
    assert kinds == {"all": ["health_check", "missing_episode"], "fewer": ["health_check"]}


def test_a_declined_interview_no_longer_waits(house: House) -> None:
    with house.inside() as world:
        world.record(
            MissingEpisode,
            person_id=house.child(house.jay),
            kind="missing",
            started_at=f"{days_ago(9)}T20:00",
            ended_at=f"{days_ago(8)}T08:00",
            return_interview_declined=True,
        )
    assert "Return home interview" not in day_of(house, "ada")


def test_a_session_is_due_a_week_after_the_last_one_held(any_house: House) -> None:
    with any_house.inside() as world:
        jay, noor = any_house.child(any_house.jay), any_house.child(any_house.noor)
        world.record(KeyworkerSession, person_id=jay, status="held", held_on=days_ago(6))
        world.record(KeyworkerSession, person_id=noor, status="held", held_on=days_ago(7))
        world.record(KeyworkerSession, person_id=noor, status="missed_by_staff", planned_on=days_ago(2))
    told = day_of(any_house, "ada")
    jays, noors = told.split("Noor", 1)
    assert "Key-worker session" not in jays.split("My key children", 1)[1]
    assert re.search(r"Key-worker session Last held on .*, did not happen on .* Due", noors)


def test_with_foster_carers_a_session_is_due_every_four_weeks(in_app: World) -> None:
    fostered = in_app.child("Fay")
    ada, day = Actor("Ada", "any", permissions=frozenset({"care:write"})), today()
    where = Whereabouts("The Marlow household", day - timedelta(days=90), with_carers=True)
    due = [
        session_task(fostered, where, LastSession(day - timedelta(days=ago), None), ada, day) is not None
        for ago in (27, 28)
    ]
    assert due == [False, True]


def test_a_reading_is_due_until_one_is_taken_this_quarter(any_house: House) -> None:
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        reading = {"person_id": jay, "instrument_code": "wheel", "version": "1", "informant": "child"}
        scores = [{"area": "cooking", "score": 3}]
        world.record(Reading, **reading, taken_on=days_ago(200), status="complete", scores=scores)
        assert "Reading: A wheel" in day_of(any_house, "ada")
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        world.record(
            Reading, **(reading | {"person_id": jay}), taken_on=days_ago(0), status="partial", scores=scores
        )
    assert "Reading: A wheel" in day_of(any_house, "ada")
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        world.record(
            Reading, **(reading | {"person_id": jay}), taken_on=days_ago(0), status="complete", scores=scores
        )
    assert "Reading: A wheel" not in day_of(any_house, "ada")


def test_a_goal_that_nobody_looked_at_is_due(any_house: House) -> None:
    with any_house.inside() as world:
        for wording, set_on in (("Swim a mile", 100), ("Bake bread", 60)):
            world.record(
                Goal,
                person_id=any_house.child(any_house.jay),
                area="health",
                wording=wording,
                set_on=days_ago(set_on),
                status="open",
            )
    told = day_of(any_house, "ada")
    assert re.search(r"Review the goal “Swim a mile” Set or last reviewed on .* no review planned Due", told)
    assert "Bake bread" not in told
    # The one with a review planned is told once, by its date.
    assert told.count("“Cook one meal a week”") == 1


def test_the_reviews_of_a_goal_are_one_line(any_house: House) -> None:
    with any_house.inside() as world:
        for ago in (90, 20):
            world.record(GoalReview, goal_id=any_house.goal_of_jay(), due_on=days_ago(ago))
    told = day_of(any_house, "ada")
    assert told.count("“Cook one meal a week”") == 1
    assert re.search(r"“Cook one meal a week” Was due on [^,]+, and 1 before it Overdue", told)
    with any_house.inside() as world:
        world.record(
            GoalReview, goal_id=any_house.goal_of_jay(), reviewed_on=days_ago(19), judgement="improved"
        )
    # Somebody reviewed it since: only the next one is still to come.
    assert re.search(r"“Cook one meal a week” Due on [^,]{8,20} Coming up", day_of(any_house, "ada"))


def test_a_closed_goal_is_no_longer_due(house: House) -> None:
    assert "Cook one meal a week" in day_of(house, "ada")
    with house.inside():
        goal = house.goal_of_jay()
        closed = {**goal.asked_values(), "person_id": house.child(house.jay), "status": "achieved"}
        with transaction():
            writer.correct(
                goal,
                check(Goal, closed | {"closed_on": days_ago(0)}, with_owner=True),
                revision=goal.revision,
                reason="",
                by=TESTS,
            )
    assert "Cook one meal a week" not in day_of(house, "ada")


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


def test_reviews_of_plans_are_due(any_house: House) -> None:
    with any_house.inside() as world:
        jay, noor = any_house.child(any_house.jay), any_house.child(any_house.noor)
        plan = world.record(Plan, person_id=jay, kind="care_plan", started_on=days_ago(300))
        review = {"person_id": jay, "kind": "cla_review"}
        world.record(PlanReview, **review, plan_id=plan, due_on=days_ago(200))
        world.record(PlanReview, **review, plan_id=plan, due_on=days_ago(190), held_on=days_ago(190))
        world.record(PlanReview, **review, plan_id=plan, due_on=days_ago(3))
        world.record(PlanReview, person_id=noor, kind="provider_review", due_on=days_ago(-3))
    told = day_of(any_house, "ada")
    # The one that was missed before the last one held cannot be made good, and is told no more.
    assert told.count("Review for a child in care (IRO)") == 1
    assert re.search(
        r"Review for a child in care \(IRO\) Was due on [^,]+, Care plan from [\w ]+ Overdue", told
    )
    assert re.search(r"Review by the provider Due on .{8,20} Coming up", told)


def test_a_plan_whose_review_nobody_planned_is_due(any_house: House) -> None:
    with any_house.inside() as world:
        for child, planned in ((any_house.jay, False), (any_house.noor, True)):
            due = {"person_id": any_house.child(child), "kind": "pathway_plan", "started_on": days_ago(300)}
            plan = world.record(Plan, **due, next_review_due_on=days_ago(-10))
            if planned:
                world.record(PlanReview, plan_id=plan, kind="pathway_review", due_on=days_ago(-20))
    told = day_of(any_house, "ada")
    assert len(re.findall(r"Review of the pathway plan from .{8,40}, no review planned", told)) == 1


def at_school(world: World, child: Any, **values: Any) -> None:
    spell = {"setting_type": "mainstream_school", "is_engaged": True, "valid_from": days_ago(90)}
    world.record(EducationSpell, person_id=child, **(spell | values))


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


def test_skills_that_nobody_rated_are_due_where_a_level_is_expected(any_house: House) -> None:
    with any_house.inside() as world:
        world.instrument("skills", title="Skills scale", expected_level_by_age={"5-25:*": "3"})
        scores = [{"area": "cooking", "score": 3}]
        reading = {"instrument_code": "skills", "version": "1", "informant": "keyworker", "scores": scores}
        world.record(
            Reading,
            **reading,
            person_id=any_house.child(any_house.noor),
            taken_on=days_ago(200),
            status="complete",
        )
    told = day_of(any_house, "ada")
    assert told.count("Skills: Skills scale Not rated yet") == 1
    assert re.search(
        r"Reading: Skills scale Last taken on .{8,20}, more than 6 months ago Overdue",
        told.split("Noor", 1)[1],
    )


def test_who_may_not_read_health_is_not_told_of_it() -> None:
    ada = Actor("Ada", "any", permissions=frozenset({"care:write"}), levels=frozenset({Level.CARE}))
    doctor = Actor("Dee", "any", permissions=frozenset({"care:write"}), levels=frozenset(Level))
    told = [
        len(list(registration_tasks(About(Person(public_id="x" * 22), today(), actor, today()), set())))
        for actor in (ada, doctor)
    ]
    assert told == [0, 2]


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
