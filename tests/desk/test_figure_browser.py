"""The pages of figures in a real browser: axe, sideways overflow, the console; at 360 and 1280 px."""

import pytest

from tests.browser import DESKTOP, PHONE, Live, Windows, examine, sign_in, watched
from tests.desk.figures_world import EPISODES, GOALS, Figures

pytestmark = pytest.mark.browser


def addresses(world: Figures) -> list[str]:
    return [
        world.scorecard(),
        world.measure(),
        world.measure(EPISODES),
        world.measure(GOALS),
        world.measure(period="2025-08"),
        f"/contracts/{world.contract}",
    ]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360 px", "1280 px"])
@pytest.mark.parametrize("who", ["commissioner", "manager"])
def test_no_page_of_figures_has_a_fault(
    world: Figures,
    live: Live,
    windows: Windows,
    size: dict[str, int],
    who: str,
) -> None:
    base, page = live(world.app), windows(size)
    sign_in(page, base, world.emails[who])
    complaints, faults = watched(page), []
    for address in addresses(world):
        page.goto(f"{base}{address}")
        faults += [f"{address}: {fault}" for fault in [*examine(page), *complaints]]
        complaints.clear()
    assert not faults, "\n".join(faults)
