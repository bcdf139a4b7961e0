"""The main job, in a real browser: a key worker logs it, the figure moves, the commissioner sees it.

With scripts and without. What is read on a page is also read from the engine, before and after.
"""

import re
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.test import TestResponse

from outcomes.care.people import Person
from outcomes.core.database import db
from outcomes.kit.declaring.record import KINDS
from outcomes.records.sessions import KeyworkerSession
from outcomes.web.routes import declarations
from tests.access.attacked.canaries import texts_of
from tests.browser import DESKTOP, PHONE, Live, Windows, examine, sign_in, watched
from tests.builders import signed_in
from tests.journeys.conftest import (
    NEXT,
    PLANTED,
    PROGRESS,
    SESSIONS,
    WORDS,
    Story,
    address_of,
)

pytestmark = pytest.mark.browser

MOST_PAGES = 200


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_session_and_a_reading_move_the_figures(
    story: Story, live: Live, windows: Windows, scripts: bool
) -> None:
    base, window = live(story.app), lambda size: windows(size, java_script_enabled=scripts)
    cleo = window(DESKTOP)
    sign_in(cleo, base, address_of("cleo"))
    assert seen_by(cleo, base, story) == ("1", "0.0% (0 of 1)")
    assert from_engine(story) == [(1, None), (0, 1)]

    ada = window(PHONE)
    complaints = watched(ada)
    sign_in(ada, base, address_of("ada"))
    log_a_session(ada, story)
    take_a_reading(ada, base, story)
    assert complaints == []
    assert examine(ada) == [] if scripts else True

    assert from_engine(story) == [(2, None), (1, 1)]
    assert seen_by(cleo, base, story) == ("2", "100.0% (1 of 1)")

    sam = window(DESKTOP)
    sign_in(sam, base, address_of("sam"))
    read_the_evidence(sam, base, story)
    refuse_a_stale_save(ada, window(DESKTOP), base, story)


def log_a_session(ada: Page, story: Story) -> None:
    """From my day: the goal tapped, the child's words, the next action."""
    ada.get_by_role("link", name="Log a session with Zephyrine Quillfeather").first.click()
    ada.get_by_label("Yes, it was held").check()
    ada.locator(f"[name=goal-{story.goal}][value=improved]").check()
    ada.fill("[name=child_words]", WORDS)
    ada.fill("[name=next_action]", NEXT)
    ada.get_by_role("button", name="Save session").click()
    ada.wait_for_url(f"**/children/{story.zephyrine}")
    assert ada.get_by_text("Key-worker session saved").is_visible()


def take_a_reading(ada: Page, base: str, story: Story) -> None:
    """The child's own view, with the last reading beside each area."""
    ada.goto(f"{base}/children/{story.ottoline}/reading/new")
    ada.locator('a[href$="informant=child"]').click()
    assert ada.get_by_text("Last time: 4").count() == 3
    for area, score in (("cooking", "7"), ("cleaning", "5"), ("relationships", "4")):
        ada.locator(f'[name=score-{area}][value="{score}"]').check()
    ada.get_by_label("Complete", exact=True).check()
    ada.get_by_role("button", name="Save reading").click()
    ada.wait_for_url(re.compile(r"/reading/[^/?]{20,}$"))
    assert ada.get_by_text("Reading saved").is_visible()


def from_engine(story: Story) -> list[tuple[int | None, int | None]]:
    return [(figure.met, figure.out_of) for figure in map(story.figure, (SESSIONS, PROGRESS))]


def seen_by(page: Page, base: str, story: Story) -> tuple[str, str]:
    """The two figures as the page of each measure says them; the scorecard must say the same."""
    found = []
    for measure, title in ((SESSIONS, "Key-worker sessions delivered"), (PROGRESS, "Young people making")):
        page.goto(base + story.scorecard(measure))
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name=title)).first
        on_scorecard = row.locator("td").first.inner_text()
        row.get_by_role("link", name=title).click()
        shown = page.locator(".app-figure__value").first.inner_text().strip()
        assert shown in on_scorecard, (shown, on_scorecard)
        found.append(shown)
    return found[0], found[1]


def read_the_evidence(sam: Page, base: str, story: Story) -> None:
    """The social worker: the child's words, the wheel and its table; another child is not there."""
    sam.goto(f"{base}/children/{story.zephyrine}")
    assert sam.get_by_text(WORDS).first.is_visible()
    assert sam.get_by_text("Polish the harpsichord").first.is_visible()
    sam.goto(f"{base}/children/{story.ottoline}")
    assert sam.locator("svg").first.is_visible()
    assert sam.locator("table", has_text="Cooking").first.inner_text().count("7") == 1
    for rest in ("", "/timeline", "/keyworker-session", "/reading/new"):
        answer = sam.goto(f"{base}/children/{story.leopold}{rest}")
        assert answer is not None
        assert answer.status == 404
        assert "Leopold" not in sam.content()


