"""`outcomes demo load`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from outcomes.core.actor import system_actor
from outcomes.demo.load import Loaded, load_demo
from outcomes.demo.loading import Progress
from outcomes.demo.world import Scale


@click.group("demo")
def demo_group() -> None:
    """Invented data, to look around in."""


@demo_group.command("load")
@click.option("--homes", default=3, show_default=True, type=click.IntRange(1, 40), help="Children's homes.")
@click.option("--children", default=18, show_default=True, type=click.IntRange(1, 500), help="Children.")
@click.option(
    "--years",
    default=2,
    show_default=True,
    type=click.IntRange(1, 10),
    help="Full years before this quarter.",
)
@click.option("--seed", default=1, show_default=True, type=int, help="The same seed, the same children.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def load_command(homes: int, children: int, years: int, seed: int, as_json: bool) -> None:
    """Load invented data into an empty database, and print a sign-in for each role."""
    with _steps() as starting:
        loaded = load_demo(
            Scale(homes, children, years, seed), starting, by=system_actor("outcomes demo load")
        )
    if as_json:
        click.echo(json.dumps(_as_json(loaded), ensure_ascii=False))
        return
    for line in _in_words(loaded):
        click.echo(line)


@contextmanager
def _steps() -> Iterator[Any]:
    """Progress on standard error: a bar on a terminal, otherwise a line."""
    bars: list[Any] = []

    def starting(records: int) -> Progress:
        if not sys.stderr.isatty():
            click.echo(f"Writing {records:,} records …", err=True)
            return lambda _done: None
        bar = click.progressbar(length=records, label="Writing", file=sys.stderr, update_min_steps=50)
        bars.append(bar)
        return bar.update

    try:
        yield starting
    finally:
        for bar in bars:
            bar.render_finish()


def _as_json(loaded: Loaded) -> dict[str, Any]:
    return {
        "accounts": [
            {"role": one.role.value, "name": one.name, "email": one.email, "password": one.password}
            for one in loaded.sign_ins
        ],
        "contracts": list(loaded.contracts),
        "periods": list(loaded.periods),
    }


def _in_words(loaded: Loaded) -> Iterator[str]:
    yield f"{loaded.records:,} records about {loaded.children} invented children, {_span(loaded)}."
    yield ""
    widths = [max(len(row[place]) for row in _rows(loaded)) for place in range(2)]
    for role, email, password in _rows(loaded):
        yield f"{role:<{widths[0]}}  {email:<{widths[1]}}  {password}"
    yield ""
    yield "The service keeps no password, so keep these. Everybody and everything here is invented."


def _span(loaded: Loaded) -> str:
    return f"{loaded.periods[0]} to {loaded.periods[-1]}"


def _rows(loaded: Loaded) -> list[tuple[str, str, str]]:
    rows = [(one.role.says, one.email, one.password) for one in loaded.sign_ins]
    return [("Role", "E-mail address", "Password"), *rows]
