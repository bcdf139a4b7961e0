"""The sample pages in a real browser under the real content policy: axe, overflow, console, no scripts."""

import pytest

from tests.browser import DESKTOP, PHONE, Live, Windows, examine, watched
from tests.front.samples import PAGES, sample_app

pytestmark = pytest.mark.browser
SMALLEST = {"width": 320, "height": 640}


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360 px", "1280 px"])
def test_no_page_has_a_fault(live: Live, windows: Windows, size: dict[str, int]) -> None:
    address, page = live(sample_app()), windows(size)
    complaints, faults = watched(page), []
    for name in PAGES:
        page.goto(f"{address}/{name}")
        faults += [f"{name}: {fault}" for fault in [*examine(page), *complaints]]
        complaints.clear()
    assert not faults, "\n".join(faults)


def test_nothing_overflows_at_the_smallest_width(live: Live, windows: Windows) -> None:
    """320 px is 1280 px at four times the size: WCAG's reflow."""
    address, page = live(sample_app()), windows(SMALLEST)
    over = {}
    for name in PAGES:
        page.goto(f"{address}/{name}")
        over[name] = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert {name: px for name, px in over.items() if px > 0} == {}


def test_examine_finds_a_seeded_fault(live: Live, windows: Windows) -> None:
    """The net itself: a picture without words and a block wider than the window are both told."""
    address, page = live(sample_app()), windows(PHONE)
    page.goto(f"{address}/record-show")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    page.evaluate("document.querySelector('h1').style.width = '900px'")
    told = " ".join(examine(page))
    assert "axe image-alt" in told
    assert "wider than the window" in told


def test_the_policy_refuses_a_script_without_its_nonce(live: Live, windows: Windows) -> None:
    app = sample_app()
    app.add_url_rule(
        "/injected", "injected", lambda: "<title>x</title><script>document.title = 'taken'</script>"
    )
    page = windows(PHONE)
    complaints = watched(page)
    page.goto(f"{live(app)}/injected")
    assert page.title() == "x"
    assert any("Content Security Policy" in one for one in complaints)


def test_a_reading_is_given_by_taps_and_by_keys(live: Live, windows: Windows) -> None:
    page = windows(PHONE)
    page.goto(f"{live(sample_app())}/reading")
    page.check("#score-1-7")
    assert page.is_checked("#score-1-7")
    page.keyboard.press("ArrowRight")
    assert page.is_checked("#score-1-8")
    assert not page.is_checked("#score-1-7")


def test_no_picture_clips_its_words(live: Live, windows: Windows) -> None:
    """In the real font: the builders only estimate how wide words are."""
    address = live(sample_app())
    for size in (PHONE, DESKTOP):
        page = windows(size)
        page.goto(f"{address}/pictures")
        clipped = page.evaluate(
            """() => [...document.querySelectorAll('svg[role=img]')].flatMap(svg =>
                [...svg.querySelectorAll('text')].filter(text => {
                    const box = text.getBBox(), all = svg.viewBox.baseVal;
                    return box.width && (box.x < 0 || box.y < 0
                        || box.x + box.width > all.width || box.y + box.height > all.height);
                }).map(text => text.textContent))"""
        )
        assert clipped == []


def test_every_tap_target_is_large_enough(live: Live, windows: Windows) -> None:
    page = windows(PHONE)
    address = live(sample_app())
    for name in ("reading", "session-form", "my-day"):
        page.goto(f"{address}/{name}")
        boxes = page.eval_on_selector_all(
            ".app-tap, main button, .app-due__item",
            "all => all.map(one => [one.getBoundingClientRect().width, one.getBoundingClientRect().height])",
        )
        assert boxes
        assert min(width for width, _ in boxes) >= 44
        assert min(height for _, height in boxes) >= 44


def test_pages_work_without_scripts(live: Live, windows: Windows) -> None:
    page = windows(PHONE, java_script_enabled=False)
    page.goto(f"{live(sample_app())}/session-form")
    assert page.is_visible("text=Scorecard")
    page.check("#goal-1-4")
    assert page.is_checked("#goal-1-4")
    page.check("#status-2")
    assert page.is_visible("#missed_reason")


def test_a_further_question_appears_with_its_answer(live: Live, windows: Windows) -> None:
    page = windows(PHONE)
    page.goto(f"{live(sample_app())}/session-form")
    assert not page.is_visible("#missed_reason")
    page.check("#status-2")
    assert page.is_visible("#missed_reason")


def test_leaving_typed_words_asks_first(live: Live, windows: Windows) -> None:
    page = windows(PHONE)
    address = live(sample_app())
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{address}/record-form")
    page.goto(f"{address}/record-show")
    assert asked == []
    page.goto(f"{address}/record-form")
    page.fill("#words", "Jay talked about school.")
    page.click("text=Cancel")
    page.wait_for_url("**/record-show")
    assert asked == ["beforeunload"]


def test_a_heading_sorts_its_table_by_the_value_behind_the_words(live: Live, windows: Windows) -> None:
    page = windows(DESKTOP)
    page.goto(f"{live(sample_app())}/figures")
    page.click("button:has-text('Since')")
    dates = page.locator("[data-sort-value]").all_inner_texts()
    assert dates in (
        ["1 June 2024", "3 May 2025", "12 April 2026"],
        ["12 April 2026", "3 May 2025", "1 June 2024"],
    )


def test_the_error_summary_leads_to_the_answer(live: Live, windows: Windows) -> None:
    page = windows(PHONE)
    page.goto(f"{live(sample_app())}/record-form-faulty")
    page.click("text=The date must include a year.")
    assert page.evaluate("document.activeElement.id") == "due_on-year"
