"""The matrix: every address × every role × every relationship, against the table written by hand.

The whole of it, on both databases, is `make test-matrix`. Here, in every run: the table is whole, a
part of the matrix in which every address, role and relationship comes up, whoever has left, and
faults seeded to see that the walk would find them.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from outcomes.access import policy, rules
from outcomes.accounts.account import Account
from outcomes.accounts.roles import Role
from outcomes.core.clock import now, today
from outcomes.core.database import db
from outcomes.core.permissions import Permission
from outcomes.core.transaction import transaction
from outcomes.web.routes import NO_AUDIT, declarations
from tests.access import policy_table
from tests.access.attacked.canaries import canary, marks_in
from tests.access.attacked.town import Town
from tests.access.matrix.cells import Cell, allowed, cells_of
from tests.access.matrix.requests import prepare
from tests.access.matrix.undoing import SAVED, nothing_kept
from tests.access.matrix.walk import Walk
from tests.audit.breaking import audit_broken
from tests.builders import PASSWORD, token_of

EVERY = 12
MANAGER, SOCIAL_WORKER = "registered_manager", "social_worker"


def part(cells: list[Cell], role: str) -> list[Cell]:
    """A twelfth of the cells, others for each role."""
    return cells[policy_table.ROLES.index(role) :: EVERY]


def prepared(town: Town) -> Iterator[Town]:
    prepare(town)
    with nothing_kept(town.app):
        yield town


@pytest.fixture
def walked(town: Town) -> Iterator[Town]:
    yield from prepared(town)


@pytest.fixture
def any_walked(any_town: Town) -> Iterator[Town]:
    yield from prepared(any_town)


def test_every_address_is_in_the_table_and_every_row_is_walked(walked: Town) -> None:
    cells = cells_of(walked)
    assert {(row["rule"], *row["methods"]) for row in declarations(walked.app)} == {
        (cell.row["rule"], *cell.row["methods"]) for cell in cells
    }
    asked = {(cell.group.title, cell.to_do, cell.whose) for cell in cells}
    unasked = [
        (group.title, to_do, whose)
        for group, to_do, whose, _ in policy_table.rows()
        if (group.title, to_do, whose) not in asked
    ]
    assert unasked == []


def test_a_part_of_the_matrix_is_as_the_table_says(walked: Town, capsys: pytest.CaptureFixture[str]) -> None:
    cells, faults, asked = cells_of(walked), [], 0
    for role in policy_table.ROLES:
        walk = Walk(walked, role)
        for cell in part(cells, role):
            walk.ask(cell)
        faults += walk.faults
        asked += walk.asked
    assert faults == []
    assert asked > 800
    assert_silent(walked, capsys)


def assert_silent(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither a word of a record nor an identifier was written to a log or to standard error."""
    printed = "".join(capsys.readouterr())
    assert '"event": "request"' in printed, "the log is where this test looks"
    assert "cnry-" not in printed
    assert not [name for name, public_id in town.ids.items() if public_id in printed]


