"""`outcomes tokens`: bearer tokens from the command line, for whoever runs the service."""

import json
from datetime import datetime
from typing import Any

import click
from flask.cli import with_appcontext

from outcomes.accounts import tokens
from outcomes.accounts.commands import JSON
from outcomes.accounts.manage import find_account
from outcomes.core.actor import system_actor
from outcomes.core.clock import now
from outcomes.core.database import db
from outcomes.core.errors import Invalid, NotFound
from outcomes.core.token_scopes import TokenScope
from outcomes.core.transaction import transaction


@click.group("tokens")
def tokens_group() -> None:
    """Bearer tokens, with which programs act in somebody's name."""


@tokens_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The program that will use it.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in TokenScope]),
    help="What it may do, within what its owner may. Can be given several times.",
)
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, tokens.LONGEST_LIFE.days))
@JSON
@with_appcontext
def add_command(email: str, name: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    """Make a token that acts in the name of EMAIL, and print it: it is shown this once."""
    with transaction() as session:
        made = tokens.make(
            session,
            find_account(session, email),
            name=name,
            scopes=[TokenScope(scope) for scope in scopes],
            days=days,
            by=system_actor("outcomes tokens add"),
        )
        row, text = _as_json(made.token, now()), made.text
    if as_json:
        click.echo(json.dumps({"token": row | {"text": text}}))
        return
    click.echo(f"This token is shown once. It works for {days} days.\n{text}")


@tokens_group.command("revoke")
@click.argument("token_id", metavar="ID")
@JSON
@with_appcontext
def revoke_command(token_id: str, as_json: bool) -> None:
    """Revoke the token with this ID (`outcomes tokens list` shows them): it works no more."""
    try:
        with transaction() as session:
            token = tokens.revoke(
                session, token_id, account_id=None, by=system_actor("outcomes tokens revoke")
            )
            row = _as_json(token, now())
    except NotFound:
        raise Invalid.of("id", "There is no such token. `outcomes tokens list` shows them.") from None
    click.echo(json.dumps({"token": row}) if as_json else f"{row['name']} is revoked.")


@tokens_group.command("list")
@click.argument("email", required=False)
@JSON
@with_appcontext
def list_command(email: str | None, as_json: bool) -> None:
    """Everybody's tokens, or those of EMAIL, without their secrets."""
    session, at = db.session(), now()
    owner = find_account(session, email).id if email else None
    rows = [_as_json(token, at) for token in tokens.of_account(session, owner)]
    if as_json:
        click.echo(json.dumps({"tokens": rows}))
        return
    for row in rows:
        click.echo(
            f"{row['id']}  {row['owner']}  {row['name']}  {' '.join(row['scopes'])}  "
            f"{row['state']}, expires {row['expires_at'][:10]}, last used {(row['last_used_at'] or 'never')[:10]}"
        )
    if not rows:
        click.echo("None yet. `outcomes tokens add` makes one.")


def _as_json(token: tokens.ApiToken, at: datetime) -> dict[str, Any]:
    return {
        "id": token.public_id,
        "owner": token.account.email,
        "name": token.name,
        "scopes": token.scopes,
        "state": token.state(at),
        "created_at": token.created_at.isoformat(),
        "expires_at": token.expires_at.isoformat(),
        "last_used_at": token.last_used_at.isoformat() if token.last_used_at else None,
    }
