"""`outcomes audit`: walk the chain, and write down its end where nobody can change it."""

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from outcomes.audit.anchor import append_anchor, present_anchor, read_anchors
from outcomes.audit.verify import verify as walk


@click.group("audit")
def audit_group() -> None:
    """The log of who did what: check it, anchor it."""


@audit_group.command("verify")
@click.option("--anchor", type=click.Path(path_type=Path), help="A file that `audit anchor` wrote.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@with_appcontext
def verify_command(anchor: Path | None, as_json: bool) -> None:
    """Walk the chain; exit 1 and name the first entry that does not fit."""
    verdict = walk(read_anchors(anchor) if anchor else None)
    if as_json:
        found = {"ok": verdict.ok, "checked": verdict.checked, "seq": verdict.seq, "fault": verdict.fault}
        click.echo(json.dumps(found))
    elif verdict.ok:
        click.echo(f"All {verdict.checked} entries fit.")
        if not anchor:
            click.echo("Without --anchor, entries cut off the end cannot be noticed.", err=True)
    else:
        click.echo(f"The audit does not fit. {verdict.fault}", err=True)
    if not verdict.ok:
        raise SystemExit(1)


@audit_group.command("anchor")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def anchor_command(file: Path) -> None:
    """Add the chain's end to FILE. Keep FILE on another machine."""
    anchor = present_anchor()
    append_anchor(file, anchor)
    click.echo(f"Entry {anchor.seq} is anchored in {file}.")
