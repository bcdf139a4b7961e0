"""The net that every page test relies on: one seeded fault per rule, each found; and a sound page passes."""

import pytest

from tests.pagelint import lint

SOUND = """<!DOCTYPE html><html lang="en"><head><title>Children – Outcomes</title></head><body>
<h1>Children</h1><a href="/children">All</a>
<form method="post" action="/children"><input type="hidden" name="csrf_token" value="t">
<input type="hidden" name="idempotency_key" value="k"><label for="name">Name</label><input id="name" name="name">
<fieldset><legend>Kind</legend><input type="radio" id="r" name="r" value="1"><label for="r">One</label></fieldset></form>
<table><caption>Scores</caption><tbody><tr><th scope="row">Safe</th><td>4</td></tr></tbody></table></body></html>"""


def test_a_sound_page_passes() -> None:
    assert lint(SOUND) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('lang="en"', "", "no lang"),
        ("Children – Outcomes", "Children", "title is"),
        ("<h1>Children</h1>", "", "one h1"),
        ("<h1>Children</h1>", "<h1>Children</h1><h1>Twice</h1>", "one h1"),
        (
            "<h1>Children</h1>",
            '<h1>Children</h1><p class="govuk-error-message">No</p>',
            "must start with 'Error: '",
        ),
        ('id="r"', 'id="name"', "is there 2 times"),
        ('for="name"', 'for="nome"', "'nome', which is no id"),
        ('<label for="name">Name</label>', "", "'name' has no label"),
        ("<legend>Kind</legend>", "", "in no fieldset"),
        ('name="csrf_token"', 'name="other"', "carries no csrf_token"),
        ('value="k"', 'value=""', "carries no idempotency_key"),
        ('action="/children"', 'action=""', "no action"),
        (">All</a>", "></a>", "without words"),
        ('href="/children"', 'href="#nowhere"', "leads to #nowhere"),
        ('href="/children"', 'href="javascript:alert(1)"', "content policy"),
        ("<h1>", '<h1 style="color:red">', "content policy"),
        ("<h1>", '<h1 onclick="go()">', "content policy"),
        ("</body>", "<script>go()</script></body>", "without a nonce"),
        ("<caption>Scores</caption>", "", "no caption"),
        ('<th scope="row">', "<th>", "no scope"),
        ("<td>4</td>", "<td>None</td>", "prints None"),
        ("</table>", "", "invalid HTML"),
    ],
)
def test_each_fault_is_told(before: str, after: str, told: str) -> None:
    page = SOUND.replace(before, after)
    assert page != SOUND
    assert any(told in fault for fault in lint(page)), lint(page)
