"""The timeline: every kind, newest first, filtered, a line each, within the reader's levels."""

from datetime import datetime

import pytest

from outcomes.core.actor import Actor, Level
from outcomes.core.clock import LONDON
from outcomes.core.periods import parse_period
from outcomes.core.transaction import transaction
from outcomes.desk.child.timeline import kinds_shown, page_of_timeline
from outcomes.desk.child.timeline_words import lines_of
from outcomes.kit.declaring.record import KINDS, PersonRecord
from outcomes.kit.writing import writer
from outcomes.records.health import HealthCheck
from outcomes.records.missing import MissingEpisode
from outcomes.records.plans import GoalReview
from outcomes.records.sessions import KeyworkerSession
from outcomes.web.limits import PageWanted
from tests.builders import World
from tests.desk.conftest import House, counted, days_ago, words_of

ALL = Actor("Ada", "any", levels=frozenset(Level))
FIRST = PageWanted(1, 25)


def test_all_kinds_stand_in_one_order(any_house: House) -> None:
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        world.record(
            KeyworkerSession, person_id=jay, status="held", held_on=days_ago(5), child_words="I want a dog"
        )
        world.record(HealthCheck, person_id=jay, kind="dental", attended_on=days_ago(6))
        world.record(MissingEpisode, person_id=jay, kind="missing", started_at=f"{days_ago(7)}T20:00")
        world.record(
            GoalReview, goal_id=any_house.goal_of_jay(), reviewed_on=days_ago(8), judgement="improved"
        )
    page = any_house.signed_in("sam").get(any_house.of(any_house.jay, "/timeline"))
    told = words_of(page.text)
    order = [
        "Not done yet",
        "Child words: I want a dog",
        "Dental check",
        "Missing episode",
        "Getting better",
        "Goal: Cook one meal a week",
        "Placement",
    ]
    places = [told.index(part, told.index("Any time")) for part in order]
    assert places == sorted(places), told
    assert "by the system" in told
    assert "Showing 1 to 9 of 9" in told


def test_filters_narrow_by_kind_and_by_period(any_house: House) -> None:
    with any_house.inside() as world:
        jay = any_house.child(any_house.jay)
        for when in ("2026-03-31T23:30", "2026-04-01T00:30", "2026-06-30T23:30"):
            began = datetime.fromisoformat(when).replace(tzinfo=LONDON)
            world.record(
                MissingEpisode,
                person_id=jay,
                kind="missing",
                started_at=began.isoformat(),
                ended_at=began.replace(minute=45).isoformat(),
            )
        shown, total = page_of_timeline(jay, [MissingEpisode], parse_period("2026-27-Q1"), FIRST)
        lines = lines_of(shown, jay, ALL)
    # The London day decides, though 00:30 on 1 April is still March in UTC.
    assert total == 2
    assert [line["when"] for line in lines] == ["30 June 2026", "1 April 2026"]
    where = any_house.of(any_house.jay, "/timeline?kind=missing-episode&period=2026-27-Q1")
    page = any_house.signed_in("ada").get(where).text
    assert "Showing 1 to 2 of 2" in page
    assert '<option value="missing-episode" selected>' in page


@pytest.mark.parametrize("wrong", ["kind=nonsense", "period=2026-13", "page=0", "kind=person"])
def test_a_wrong_filter_is_refused_in_words(house: House, wrong: str) -> None:
    client = house.signed_in("ada")
    assert client.get(house.of(house.jay, f"/timeline?{wrong}")).status_code == 422


def test_what_the_reader_may_not_know_is_not_counted(in_app: World) -> None:
    jay = in_app.child("Jay")
    in_app.record(MissingEpisode, person_id=jay, kind="missing", started_at=f"{days_ago(9)}T20:00")
    in_app.record(KeyworkerSession, person_id=jay, status="held", held_on=days_ago(5))
    fewer = Actor("Ada", "any", levels=frozenset(Level) - {Level.SAFEGUARDING})
    totals = [page_of_timeline(jay, kinds_shown(actor), None, FIRST)[1] for actor in (ALL, fewer)]
    assert totals == [2, 1]
    assert MissingEpisode not in kinds_shown(fewer)


def test_every_dated_kind_of_a_child_is_there() -> None:
    """A new kind needs no line here: one that names the day it is about appears."""
    dated = {kind for kind in KINDS if issubclass(kind, PersonRecord) and kind.declaration.about}
    assert set(kinds_shown(ALL)) == dated
    assert len(dated) > 8


def test_a_withdrawn_record_is_gone(in_app: World) -> None:
    jay = in_app.child("Jay")
    session = in_app.record(KeyworkerSession, person_id=jay, status="held", held_on=days_ago(5))
    assert page_of_timeline(jay, kinds_shown(ALL), None, FIRST)[1] == 1
    with transaction():
        writer.withdraw(session, revision=1, reason="For another child", by=in_app.by)
    assert page_of_timeline(jay, kinds_shown(ALL), None, FIRST) == ([], 0)


def test_the_timeline_reads_little(house: House) -> None:
    with house.inside() as world:
        jay = house.child(house.jay)
        for number in range(30):
            world.record(KeyworkerSession, person_id=jay, status="held", held_on=days_ago(number))
    client = house.signed_in("ada")
    with counted(house.app) as seen:
        page = client.get(house.of(house.jay, "/timeline?page=2"))
    assert "Showing 26 to" in page.text
    assert 0 < len(seen) <= 8, "\n\n".join(seen)