@pytest.mark.matrix
@pytest.mark.parametrize("role", policy_table.ROLES)
def test_the_whole_matrix_is_as_the_table_says(
    any_walked: Town, role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    walk, cells = Walk(any_walked, role), cells_of(any_walked)
    for cell in cells:
        walk.ask(cell)
    assert walk.faults == []
    assert walk.asked > 1400
    # Whoever refuses everything with 422 does not pass: all that the table allows was done to the last step.
    assert allowed(cells, role) - walk.done == UNSEEN.get(role, set())
    assert_silent(any_walked, capsys)


UNSEEN = {SOCIAL_WORKER: {"placement:correct"}}
"""What cannot be sent again as it stands: the contract of a placement, by a role that sees no contracts."""


@pytest.mark.matrix
def test_nothing_is_shown_or_saved_without_its_entry(any_walked: Town) -> None:
    """Every address of one's own, while the audit cannot be written: 503, and no word of a record."""
    town, tried = any_walked, 0
    walks = [Walk(town, role) for role in (MANAGER, "commissioner", "system_administrator")]
    cells = [
        cell for cell in cells_of(town) if cell.row["audit"] != NO_AUDIT and cell.row["rule"] != "/sign-out"
    ]
    with audit_broken(town.app):
        for walk in walks:
            for cell in cells:
                if cell.expected(walk.role) == policy_table.YES:
                    answer = walk.send(cell)
                    # Nothing that is sent is at fault, so that 400 or 422 would be no trial.
                    assert answer.status_code == 503, (walk.role, cell.says, answer.status_code)
                    assert not marks_in(answer), (walk.role, cell.says)
                    tried += 1
    assert tried > 300


@pytest.mark.parametrize("how", ["disabled", "ended"])
def test_whoever_has_left_is_sent_to_sign_in_at_the_next_request(walked: Town, how: str) -> None:
    town, clients = walked, {}
    for role in (MANAGER, "system_administrator"):
        walk = Walk(town, role)
        assert walk.client.get("/organisations").status_code == 200
        clients[role] = walk
    leave(town, how)
    for walk in clients.values():
        for cell in cells_of(town):
            if cell.group.title == policy_table.EVERYBODY or cell.whose not in ("own", "own home", "-"):
                continue
            answer = walk.send(cell)
            assert answer.status_code in (303, 401), (cell.says, answer.status_code)
            assert answer.headers.get("Location", "/sign-in").startswith("/sign-in"), cell.says
            assert not marks_in(answer), cell.says
        again = town.app.test_client()
        form = {"email": town.emails[walk.role], "password": PASSWORD}
        form |= {"csrf_token": token_of(again.get("/sign-in").text)}
        assert again.post("/sign-in", data=form).status_code == 422


def leave(town: Town, how: str) -> None:
    """Both accounts are disabled, or their grants end today; the sessions stay as they are."""
    with town.inside(), transaction() as session:
        for role in (MANAGER, "system_administrator"):
            account = session.scalars(select(Account).where(Account.email == town.emails[role])).one()
            if how == "disabled":
                account.disabled_at = now()
            for grant in account.grants if how == "ended" else ():
                grant.valid_to = today()


# -- the walk itself -----------------------------------------------------------------------------


def found_by(town: Town, role: str, kind: str, to_do: str, whose: str) -> list[str]:
    """What the walk says about one kind, one thing to do and one relationship."""
    walk = Walk(town, role)
    cells = [one for one in cells_of(town) if (one.kind, one.to_do, one.whose) == (kind, to_do, whose)]
    assert cells
    for cell in cells:
        walk.ask(cell)
    return walk.faults


def open_rule(monkeypatch: pytest.MonkeyPatch, _app: Flask) -> None:
    monkeypatch.setitem(rules.NAMED, "contact", rules.everybody)


def generous_policy(monkeypatch: pytest.MonkeyPatch, _app: Flask) -> None:
    manager = policy.POLICIES[Role.REGISTERED_MANAGER]
    more = replace(manager, permissions=manager.permissions | {Permission.CONTRACT_WRITE})
    monkeypatch.setitem(policy.POLICIES, Role.REGISTERED_MANAGER, more)


def open_to_change(monkeypatch: pytest.MonkeyPatch, _app: Flask) -> None:
    monkeypatch.delitem(rules.CHANGED, "staff")


def silent_audit(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    monkeypatch.setitem(app.extensions, "outcomes_read_writer", lambda actor, reads: None)


def leaking_view(view: Any) -> Callable[[pytest.MonkeyPatch, Flask], None]:
    def seed(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
        monkeypatch.setitem(app.view_functions, "records.contact_list", lambda **_: view)

    return seed


HIDDEN = canary("contact birch", "note")
SEEDED: dict[str, tuple[Callable[[pytest.MonkeyPatch, Flask], None], tuple[str, str, str], str]] = {
    "a role that may more": (generous_policy, ("contract_setting", "correct", "own contract"), "says 403"),
    "a change that is not looked at": (
        open_to_change,
        ("staff", "correct", "own child's social worker"),
        "says 403",
    ),
    "an audit that does not write": (silent_audit, ("contact", "read", "own"), "no entry"),
    "a view that shows too much": (
        leaking_view(HIDDEN),
        ("contact", "list", "own"),
        "shows cnry-contactbirch",
    ),
    "a header that tells": (
        leaking_view(("", 200, {"X-Note": HIDDEN})),
        ("contact", "list", "own"),
        "shows cnry-contactbirch",
    ),
}


@pytest.mark.parametrize("fault", SEEDED)
def test_the_walk_finds_a_seeded_fault(
    walked: Town, fault: str, monkeypatch: pytest.MonkeyPatch, anew: Callable[[], None]
) -> None:
    seed, cell, told = SEEDED[fault]
    assert found_by(walked, MANAGER, *cell) == []
    seed(monkeypatch, walked.app)
    anew()
    assert any(told in one for one in found_by(walked, MANAGER, *cell))
    monkeypatch.undo()
    anew()
    assert found_by(walked, MANAGER, *cell) == []


def test_the_walk_finds_a_rule_that_lets_everybody_in(
    walked: Town, monkeypatch: pytest.MonkeyPatch, anew: Callable[[], None]
) -> None:
    cell = ("contact", "read", "former, since")
    assert found_by(walked, MANAGER, *cell) == []
    open_rule(monkeypatch, walked.app)
    anew()
    faults = found_by(walked, MANAGER, *cell)
    assert any("says 404, the answer was 200" in one for one in faults)
    assert any("shows cnry-contactgonenow-note" in one for one in faults)


def test_an_address_that_the_table_does_not_mention_says_what_to_do(walked: Town) -> None:
    row = declarations(walked.app)[-1] | {"rule": "/diaries", "audit": "diary:list"}
    with pytest.raises(policy_table.NotInTheTable) as told:
        policy_table.group_of(row)
    assert "tests/access/policy_table.md" in str(told.value)
    assert "Kinds:" in str(told.value)
    unknown = row | {"audit": "contact:shred"}
    with pytest.raises(policy_table.NotInTheTable, match="no row for 'shred'"):
        policy_table.group_of(unknown)


def test_nothing_was_kept_of_what_the_walk_wrote(walked: Town) -> None:
    def rows() -> int:
        with walked.inside():
            return db.session.scalar(select(func.count()).select_from(rules.Person)) or 0

    before = rows()
    walk = Walk(walked, MANAGER)
    for cell in cells_of(walked):
        if (cell.kind, cell.to_do, cell.method) == ("person", "add", "POST") and "/api/" in cell.row["rule"]:
            assert walk.send(cell).status_code == SAVED
    assert rows() == before
