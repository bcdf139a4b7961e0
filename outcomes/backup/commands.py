"""`outcomes backup` and `outcomes restore`."""

import json
from pathlib import Path
from typing import Any

import click

from outcomes.audit.log import key_file
from outcomes.backup.archive import Manifest
from outcomes.backup.making import back_up
from outcomes.backup.restoring import restore
from outcomes.core.actor import system_actor

JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


class Steps:
    """Progress on standard error: one line for each step."""

    def __init__(self) -> None:
        self._doing = ""

    def __call__(self, doing: str, _done: int, of: int) -> None:
        if doing != self._doing:
            self._doing = doing
            click.echo(f"{doing} {of} tables …", err=True)


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@JSON
def backup_command(file: Path, as_json: bool) -> None:
    """Write the whole database to FILE, of one instant, while the service runs.

    The file holds everything about every child: keep it closed, and encrypted where it travels. It
    does not hold the audit key, without which it cannot be restored.
    """
    manifest = back_up(file, progress=Steps(), by=system_actor("outcomes backup"))
    _tell(file, manifest, as_json, f"Kept {manifest.rows:,} rows of {len(manifest.tables)} tables in {file}.")
    if manifest.audit_fault:
        click.echo(f"The audit of this database does not fit: {manifest.audit_fault}", err=True)
    click.echo(
        f"The audit key is not in it. Keep a copy of {key_file()} apart from the backup: it cannot be restored "
        "without the key.",
        err=True,
    )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Lose what the database holds now.")
@JSON
def restore_command(file: Path, replace: bool, as_json: bool) -> None:
    """Put the backup in FILE into the database, which must be empty. Stop the service first."""
    manifest = restore(file, replace=replace, progress=Steps(), by=system_actor("outcomes restore"))
    said = f"Restored {manifest.rows:,} rows of {len(manifest.tables)} tables, as they stood at {manifest.made_at}."
    _tell(file, manifest, as_json, said)
    click.echo(
        "Every table was compared with the archive, and the audit chain fits. What was done since is not in it: "
        "accounts that were closed since are open again.",
        err=True,
    )


def _tell(file: Path, manifest: Manifest, as_json: bool, said: str) -> None:
    click.echo(json.dumps(_document(file, manifest), ensure_ascii=False) if as_json else said)


def _document(file: Path, manifest: Manifest) -> dict[str, Any]:
    return {
        "file": str(file),
        "made_at": manifest.made_at,
        "revision": manifest.revision,
        "rows": manifest.rows,
        "audit": {"seq": manifest.audit_seq, "hash": manifest.audit_hash, "fault": manifest.audit_fault},
        "tables": [
            {"name": table.shape.name, "rows": table.rows, "sha256": table.sha256}
            for table in manifest.tables
        ],
    }
