"""`outcomes measures`: list and check cards, explain one, run figures. Exit codes 0 done, 1 refused, 2 usage."""

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.core.periods import Period, parse_period
from outcomes.core.settings import from_environment
from outcomes.frameworks.contracts import all_contracts, contract_called
from outcomes.frameworks.explaining import explained
from outcomes.frameworks.figures import Asked, document, figures
from outcomes.frameworks.kept.commands import facts_command
from outcomes.frameworks.kept.keeper import Kept
from outcomes.frameworks.packs import cards, check_file, folder, framework_of, listed, packs, read_pack
from outcomes.kit.bundle.formulas import as_text
from outcomes.measures.figures.figure import Figure
from outcomes.measures.language.card import Card, CardFaults, Fault

MOST_PERIODS = 40
COLUMNS = (
    "measure", "period", "contract", "place", "met", "out_of", "value", "unit", "no_evidence",
    "left_out", "in_scope", "target", "position", "trend",
)  # fmt: skip


@click.group("measures")
def measures_group() -> None:
    """Measures: their cards, what they mean, and their figures."""


measures_group.add_command(facts_command)


@measures_group.command("list")
@click.option("--framework", "-f", help="Only the measures of this pack.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_command(framework: str | None, as_json: bool) -> None:
    """Every measure: its id, how often it is due, its target, its title."""
    chosen = _of_framework(framework) if framework else list(cards().values())
    if as_json:
        click.echo(json.dumps({"measures": [listed(card) for card in chosen]}))
        return
    for card in chosen:
        click.echo(f"{card.measure:<36} {card.shape:<6} {card.period:<10} {card.target!s:<14} {card.title}")


def check_cards(files: Sequence[Path]) -> list[Fault]:
    """The faults of these files, or of every pack where none is given."""
    faults: list[Fault] = []
    for path in files or sorted(file.parent for file in folder().glob("*/framework.yaml")):
        try:
            if path.is_dir():
                read_pack(path)
            else:
                pack = path.resolve().parent.parent
                known = (
                    read_pack(pack).settings
                    if (pack / "framework.yaml").exists() and files and _whole(pack)
                    else {}
                )
                check_file(path, known)
        except CardFaults as problem:
            faults += problem.faults
    return faults


def _whole(pack: Path) -> bool:
    """True where the pack itself can be read; its own faults are not those of the file asked about."""
    try:
        read_pack(pack)
    except CardFaults:
        return False
    return True


@measures_group.command("check")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def check_command(files: tuple[Path, ...], as_json: bool) -> None:
    """Read cards without a database, and report every fault with file, card and key."""
    faults = check_cards(files)
    if as_json:
        click.echo(json.dumps({"faults": [_fault(fault) for fault in faults]}))
    else:
        for fault in faults:
            click.echo(str(fault), err=True)
        if not faults:
            click.echo("Every card can be read.")
    if faults:
        sys.exit(1)


def _fault(fault: Fault) -> dict[str, str]:
    return {
        "file": fault.file,
        "card": fault.card,
        "key": fault.key,
        "expected": fault.expected,
        "came": fault.came,
    }


@measures_group.command("explain")
@click.argument("measure")
@click.option("--period", help="For example 2025-26-Q2.")
def explain_command(measure: str, period: str | None) -> None:
    """The clause, the definition in sentences, the plan and the SQL of one measure."""
    _known([measure])
    asked = parse_period(period) if period else None
    dialect = "sqlite" if from_environment().database_url.startswith("sqlite") else "postgresql"
    for line in explained(measure, dialect, asked):
        click.echo(line)


@measures_group.command("run")
@click.argument("measures", nargs=-1)
@click.option("--period", required=True, help="For example 2025-26-Q2.")
@click.option(
    "--periods",
    default=1,
    show_default=True,
    type=click.IntRange(1, MOST_PERIODS),
    help="So many, up to the period.",
)
@click.option(
    "--contract", "-c", help="The contract's reference. Default: every contract of the framework in force."
)
@click.option("--framework", "-f", help="Every measure of this pack.")
@click.option("--split", type=click.Choice(["place"]), help="Also by home or carer household.")
@click.option("--members", is_flag=True, help="Also who stands where.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def run_command(
    measures: tuple[str, ...],
    period: str,
    periods: int,
    contract: str | None,
    framework: str | None,
    split: str | None,
    members: bool,
    form: str,
    as_json: bool,
) -> None:
    """Figures of MEASURES for a period (and those before it), per contract."""
    if bool(measures) == bool(framework):
        raise click.UsageError("Name measures, or a pack with --framework (one of the two).")
    chosen = [card.measure for card in _of_framework(framework)] if framework else _known(measures)
    last = parse_period(period)
    _print(_run(chosen, last, periods, contract, split is not None, members), "json" if as_json else form)


def _run(
    measures: Sequence[str], period: Period, periods: int, contract: str | None, split: bool, members: bool
) -> list[Figure]:
    source = Kept(db.session())
    found: list[Figure] = []
    for measure in measures:
        if contract:
            scopes = [contract_called(source.connection, contract)]
        else:
            framework = framework_of(measure)
            scopes = [
                one
                for one in all_contracts(source.connection)
                if one.framework == framework and one.in_force(period)
            ]
            if not scopes:
                click.echo(
                    f"{measure}: no contract under {framework} is in force in {period.title}.", err=True
                )
        ids = [scope.contract_id for scope in scopes]
        if ids:
            found += figures(source, Asked([measure], ids, period, periods, split, members))
    return found


def _print(found: Sequence[Figure], form: str) -> None:
    {"json": _print_json, "csv": _print_csv, "table": _print_table}[form](found)


def _print_json(found: Sequence[Figure]) -> None:
    click.echo(json.dumps(document(found), indent=1, ensure_ascii=False))


def _print_csv(found: Sequence[Figure]) -> None:
    writer = csv.DictWriter(sys.stdout, COLUMNS)
    writer.writeheader()
    for figure in found:
        row = _row(figure).items()
        writer.writerow({name: as_text(value) if isinstance(value, str) else value for name, value in row})


def _print_table(found: Sequence[Figure]) -> None:
    for figure in found:
        row = _row(figure)
        place = f" · {row['place']}" if row["place"] else ""
        value = "no data" if figure.shown is None else f"{figure.shown}{figure.unit}"
        click.echo(f"{row['measure']} · {row['period']} · {row['contract']}{place}")
        click.echo(f"  {figure.fraction} = {value} (target: {row['target']}): {_said(figure)}")
        if figure.no_evidence:
            click.echo(f"  no evidence: {figure.no_evidence}")
        for one in figure.left_out:
            click.echo(f"  left out: {one.count} ({one.because})")
        if figure.members is not None:
            for name, ids in figure.document()["members"].items():
                listed = ", ".join(
                    one if isinstance(one, str) else f"{one['id']} ({one['because']})" for one in ids
                )
                click.echo(f"  {name.replace('_', ' ')}: {listed or 'nobody'}")


def _said(figure: Figure) -> str:
    words = [figure.position.replace("_", " ")]
    return ", ".join([*words, figure.trend.replace("_", " ")] if figure.trend else words)


def _row(figure: Figure) -> dict[str, object]:
    made = figure.document()
    return {
        **{name: made.get(name) for name in COLUMNS},
        "period": figure.period.code,
        "contract": figure.contract,
        "place": figure.place or "",
        "left_out": sum(one.count for one in figure.left_out),
    }


def _of_framework(framework: str) -> list[Card]:
    if framework not in packs():
        raise Invalid.of(
            "framework", f"There is no pack {framework[:60]!r}. There are: {', '.join(packs())}."
        )
    return list(packs()[framework].cards)


def _known(measures: Sequence[str]) -> list[str]:
    unknown = [measure for measure in measures if measure not in cards()]
    if unknown:
        listed = ", ".join(repr(one[:80]) for one in unknown)
        raise Invalid.of(
            "measure", f"No measure is called {listed}. `outcomes measures list` names them all."
        )
    return list(measures)
