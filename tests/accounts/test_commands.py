"""`outcomes init` and `outcomes accounts`, as the interface promises them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.exc import IntegrityError

from outcomes.accounts.account import Account, AccountGrant
from outcomes.accounts.commands import accounts_group, init_command
from outcomes.accounts.roles import ALLOWED_TARGETS, MAY_NAME_NOTHING, TARGETS, Role
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.errors import Conflict, Invalid
from outcomes.core.transaction import transaction
from tests.accounts.conftest import ADA, Place


def run(app: Flask, *words: Any) -> Result:
    return app.test_cli_runner().invoke(accounts_group, [str(word) for word in words])


def test_init_prints_a_link(app: Flask) -> None:
    done = app.test_cli_runner().invoke(init_command, ["--json"])
    assert done.exit_code == 0
    assert "/set-up/" in json.loads(done.stdout)["link"]


def test_an_account_is_added_listed_and_disabled(app: Flask, elm: Place) -> None:
    added = run(app, "add", ADA, "--name", "Ada Obi", "--role", "keyworker", "--home", "elm-house", "--json")
    assert added.exit_code == 0, added.exception
    told = json.loads(added.stdout)
    assert "/set-up/" in told["link"]
    assert told["account"]["grants"] == [
        {"role": "keyworker", "for": "home", "from": today().isoformat(), "to": None, "in_force": True}
    ]
    listed = json.loads(run(app, "list", "--json").stdout)["accounts"]
    assert [(one["email"], one["name"], one["disabled"]) for one in listed] == [(ADA, "Ada Obi", False)]
    assert json.loads(run(app, "disable", ADA.upper(), "--json").stdout)["account"]["disabled"] is True
    assert "(disabled)" in run(app, "list").stdout
    assert isinstance(run(app, "disable", ADA).exception, Conflict)


def test_the_same_address_in_capitals_is_the_same_account(app: Flask, elm: Place) -> None:
    run(app, "add", ADA, "--name", "Ada Obi", "--role", "keyworker", "--home", "elm-house")
    run(app, "add", ADA.upper(), "--name", "Ada Obi", "--role", "keyworker", "--provider", "elm")
    accounts = json.loads(run(app, "list", "--json").stdout)["accounts"]
    assert [len(account["grants"]) for account in accounts] == [2]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--role", "keyworker"), "for which place"),
        (("--role", "keyworker", "--contract", "1"), "not --contract"),
        (("--role", "social_worker"), "--staff"),
        (("--role", "system_administrator", "--home", "1"), "names nothing"),
        (("--role", "keyworker", "--home", "nowhere"), "There is no home"),
        (
            ("--role", "keyworker", "--home", "elm-house", "--from", "2026-05-02", "--to", "2026-05-01"),
            "before",
        ),
    ],
)
def test_a_grant_that_cannot_be_is_refused(app: Flask, elm: Place, words: tuple[str, ...], says: str) -> None:
    refused = run(app, "add", ADA, "--name", "Ada Obi", *words)
    assert isinstance(refused.exception, Invalid)
    assert says in str(refused.exception)
    assert json.loads(run(app, "list", "--json").stdout) == {"accounts": []}


def test_one_role_at_a_time(app: Flask, elm: Place) -> None:
    tomorrow = today() + timedelta(days=1)
    run(app, "add", ADA, "--name", "Ada Obi", "--role", "keyworker", "--home", "elm-house")
    manager = ("add", ADA, "--name", "Ada Obi", "--role", "registered_manager", "--home", "elm-house")
    assert "keyworker at that time" in str(run(app, *manager).exception)
    assert run(app, "end", ADA, "--on", tomorrow).exit_code == 0
    assert isinstance(run(app, *manager).exception, Invalid), "today she still is keyworker"
    assert run(app, *manager, "--from", tomorrow).exit_code == 0


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "@elm.example", "a b@elm.example", "x" * 300 + "@elm.example"]
)
def test_an_address_that_is_none_is_refused(app: Flask, elm: Place, email: str) -> None:
    refused = run(app, "add", email, "--name", "Ada", "--role", "keyworker", "--home", "elm-house")
    assert isinstance(refused.exception, Invalid)


def test_wrong_usage_exits_with_two(app: Flask) -> None:
    assert run(app, "add", ADA, "--name", "Ada", "--role", "emperor").exit_code == 2


@pytest.mark.parametrize("role", Role)
def test_the_database_refuses_a_grant_for_the_wrong_thing(app: Flask, elm: Place, role: Role) -> None:
    """Every target alone, two at once and none: what the role allows is written, all else refused."""
    keys = {"home": elm.home_id, "provider": elm.provider_id, "authority": elm.provider_id}
    wanted: list[dict[str, int]] = [{}, {f"{t}_id": k for t, k in keys.items()}]
    wanted += [{f"{target}_id": key} for target, key in keys.items()]
    with app.app_context():
        for number, targets in enumerate(wanted):
            named = [name for name in TARGETS if f"{name}_id" in targets]
            fits = (not named and role in MAY_NAME_NOTHING) or (
                len(named) == 1 and named[0] in ALLOWED_TARGETS[role]
            )
            try:
                with transaction() as session:
                    email = f"{role}{number}@elm.example"
                    account = Account(email=email, email_key=email, name="x")
                    account.grants.append(AccountGrant(role=role.value, valid_from=today(), **targets))
                    session.add(account)
                written = True
            except IntegrityError:
                written = False
            assert written == fits, (role, targets)
        db.session.remove()
