"""One test client that lints every page it fetches: `app.test_client_class = LintingClient`.

A fault names the page and the mend. What a browser must judge (contrast, overflow) is `tests/browser.py`.
"""

import re
from collections.abc import Iterator
from typing import Any

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

WITHOUT_KEY = ("/sign-in", "/sign-out")
"""Forms that may be sent twice without harm: no idempotency key is asked of them."""
REFUSED = "which the content policy refuses"


class Answer(TestResponse):
    """An answer whose text can be looked through also where it is a file: what is no text is replaced."""

    @property
    def text(self) -> str:
        return self.get_data().decode(errors="replace")


class LintingClient(FlaskClient):
    """Flask's test client, which fails the test when a page that it fetched has a fault."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.response_wrapper = type("Answer", (Answer, self.response_wrapper), {})

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.get_data() and not 300 <= response.status_code < 400:
            faults = lint(response.text)
            assert not faults, f"{response.request.path}:\n" + "\n".join(f"- {fault}" for fault in faults)
        return response


def lint(html: str) -> list[str]:
    """Every fault of a page, in words."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(html)
    broken = [f"invalid HTML at line {place[0]}: {code} {data}" for place, code, data in parser.errors]
    rules = (_whole, _tables, _references, _controls, _forms, _safety)
    return broken + [fault for rule in rules for fault in rule(page)]


def _text(element: Any) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _whole(page: Any) -> Iterator[str]:
    title, headings = _text(page.find("head/title")), [_text(one) for one in page.iter("h1")]
    if not page.get("lang"):
        yield "html has no lang"
    if not re.fullmatch(r".+ – Outcomes", title):
        yield f"title is {title!r}, expected words and ' – Outcomes'"
    if any("govuk-error" in one.get("class", "") for one in page.iter()) and not title.startswith("Error: "):
        yield f"title {title!r} must start with 'Error: ', because the page shows errors"
    if len(headings) != 1 or not headings[0]:
        yield f"expected one h1 with words, came {headings}"
    for one in page.iter():
        if isinstance(one.tag, str) and (one.text or "").strip() in ("None", "Undefined", "[]"):
            yield f"<{one.tag}> prints {one.text.strip()}: show words for what is not there"


def _tables(page: Any) -> Iterator[str]:
    for table in page.iter("table"):
        if not _text(table.find("caption")):
            yield "a table has no caption"
        if any(not cell.get("scope") for cell in table.iter("th")):
            yield "a th of a table has no scope"


def _references(page: Any) -> Iterator[str]:
    ids = [one.get("id") for one in page.iter() if one.get("id")]
    yield from (f"the id {one!r} is there {ids.count(one)} times" for one in set(ids) if ids.count(one) > 1)
    for one in page.iter():
        names = " ".join(one.get(name, "") for name in ("for", "aria-describedby", "aria-labelledby")).split()
        yield from (f"{one.tag} points at {name!r}, which is no id here" for name in names if name not in ids)
    for link in page.iter("a"):
        href, words = link.get("href", ""), _text(link) or link.get("aria-label")
        if not href or not words:
            yield f"a link without words or without an address: {href!r} {words!r}"
        if href.startswith("#") and href[1:] not in ids:
            yield f"the link {words!r} leads to {href}, which is no id here"


def _controls(page: Any) -> Iterator[str]:
    labels = {label.get("for") for label in page.iter("label") if _text(label)}
    groups = [group for group in page.iter("fieldset") if _text(group.find("legend"))]
    grouped = {one.get("name") for group in groups for one in group.iter("input")}
    for one in (each for tag in ("input", "select", "textarea") for each in page.iter(tag)):
        kind, name = one.get("type", ""), one.get("name")
        if kind not in ("hidden", "submit") and one.get("id") not in labels and not one.get("aria-label"):
            yield f"the control {name!r} has no label"
        if kind == "radio" and name not in grouped:
            yield f"the radio {name!r} is in no fieldset with a legend"


def _forms(page: Any) -> Iterator[str]:
    for form in page.iter("form"):
        action, posts = form.get("action", ""), form.get("method", "get").lower() == "post"
        names = [
            one.get("name") for one in form.iter("input") if one.get("type") == "hidden" and one.get("value")
        ]
        keyed = ["idempotency_key"] if action.split("?")[0] not in WITHOUT_KEY else []
        wanted = ["csrf_token", *keyed] if posts else []
        yield from (f"the form to {action} carries no {name}" for name in wanted if names.count(name) != 1)
        if not action:
            yield "a form has no action"


def _safety(page: Any) -> Iterator[str]:
    for one in page.iter():
        for name, value in one.attrib.items():
            if (
                str(name) == "style"
                or str(name).startswith("on")
                or value.strip().lower().startswith("javascript:")
            ):
                yield f"<{one.tag}> has {name}={value!r}, {REFUSED}"
        if one.tag == "style" or (one.tag == "script" and not one.get("nonce")):
            yield f"<{one.tag}> without a nonce, {REFUSED}"
