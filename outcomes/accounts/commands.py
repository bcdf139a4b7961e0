"""`outcomes init` and `outcomes accounts`: the first administrator, and who signs in."""

import json
from datetime import date, datetime
from typing import Any

import click
from flask.cli import with_appcontext

from outcomes.accounts import links, manage
from outcomes.accounts.account import Account, AccountGrant
from outcomes.accounts.login import shared
from outcomes.accounts.roles import Role
from outcomes.core.actor import Actor, system_actor
from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.transaction import transaction

JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


@click.command("init")
@JSON
@with_appcontext
def init_command(as_json: bool) -> None:
    """First use: print a one-time link (30 minutes) that sets up the first administrator."""
    link = links.set_up_link(by=_by("init"))
    if as_json:
        click.echo(json.dumps({"link": link, "minutes": 30}))
    else:
        click.echo(f"Open this within 30 minutes. It works once.\n{link}")


@click.group("accounts")
def accounts_group() -> None:
    """The people who sign in."""


@accounts_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--staff", help="Their entry in the staff list.")
@click.option("--home", multiple=True, help="A home they work in.")
@click.option("--provider", multiple=True, help="The provider they work for: its fostering service.")
@click.option("--authority", help="The council they work for.")
@click.option("--contract", multiple=True, help="A contract they commission.")
@click.option("--from", "first", type=DAY, help="The first day. Today unless stated.")
@click.option("--to", "last", type=DAY, help="The first day on which it no longer holds.")
@JSON
@with_appcontext
def add_command(
    email: str,
    name: str,
    role: str,
    staff: str | None,
    home: tuple[str, ...],
    provider: tuple[str, ...],
    authority: str | None,
    contract: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    as_json: bool,
) -> None:
    """Add a person, or a further grant, and print the link with which they choose a password."""
    by = _by("accounts add")
    asked = {"home": home, "provider": provider, "authority": (authority,), "contract": contract}
    named = [(kind, given) for kind, all_given in asked.items() for given in all_given if given]
    manage.check_grant(Role(role), [kind for kind, _ in named], _day(first) or today(), _day(last))
    targets = [(kind, _key(kind, given)) for kind, given in named]
    staff_id = _key("staff", staff) if staff else None
    with transaction() as session:
        account = manage.add(
            session,
            email=email,
            name=name,
            role=Role(role),
            targets=targets,
            staff_id=staff_id,
            valid_from=_day(first),
            valid_to=_day(last),
            by=by,
        )
        needs_password = account.password_hash is None
    link = links.password_link(email, by=by) if needs_password else None
    if as_json:
        click.echo(json.dumps({"account": _as_json(manage.find_account(db.session(), email)), "link": link}))
        return
    click.echo(f"{name} may sign in as {Role(role).says.lower()}.")
    if link:
        click.echo(f"Give them this link, and nobody else. It works once, for 24 hours.\n{link}")


@accounts_group.command("disable")
@click.argument("email")
@JSON
@with_appcontext
def disable_command(email: str, as_json: bool) -> None:
    """Disable an account at once, also where it is signed in."""
    with transaction() as session:
        manage.disable(session, email=email, by=_by("accounts disable"))
    _tell(email, as_json, "is disabled.")


@accounts_group.command("end")
@click.argument("email")
@click.option("--on", type=DAY, help="The first day on which the grants no longer hold. Today unless stated.")
@JSON
@with_appcontext
def end_command(email: str, on: datetime | None, as_json: bool) -> None:
    """End all grants of an account, for somebody who leaves or changes role."""
    with transaction() as session:
        manage.end_grants(session, email=email, on=_day(on) or today(), by=_by("accounts end"))
    _tell(email, as_json, "has no grants from that day.")


@accounts_group.command("password-link")
@click.argument("email")
@JSON
@with_appcontext
def password_link_command(email: str, as_json: bool) -> None:
    """Print a new one-time link for somebody who lost theirs or forgot the password."""
    link = links.password_link(email, by=_by("accounts password-link"))
    click.echo(json.dumps({"email": email, "link": link}) if as_json else link)


@accounts_group.command("list")
@JSON
@with_appcontext
def list_command(as_json: bool) -> None:
    """Everybody who signs in, with their grants."""
    accounts = manage.every_account()
    if as_json:
        click.echo(json.dumps({"accounts": [_as_json(account) for account in accounts]}))
        return
    for account in accounts:
        state = " (disabled)" if account.disabled_at else ""
        click.echo(f"{account.email}  {account.name}{state}")
        for grant in account.grants:
            click.echo(f"    {_in_words(grant)}")
    if not accounts:
        click.echo("Nobody yet. `outcomes init` sets up the first administrator.")


def _by(command: str) -> Actor:
    return system_actor(f"outcomes {command}")


def _key(kind: str, given: str) -> int:
    """The key of a record named on the command line by public id or the sender's reference."""
    return shared().find_record("organisation" if kind in ("provider", "authority") else kind, given)


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


def _tell(email: str, as_json: bool, what: str) -> None:
    account = manage.find_account(db.session(), email)
    click.echo(json.dumps({"account": _as_json(account)}) if as_json else f"{account.email} {what}")


def _as_json(account: Account) -> dict[str, Any]:
    return {
        "id": account.public_id,
        "email": account.email,
        "name": account.name,
        "disabled": account.disabled_at is not None,
        "has_password": account.password_hash is not None,
        "grants": [_grant_as_json(grant) for grant in account.grants],
    }


def _grant_as_json(grant: AccountGrant) -> dict[str, Any]:
    held = grant.held()
    return {
        "role": grant.role,
        "for": held.target,
        "from": grant.valid_from.isoformat(),
        "to": grant.valid_to.isoformat() if grant.valid_to else None,
        "in_force": grant.in_force(today()),
    }


def _in_words(grant: AccountGrant) -> str:
    until = f" to {grant.valid_to:%d/%m/%Y}" if grant.valid_to else ""
    held = grant.held()
    place = f", one {held.target}" if held.target else ""
    over = "" if grant.in_force(today()) else " (not in force)"
    return f"{Role(grant.role).says}{place}, from {grant.valid_from:%d/%m/%Y}{until}{over}"
