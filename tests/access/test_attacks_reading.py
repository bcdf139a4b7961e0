"""Every address that is read, asked by one role of each sort for its own records and for somebody else's.

The records of a hidden child are tried under that child's address and under one's own child's. Every
combination of role, relationship and route is `make test-matrix`'s, which comes with the hardening.
"""

import re

import pytest
from sqlalchemy import select

from outcomes.audit.entry import AuditEntry
from outcomes.core.database import db
from outcomes.kit.record import KINDS, PersonRecord
from outcomes.web.routes import RouteAsJson, declarations
from tests.access.attacked import Town, mark, marks_in, town
from tests.audit.breaking import audit_broken

__all__ = ["town"]

HIDDEN = {
    "registered_manager": "birch",
    "keyworker": "oak",
    "social_worker": "gone",
    "responsible_individual": "birch",
    "iro": "gone",
    "residential_worker": "gone",
    "commissioner": "own",
    "system_administrator": "own",
    "nobody": "own",
}
"""A child whom each role may not see."""

WITH_CHILDREN = ("registered_manager", "keyworker", "social_worker", "iro")
REFUSED = (303, 401, 403, 404)
PLACES = {"home", "staff", "carer_household"}


def read(town: Town) -> list[RouteAsJson]:
    return [row for row in declarations(town.app) if "GET" in row["methods"]]


def of_child(town: Town) -> list[RouteAsJson]:
    return [row for row in read(town) if "/children/<" in row["rule"]]


def kind_of(row: RouteAsJson) -> str:
    kind = row["audit"].partition(":")[0].replace("-", "_")
    return "person" if kind == "child" else kind


def filled(row: RouteAsJson, child: str, record: str) -> str:
    rule = re.sub(r"/children/<public_id:\w+>", f"/children/{child}", row["rule"])
    return re.sub(r"<public_id:\w+>", record, rule)


def marks_of(child: str) -> set[str]:
    """The marks of a child and of every record about them."""
    kinds = {kind.kind_name() for kind in KINDS if issubclass(kind, PersonRecord)} | {"person", "author"}
    return {mark(f"{kind} {child}{when}") for kind in kinds for when in ("", " now")}


def test_no_address_shows_a_hidden_child(town: Town) -> None:
    # One town for all roles: building it takes longer than the walk.
    for who, hidden in HIDDEN.items():
        client = town.client(who)
        for row in of_child(town):
            record = town.ids.get(f"{kind_of(row)} {hidden}", "A" * 22)
            # With one parameter, the child is the record itself.
            below_own = hidden != "own" and row["rule"].count("<") == 2
            for owner in (hidden, "own") if below_own else (hidden,):
                answer = client.get(filled(row, town[f"person {owner}"], record))
                assert answer.status_code in REFUSED, (who, row["rule"], answer.status_code)
                assert not marks_in(answer) & marks_of(hidden), (who, row["rule"])


def test_every_address_shows_ones_own_child_and_of_others_nothing(town: Town) -> None:
    strangers = set().union(*(marks_of(child) for child in ("birch", "oak", "gone")))
    for who in WITH_CHILDREN:
        client, shown = town.client(who), set()
        for row in of_child(town):
            record = town.ids.get(f"{kind_of(row)} own", "A" * 22)
            answer = client.get(filled(row, town["person own"], record))
            assert answer.status_code in (200, 403), (who, row["rule"], answer.status_code)
            assert not marks_in(answer) & strangers, (who, row["rule"])
            shown |= marks_in(answer)
        for name in ("person", "contact", "goal", "goal_review", "health_check", "keyworker_session"):
            assert mark(f"{name} own") in shown, (who, name)


def test_a_former_home_reads_its_own_time_and_nothing_since(town: Town) -> None:
    client, shown = town.client("registered_manager"), set()
    for row in of_child(town):
        record = town.ids.get(f"{kind_of(row)} gone", "A" * 22)
        shown |= marks_in(client.get(filled(row, town["person gone"], record)))
        if "public_id:record" in row["rule"] and f"{kind_of(row)} gone now" in town.ids:
            later = client.get(filled(row, town["person gone"], town[f"{kind_of(row)} gone now"]))
            assert later.status_code in (403, 404), row["rule"]
            shown |= marks_in(later)
    since = {mark(f"{kind.kind_name()} gone now") for kind in KINDS} | {
        mark("home birch"),
        mark("contact gone"),
    }
    assert not shown & since
    assert {mark("goal gone"), mark("health_check gone"), mark("home elm")} <= shown


