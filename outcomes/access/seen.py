"""`outcomes audit seen`: who has opened a child's record, and who has tried."""

import json
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import and_, or_, select

from outcomes.access.targets import find_record
from outcomes.accounts.account import Account
from outcomes.audit.entry import AuditEntry
from outcomes.core.database import db
from outcomes.kit.declaring.record import KINDS


@click.command("seen")
@click.argument("child")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@with_appcontext
def seen_command(child: str, as_json: bool) -> None:
    """Who has opened the record of CHILD (an id or a reference), was shown it in a list, or tried to; newest first."""
    public_id = _public_id(find_record("person", child))
    seen = seen_by(public_id)
    if as_json:
        click.echo(json.dumps({"child": public_id, "seen": seen}, ensure_ascii=False))
        return
    for one in seen:
        click.echo(f"{one['at']}  {one['outcome']:<9}  {one['action']:<28}  {one['name']} ({one['role']})")
    if not seen:
        click.echo("Nobody has opened it yet.")


def seen_by(public_id: str) -> list[dict[str, Any]]:
    """Every entry of the audit about a child, newest first. A try that was refused names the child as the record."""
    about = or_(
        AuditEntry.person == public_id,
        and_(AuditEntry.outcome == "refused", AuditEntry.record == public_id),
    )
    rows = db.session.execute(
        select(AuditEntry, Account.public_id, Account.name)
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .where(about)
        .order_by(AuditEntry.seq.desc())
    )
    return [
        {
            "at": entry.at.isoformat(),
            "account": account,
            "name": name or "the system",
            "role": entry.role,
            "action": entry.action,
            "kind": entry.kind,
            "record": entry.record,
            "outcome": entry.outcome,
            "reason": entry.reason,
        }
        for entry, account, name in rows
    ]


def _public_id(key: int) -> str:
    person = KINDS["person"]
    return db.session.scalars(select(person.public_id).where(person.id == key)).one()
