"""What was opened is written down before the answer leaves, or the answer does not leave."""

import pytest

from outcomes.core.permissions import Permission
from outcomes.web.reads import Read
from tests.web.site import CHILD, SECRET_WORDS, Site, keyworker

CHILD_READ = Read(
    action="child:read", route="/children/<public_id:child>", kind="person", public_id=CHILD, person=CHILD
)


def test_a_read_is_written_with_who_read_it(site: Site) -> None:
    assert site.client().get(f"/children/{CHILD}").status_code == 200
    assert site.reads == [CHILD_READ]
    assert site.readers == [site.actor]


def test_head_reads_too(site: Site) -> None:
    site.client().head(f"/children/{CHILD}")
    assert site.reads == [CHILD_READ]


def test_an_address_with_an_action_is_written_even_where_the_view_notes_nothing(site: Site) -> None:
    site.client().get("/api/v1/children")
    assert site.reads == [Read(action="child:list", route="/api/v1/children")]


def test_an_address_without_an_action_writes_nothing(site: Site) -> None:
    site.client().get("/")
    site.client().get("/list")
    assert site.reads == []


def test_a_refusal_is_written_as_one(site: Site) -> None:
    site.client().get("/children/" + "x" * 22)
    site.actor = keyworker(Permission.PLACE_READ)
    site.client().get(f"/children/{CHILD}")
    assert [(read.action, read.outcome, read.kind, read.public_id) for read in site.reads] == [
        ("child:read", "refused", "", "x" * 22),
        ("child:read", "refused", "", CHILD),
    ]


def test_nobody_signed_in_leaves_no_trace_here(site: Site) -> None:
    site.actor = None
    site.client().get(f"/children/{CHILD}")
    assert site.reads == []


def test_what_a_page_of_refusal_shows_is_a_read_as_well(site: Site) -> None:
    answered = site.client().send_form(f"/children/{CHILD}/stale", {})
    assert answered.status_code == 409
    assert [(read.kind, read.public_id, read.outcome) for read in site.reads] == [("person", CHILD, "ok")]


@pytest.mark.parametrize("address", [f"/children/{CHILD}", "/my-day", "/children/" + "x" * 22])
def test_nothing_is_shown_that_cannot_be_written_down(site: Site, address: str) -> None:
    site.audit_down = True
    answered = site.client().get(address)
    assert answered.status_code == 503
    assert SECRET_WORDS not in answered.text
    assert "day of" not in answered.text
    assert "disk full" not in answered.text
    assert answered.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answered.headers


def test_a_program_is_told_so_in_json(site: Site) -> None:
    site.audit_down = True
    answered = site.client().get("/api/v1/children")
    assert answered.status_code == 503
    assert answered.json is not None
    assert answered.json["error"]["code"] == "unavailable"


def test_pages_that_need_no_audit_go_on_without_it(site: Site) -> None:
    site.audit_down = True
    assert site.client().get("/").status_code == 200


def test_noting_a_read_where_none_is_declared_is_a_fault(site: Site) -> None:
    answered = site.client().get("/forgetful")
    assert answered.status_code == 500
    assert SECRET_WORDS not in answered.text