@pytest.mark.parametrize("who", ["commissioner", "system_administrator"])
def test_who_has_no_children_reads_no_child_anywhere(town: Town, who: str) -> None:
    """Not in lists, not in figures, not in the select lists of forms."""
    client = town.client(who)
    children = set().union(*(marks_of(child) for child in ("own", "gone", "oak", "birch")))
    staffed = {mark(f"{what} {name}") for what in PLACES for name in ("elm", "oak", "ada", "marlow", "sam")}
    for row in read(town):
        rule = row["rule"].replace("<measure_id:measure>", "hackney_homes.3.1-M1")
        for name in ("contract elm", "contract birch", "organisation elm", "home elm", "instrument wheel"):
            answer = client.get(re.sub(r"<(public_id|link_token):\w+>", town[name], rule))
            assert answer.status_code < 500
            forbidden = children | (staffed | {mark("contract birch")} if who == "commissioner" else set())
            assert not marks_in(answer) & forbidden, row["rule"]


@pytest.mark.parametrize("path", ["/api/v1/measures/{}/figures", "/measures/{}"])
def test_a_commissioner_asks_for_more_than_totals(town: Town, path: str) -> None:
    client, where = town.client("commissioner"), path.format("hackney_homes.3.1-M1")
    own, other = (f"{where}?contract={town[name]}" for name in ("contract elm", "contract birch"))
    assert client.get(own).status_code == 200
    assert client.get(f"{own}&split=place").status_code == 403
    assert client.get(other).status_code == 404
    if path.startswith("/api"):
        assert client.get(f"{own}&members=1").status_code == 403
        assert client.get(f"{own}&contract={town['contract birch']}&periods=8").status_code == 200
        shown = client.get(where).get_json()
        assert town["contract birch"] not in str(shown)


def test_no_page_of_a_child_is_shown_without_its_entry(town: Town) -> None:
    client = town.client("registered_manager")
    with audit_broken(town.app):
        for row in of_child(town):
            answer = client.get(
                filled(row, town["person own"], town.ids.get(f"{kind_of(row)} own", "A" * 22))
            )
            assert answer.status_code == 503, row["rule"]
            assert not marks_in(answer)


def test_a_walk_leaves_no_name_and_no_identifier_in_the_log(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    client = town.client("registered_manager")
    for child in ("own", "birch"):
        client.get(f"/children/{town[f'person {child}']}")
        client.get(f"/children/{town[f'person {child}']}/contact/{town[f'contact {child}']}")
    logged = capsys.readouterr().err
    assert "/children/<public_id:child>" in logged
    assert "cnry" not in logged
    assert not [name for name, public_id in town.ids.items() if public_id in logged]


def test_every_page_of_a_child_says_who_read_whom(town: Town) -> None:
    client = town.client("keyworker")
    for row in of_child(town):
        before = entries(town)
        answer = client.get(filled(row, town["person own"], town.ids.get(f"{kind_of(row)} own", "A" * 22)))
        if answer.status_code != 200:
            continue
        written = entries(town)[len(before) :]
        assert ("keyworker", town["person own"], "ok") in written, row["rule"]


def test_a_try_at_a_hidden_child_is_written_down(town: Town) -> None:
    town.client("keyworker").get(f"/children/{town['person birch']}")
    with town.app.app_context():
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        assert (last.role, last.outcome, last.record) == ("keyworker", "refused", town["person birch"])


def entries(town: Town) -> list[tuple[str, str, str]]:
    """Role, child and outcome of every entry of the audit."""
    with town.app.app_context():
        rows = db.session.execute(
            select(AuditEntry.role, AuditEntry.person, AuditEntry.outcome).order_by(AuditEntry.seq)
        )
        return [(row[0], row[1], row[2]) for row in rows]
