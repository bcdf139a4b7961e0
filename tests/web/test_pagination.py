"""Links between the pages of a list."""

import pytest
from flask import Blueprint

from outcomes.core.permissions import Permission
from outcomes.core.settings import Settings
from outcomes.web.limits import page_wanted
from outcomes.web.pagination import Page, page_of
from outcomes.web.routes import route
from tests.web.site import CHILD, make_site


def page(number: int, total: int, per_page: int = 10) -> Page[int]:
    shown = max(0, min(per_page, total - (number - 1) * per_page))
    return Page(range(shown), total, number, per_page, lambda to: f"?page={to}")


@pytest.mark.parametrize(
    ("number", "total", "links"),
    [
        (1, 0, ""),
        (1, 10, ""),
        (1, 11, "[1] 2"),
        (2, 30, "1 [2] 3"),
        (1, 100, "[1] 2 … 10"),
        (5, 100, "1 … 4 [5] 6 … 10"),
        (10, 100, "1 … 9 [10]"),
        (99, 100, "1 … 10"),
    ],
)
def test_links(number: int, total: int, links: str) -> None:
    drawn = [
        "…" if link.number is None else f"[{link.number}]" if link.current else str(link.number)
        for link in page(number, total).links
    ]
    assert " ".join(drawn) == links


def test_before_and_after() -> None:
    assert (page(1, 30).previous_href, page(1, 30).next_href) == ("", "?page=2")
    assert (page(3, 30).previous_href, page(3, 30).next_href) == ("?page=2", "")
    assert (page(50, 30).previous_href, page(50, 30).next_href) == ("?page=3", "")


def test_what_is_shown_in_words() -> None:
    assert page(2, 25).shown == "Showing 11 to 20 of 25"
    assert page(3, 25).shown == "Showing 21 to 25 of 25"
    assert page(1, 0).shown == ""


def test_links_keep_the_filters_and_the_place(web_settings: Settings) -> None:
    pages = Blueprint("lists", __name__)

    @route(pages, "/children/<public_id:child>/list", permission=Permission.PUBLIC, audit="none")
    def listed(child: str) -> str:
        return page_of(["a"], 60, page_wanted()).next_href

    browser = make_site(web_settings, pages).client()
    answered = browser.get(f"/children/{CHILD}/list?kind=a&kind=b&page=2&child=x&q=Zo%C3%AB")
    assert answered.text == f"/children/{CHILD}/list?kind=a&kind=b&page=3&q=Zo%C3%AB"
