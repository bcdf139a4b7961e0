"""My day: what is due, for whom first, each line one tap from done."""

import re
from datetime import timedelta

from outcomes.care.organisations import Home
from outcomes.care.placements import Placement
from outcomes.core.actor import Actor, Level
from outcomes.core.clock import now, today
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.desk.child.whereabouts import Whereabouts
from outcomes.desk.day.due import LastSession, dated
from outcomes.desk.day.due_words import session_task
from outcomes.kit import writer
from outcomes.kit.schema import check
from outcomes.records.health import HealthCheck
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import Goal, GoalReview
from outcomes.records.readings import Reading
from outcomes.records.sessions import KeyworkerSession
from tests.builders import TESTS, World
from tests.desk.conftest import House, counted, days_ago


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
    levels = frozenset(Level)
    kinds = {
        name: [one.record.kind_name() for one in dated(Actor("Ada", "any", levels=some), today())]
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


def test_my_day_reads_little_however_many_children(house: House) -> None:
    with house.inside() as world:
        elm = db.session.query(Home).filter_by(name="Elm House").one()
        for number in range(6):
            child = world.child(f"Guest {number}")
            world.placed(child, elm, days_ago(100))
            world.record(HealthCheck, person_id=child, kind="dental", due_on=days_ago(number))
            world.record(
                MissingEpisode,
                person_id=child,
                kind="missing",
                started_at=f"{days_ago(9)}T20:00",
                ended_at=now().isoformat(),
            )
    client = house.signed_in("mo")
    with counted(house.app) as seen:
        assert client.get("/my-day").status_code == 200
    assert 0 < len(seen) <= 8, "\n\n".join(seen)
