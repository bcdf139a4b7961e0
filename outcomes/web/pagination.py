"""Pages of a list: which links to draw. How a page is asked for is `limits.py: page_wanted`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote, urlencode

from flask import request

from outcomes.web.limits import PageWanted

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class PageLink:
    """One link, or a gap ("…") where `number` is None."""

    number: int | None
    href: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list, and how to reach the others.

    `total` rows in all; `page` counts from 1. An empty list has one page.
    """

    items: Sequence[Row]
    total: int
    page: int
    per_page: int
    href: Callable[[int], str]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def previous_href(self) -> str:
        """ "" on the first page. From beyond the end it leads back to the last."""
        return self.href(min(self.page - 1, self.pages)) if self.page > 1 else ""

    @property
    def next_href(self) -> str:
        return self.href(self.page + 1) if self.page < self.pages else ""

    @property
    def links(self) -> list[PageLink]:
        """First, last, this and its neighbours, with gaps between; none where one page is all."""
        return list(self._links()) if self.pages > 1 else []

    def _links(self) -> Iterator[PageLink]:
        before = 0
        for number in sorted({1, self.pages, self.page - 1, self.page, self.page + 1}):
            if not 1 <= number <= self.pages:
                continue
            if number > before + 1:
                yield PageLink(None)
            yield PageLink(number, self.href(number), number == self.page)
            before = number

    @property
    def shown(self) -> str:
        """ "Showing 26 to 50 of 60"; "" for an empty page."""
        if not self.items:
            return ""
        first = (self.page - 1) * self.per_page + 1
        return f"Showing {first} to {first + len(self.items) - 1} of {self.total}"


def page_of(items: Sequence[Row], total: int, wanted: PageWanted) -> Page[Row]:
    """A page at this request's own address: its links keep the filters and change only the page."""
    return Page(items, total, wanted.page, wanted.per_page, _same_address)


def _same_address(number: int) -> str:
    # Not url_for: the names in a query are its sender's, and url_for takes some of them for its own
    # (`_scheme`, `_external`, `endpoint`).
    asked = request.args.to_dict(flat=False)
    # Nor the words of the address itself, which stand there already.
    query = {name: values for name, values in asked.items() if name not in (request.view_args or {})}
    query["page"] = [str(number)]
    return f"{quote(request.path)}?{urlencode(query, doseq=True)}"
