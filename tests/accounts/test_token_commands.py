"""`outcomes tokens`: added, listed and revoked from the command line."""

import json
from typing import Any

from click.testing import Result
from flask import Flask

from outcomes.accounts.token_commands import tokens_group
from outcomes.core.errors import Conflict, Invalid
from tests.accounts.conftest import ADA


def run(app: Flask, *words: Any) -> Result:
    return app.test_cli_runner().invoke(tokens_group, [str(word) for word in words])


def test_a_token_is_added_listed_and_revoked(app: Flask, ada: str) -> None:
    added = run(app, "add", ada, "--name", "Import", "--scope", "records:read", "--days", 7, "--json")
    assert added.exit_code == 0, added.exception
    told = json.loads(added.stdout)["token"]
    sent = {"Authorization": f"Bearer {told['text']}"}
    assert app.test_client().get("/api/v1/children", headers=sent).status_code == 200
    listed = json.loads(run(app, "list", ada, "--json").stdout)["tokens"]
    assert [(one["id"], one["owner"], one["scopes"], one["state"]) for one in listed] == [
        (told["id"], ADA, ["records:read"], "works")
    ]
    assert "text" not in listed[0] and told["text"] not in run(app, "list").stdout
    assert "revoked" in run(app, "revoke", told["id"]).stdout
    assert app.test_client().get("/api/v1/children", headers=sent).status_code == 401
    assert isinstance(run(app, "revoke", told["id"]).exception, Conflict)
    assert "revoked" in run(app, "list").stdout


def test_what_is_not_there_is_said(app: Flask, ada: str) -> None:
    assert "None yet" in run(app, "list").stdout
    assert isinstance(run(app, "revoke", "x").exception, Invalid)
    assert isinstance(
        run(app, "add", "nobody@x.example", "--name", "I", "--scope", "records:read").exception, Invalid
    )
    assert run(app, "add", ada, "--name", "I", "--scope", "everything").exit_code == 2
    assert run(app, "add", ada, "--name", "I").exit_code == 2
