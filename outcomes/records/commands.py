"""`outcomes instruments`: register a measuring tool from a file, and list those that stand."""

import json
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from outcomes.core.actor import system_actor
from outcomes.core.database import db
from outcomes.core.transaction import transaction
from outcomes.records.instrument_files import read_instrument, register
from outcomes.records.readings import Instrument

JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group("instruments")
def instruments_group() -> None:
    """Measuring tools: scales, wheels, stars."""


@instruments_group.command("add")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@JSON
def add_command(file: Path, as_json: bool) -> None:
    """Register the instrument that FILE (YAML) describes. The same file again does nothing."""
    checked = read_instrument(file)
    with transaction():
        registered = register(checked, by=system_actor("outcomes instruments add"))
        told = {"instrument": _as_json(registered.instrument), "is_new": registered.is_new}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    values = checked.values
    what = "is registered" if registered.is_new else "is registered already; nothing was changed"
    click.echo(f"{values['instrument_code']} version {values['version']} {what}.")


@instruments_group.command("list")
@JSON
def list_command(as_json: bool) -> None:
    """The instruments that stand."""
    found = db.session.scalars(
        select(Instrument)
        .where(Instrument.standing())
        .order_by(Instrument.instrument_code, Instrument.version)
    ).all()
    if as_json:
        click.echo(json.dumps({"instruments": [_as_json(one) for one in found]}, ensure_ascii=False))
        return
    for one in found:
        scale = f"{one.scale_min:f} to {one.scale_max:f}"
        click.echo(
            f"{one.instrument_code:<24} {one.version:<8} {one.called()}: {len(one.areas)} areas, {scale}"
        )
    if not found:
        click.echo("None yet. `outcomes instruments add FILE` registers one.")


def _as_json(one: Instrument) -> dict[str, Any]:
    asked = Instrument.asked_fields()
    return {"id": one.public_id} | {name: field.to_json(getattr(one, name)) for name, field in asked.items()}