def refuse_a_stale_save(ada: Page, mo: Page, base: str, story: Story) -> None:
    """Both correct the session that Ada logged; Mo saves first, and Ada loses nothing."""
    where = correction_of_the_session(story)
    ada.goto(base + where)
    sign_in(mo, base, address_of("mo"))
    mo.goto(base + where)
    mo.fill("[name=child_words]", "What Mo heard")
    mo.get_by_role("button", name="Save key-worker session").click()
    mo.wait_for_url(lambda address: not address.endswith("/correct"))

    ada.fill("[name=child_words]", f"{WORDS}, today")
    save = ada.get_by_role("button", name="Save key-worker session")
    with ada.expect_response(lambda answer: answer.request.method == "POST") as refused:
        save.click()
    assert refused.value.status == 409
    assert ada.get_by_text("What Mo heard").first.is_visible()
    assert ada.input_value("[name=child_words]") == f"{WORDS}, today"
    with story.inside():
        assert story.one(KeyworkerSession, next_action=NEXT).child_words == "What Mo heard"
    save.click()
    ada.wait_for_url(lambda address: not address.endswith("/correct"))
    with story.inside():
        assert story.one(KeyworkerSession, next_action=NEXT).child_words == f"{WORDS}, today"


def correction_of_the_session(story: Story) -> str:
    with story.inside():
        session = story.one(KeyworkerSession, next_action=NEXT).public_id
    return f"/children/{story.zephyrine}/keyworker-session/{session}/correct"


def test_a_commissioner_meets_no_child_anywhere(any_story: Story) -> None:
    """Every page and file that links lead to, and every address of the application with real identifiers in it."""
    story = any_story
    with story.inside() as world:
        world.record(
            KeyworkerSession,
            person_id=story.one(Person, public_id=story.zephyrine),
            status="held",
            held_on=story.quarter.first,
            child_words=WORDS,
            next_action=NEXT,
        )
    cleo = walker(story, "cleo")
    reached = followed(cleo, [story.scorecard(SESSIONS), story.measure(SESSIONS), story.measure(PROGRESS)])
    assert {urlsplit(one).path for one in reached} >= {"/scorecard", f"/measures/{SESSIONS}"}
    assert len(reached) < MOST_PAGES
    tried = {address: said(cleo.get(address)) for address in addresses(story)}
    leaks = [
        (where, word) for where, text in {**reached, **tried}.items() for word in PLANTED if word in text
    ]
    assert leaks == []
    # The same walk does find them for somebody who may see them.
    mo = followed(walker(story, "mo"), ["/children"], most=60)
    assert {word for text in mo.values() for word in PLANTED if word in text} == set(PLANTED) - {"Leopold"}


def walker(story: Story, who: str) -> FlaskClient:
    """A client that opens many pages; that each is good HTML is tested elsewhere."""
    story.app.test_client_class = FlaskClient
    return signed_in(story.app, address_of(who))


def said(answer: TestResponse) -> str:
    """What a page or a file says, a workbook's sheets included."""
    return "\n".join(texts_of(answer))


def followed(client: FlaskClient, starts: list[str], most: int = MOST_PAGES) -> dict[str, str]:
    """Every page and file that links lead to from `starts` and the first page, by address."""
    waiting, found = ["/", *starts], {}
    while waiting and len(found) < most:
        where = waiting.pop(0)
        if where in found or where.startswith("/static/"):
            continue
        answer = client.get(where)
        assert answer.status_code < 400, where
        found[where] = said(answer)
        hrefs = re.findall(r'href="([^"#][^"]*)"', found[where]) if answer.mimetype == "text/html" else []
        links = [urljoin(where, urldefrag(one)[0]) for one in hrefs]
        if answer.location:
            links.append(answer.location)
        waiting += [one.replace("&amp;", "&") for one in links if one.startswith("/")]
    return found


def addresses(story: Story) -> list[str]:
    """Every GET address of the application, filled in with the records that there are."""
    with story.inside():
        keys = {kind.slug(): list(db.session.scalars(select(kind.public_id))) for kind in KINDS}
    owners = [story.zephyrine, story.homes_contract]
    made = []
    for row in declarations(story.app):
        if "GET" in row["methods"] and "<path:" not in row["rule"]:
            own = keys.get(row["audit"].partition(":")[0]) or [story.zephyrine]
            made += [fill_in(row["rule"], owner, record) for owner in owners for record in own]
    figures = f"/api/v1/measures/{PROGRESS}/figures?period={story.quarter.code}"
    return [*dict.fromkeys(made), figures, f"{figures}&members=1", f"{figures}&split=place"]


def fill_in(rule: str, owner: str, record: str) -> str:
    """An address of a routing rule."""
    values = {"owner": owner, "child": owner, "measure": PROGRESS, "token": "x" * 43}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], record), rule)
