"""The desk's pages in a real browser under the real content policy: axe, overflow, console, no scripts."""

import pytest
from sqlalchemy import select

from outcomes.care.people import Person
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.desk.child.education import last_weeks
from outcomes.records.education import Attendance, EducationSpell
from outcomes.records.health import HealthCheck, HealthRegistration
from outcomes.records.plans import GoalReview, PlanReview
from outcomes.records.readings import Reading
from outcomes.records.sessions import KeyworkerSession
from tests.browser import DESKTOP, PHONE, Live, Windows, examine, sign_in, watched
from tests.builders import World
from tests.desk.conftest import House, days_ago, missing_overnight

pytestmark = pytest.mark.browser
LONG = "Rhiannon-Alexandra Featherstonehaugh-Cholmondeley"


def full_record(house: House) -> str:
    """A child with something of every sort, a long name and long words; the address of a reading."""
    with house.inside() as world:
        jay = house.child(house.jay)
        world.placed(world.child(LONG), world.home("An unreasonably long name of a home"), days_ago(30))
        world.record(HealthCheck, person_id=jay, kind="dental", due_on=days_ago(40), attended_on=days_ago(38))
        world.record(HealthCheck, person_id=jay, kind="review_health_assessment", due_on=days_ago(4))
        school_and_health(world, jay)
        missing_overnight(world, jay, kind="absent_without_agreement")
        world.record(
            KeyworkerSession, person_id=jay, status="held", held_on=days_ago(3), child_words="Aaargh" * 60
        )
        world.record(
            GoalReview, goal_id=house.goal_of_jay(), reviewed_on=days_ago(50), judgement="improved", level=2
        )
        for days, informant in ((300, "child"), (120, "child"), (20, "child"), (20, "keyworker")):
            reading = world.record(
                Reading,
                person_id=jay,
                instrument_code="wheel",
                version="1",
                informant=informant,
                taken_on=days_ago(days),
                status="complete",
                scores=[{"area": "cooking", "score": 3}, {"area": "cleaning", "score": 10}],
            )
        return reading.public_id


def waiting_check(house: House) -> str:
    with house.inside():
        waits = select(HealthCheck.public_id).where(HealthCheck.kind == "review_health_assessment")
        return db.session.scalars(waits).one()


def school_and_health(world: World, jay: Person) -> None:
    """Every sort of line at a glance, weeks of school, skills above and below what is expected."""
    world.record(HealthRegistration, person_id=jay, kind="gp", provider_name=LONG, valid_from=days_ago(90))
    world.record(
        HealthRegistration, person_id=jay, kind="dentist", valid_from=days_ago(90), valid_to=days_ago(9)
    )
    world.record(EducationSpell, person_id=jay, setting_type="mainstream_school", valid_from=days_ago(90))
    for monday in last_weeks(today(), 12)[::2]:
        week = {"week_starting": monday.isoformat(), "sessions_possible": 10, "sessions_attended": 7}
        world.record(Attendance, person_id=jay, **week)
    world.record(PlanReview, person_id=jay, kind="cla_review", due_on=days_ago(3))
    world.instrument("skills", scale_min=0, scale_max=4, expected_level_by_age={"5-25:*": "3"})
    skills = {"instrument_code": "skills", "version": "1", "informant": "keyworker", "status": "complete"}
    scores = [{"area": "cooking", "score": 4}, {"area": "cleaning", "score": 1}]
    world.record(Reading, person_id=jay, **skills, taken_on=days_ago(20), scores=scores)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360 px", "1280 px"])
def test_no_page_has_a_fault(house: House, live: Live, windows: Windows, size: dict[str, int]) -> None:
    reading, waiting = full_record(house), waiting_check(house)
    base, page = live(house.app), windows(size)
    complaints, faults = watched(page), []
    sign_in(page, base, "mo@elm.example")
    for where in (
        "/my-day",
        "/children",
        house.of(house.jay),
        house.of(house.jay, "/timeline"),
        house.of(house.jay, "/keyworker-session/new"),
        house.of(house.jay, "/goal-review/new"),
        house.of(house.jay, f"/goal-review/new?goal={house.goal}"),
        house.of(house.jay, "/reading/new"),
        house.of(house.jay, f"/reading/new?instrument={house.wheel}&informant=child"),
        house.of(house.jay, f"/reading/{reading}"),
        house.of(house.jay, f"/reading/{reading}/correct"),
        house.of(house.jay, f"/health-check/{waiting}/done"),
        house.of(house.jay, "/attendance/new"),
    ):
        answer = page.goto(base + where)
        assert answer is not None
        assert answer.status == 200, where
        faults += [f"{where}: {fault}" for fault in [*examine(page), *complaints]]
        complaints.clear()
    for form in ("/keyworker-session/new", f"/reading/new?instrument={house.wheel}&informant=child"):
        page.goto(base + house.of(house.jay, form))
        page.locator("main form button[type=submit]").click()
        page.wait_for_selector(".govuk-error-summary")
        # The refusal itself is a 422, which the console tells.
        faults += [f"{form} refused: {fault}" for fault in examine(page)]
        complaints.clear()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_session_is_logged_with_six_taps(house: House, live: Live, windows: Windows, scripts: bool) -> None:
    base, page = live(house.app), windows(PHONE, java_script_enabled=scripts, has_touch=True)
    sign_in(page, base, "ada@elm.example")
    page.get_by_role("link", name="Log a session").first.tap()
    level = page.locator(f"[name=level-{house.goal}]")
    assert not level.is_visible()
    page.get_by_label("Yes, it was held").tap()
    page.get_by_label("Better").tap()
    # The level is asked once the goal was talked about.
    assert level.is_visible()
    page.fill("[name=child_words]", "I made soup")
    page.get_by_role("button", name="Save session").tap()
    page.wait_for_url(f"**{house.of(house.jay)}")
    assert page.get_by_text("Key-worker session saved").is_visible()
    assert page.get_by_text("“I made soup”").is_visible()
    with house.inside():
        (session,) = db.session.scalars(select(KeyworkerSession))
        assert (session.status, session.held_on, session.child_words) == ("held", today(), "I made soup")


def test_a_missed_session_asks_only_what_it_needs(house: House, live: Live, windows: Windows) -> None:
    base, page = live(house.app), windows(PHONE)
    sign_in(page, base, "ada@elm.example")
    page.goto(base + house.of(house.jay, "/keyworker-session/new"))
    reason = page.locator("[name=missed_reason]")
    assert not reason.is_visible()
    page.get_by_label("No, it did not happen").check()
    assert reason.is_visible()
    assert not page.get_by_text("Goals talked about").is_visible()
