"""`outcomes import` and `outcomes export`."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app

from outcomes.core.actor import Actor, system_actor
from outcomes.core.errors import Misconfigured
from outcomes.kit.bundle import report
from outcomes.kit.bundle.exporting import export_bundle
from outcomes.kit.bundle.template import write_template
from outcomes.kit.bundle.writing import DEFAULT_SENDER, Result, import_bundle
from outcomes.kit.words import say_list

_AUTHORS = "outcomes_bundle_authors"

JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
SENDER = click.option(
    "--source", "sender", default=DEFAULT_SENDER, show_default=True, help="Whose references the bundle holds."
)


def init_bundle(app: Flask, *, author_of: Callable[[str], Actor]) -> None:
    """Tell the commands whose account an email is; accounts are not this package's to know."""
    app.extensions[_AUTHORS] = author_of


class Steps:
    """Progress on standard error: a bar on a terminal, otherwise a line for each step."""

    def __init__(self) -> None:
        self._doing = ""
        self._bar: Any = None
        self._done = 0

    def __call__(self, doing: str, done: int, of: int) -> None:
        if doing != self._doing:
            self.close()
            self._doing, self._done = doing, 0
            if sys.stderr.isatty():
                self._bar = click.progressbar(length=of, label=doing, file=sys.stderr)
            else:
                click.echo(f"{doing} …", err=True)
        if self._bar is not None:
            self._bar.update(done - self._done)
        self._done = done

    def close(self) -> None:
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None


@click.command("import")
@click.argument("words", metavar="[BUNDLE | KIND...]", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Judge the bundle and keep nothing.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Also write what is wrong as CSV.",
)
@click.option(
    "--template",
    "template_file",
    metavar="FILE.xlsx",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a blank workbook for each KIND (all, where none is named), and import nothing.",
)
@SENDER
@click.option("--by", "email", help="The account that stands as the author. The system unless stated.")
@JSON
def import_command(
    words: tuple[str, ...],
    dry_run: bool,
    report_file: Path | None,
    template_file: Path | None,
    sender: str,
    email: str | None,
    as_json: bool,
) -> None:
    """Import a BUNDLE: a folder with one CSV file, or an XLSX workbook with one sheet, for each kind of
    record. All or nothing."""
    if template_file is not None:
        _write_template(template_file, words, as_json)
        return
    path = _bundle(words)
    steps = Steps()
    try:
        result = import_bundle(path, sender=sender, dry_run=dry_run, progress=steps, by=_author(email))
    finally:
        steps.close()
    if report_file is not None:
        report.write_csv(report_file, result)
    if as_json:
        click.echo(json.dumps(report.as_json(result), ensure_ascii=False))
    else:
        _tell(result)
    if result.is_refused:
        raise SystemExit(1)


def _bundle(words: tuple[str, ...]) -> Path:
    if len(words) != 1:
        raise click.UsageError("Name one bundle: a folder of CSV files, or an XLSX workbook.")
    path = Path(words[0])
    if not words[0] or not path.exists():
        raise click.UsageError(f"There is no folder or workbook {words[0]!r}.")
    return path


def _write_template(path: Path, kinds: tuple[str, ...], as_json: bool) -> None:
    sheets = write_template(path, kinds)
    if as_json:
        click.echo(json.dumps({"file": str(path), "sheets": sheets}, ensure_ascii=False))
    else:
        click.echo(f"{path} has a blank sheet for {say_list(sheets)}.")


def _tell(result: Result) -> None:
    for line in report.faults_table(result.faults.found) if result.is_refused else report.files_table(result):
        click.echo(line)
    if result.faults.warnings:
        click.echo("Warnings:")
        for line in report.faults_table(result.faults.warnings):
            click.echo(line)
    click.echo(report.verdict(result), err=result.is_refused)


def _author(email: str | None) -> Actor:
    if email is None:
        return system_actor("outcomes import")
    author_of = current_app.extensions.get(_AUTHORS)
    if author_of is None:
        raise Misconfigured("This application knows no accounts: call init_bundle(app, author_of=…).")
    author: Actor = author_of(email)
    return author


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--contract", help="Only the children placed under this contract, and what they need.")
@SENDER
@JSON
def export_command(folder: Path, contract: str | None, sender: str, as_json: bool) -> None:
    """Write everything that stands into FOLDER, which must be new or empty, as a bundle."""
    steps = Steps()
    try:
        result = export_bundle(
            folder, contract=contract, sender=sender, progress=steps, by=system_actor("outcomes export")
        )
    finally:
        steps.close()
    if as_json:
        click.echo(json.dumps({"folder": str(folder), **asdict(result)}, ensure_ascii=False))
        return
    rows = [(one.file, f"{one.rows:,}", f"{one.left_out:,}") for one in result.files]
    for line in report.table(("File", "Rows", "Left out"), rows, right=(1, 2)):
        click.echo(line)
    if any(one.left_out for one in result.files):
        click.echo(
            "Left out are records that hang on a withdrawn one: an import could not keep them.", err=True
        )
