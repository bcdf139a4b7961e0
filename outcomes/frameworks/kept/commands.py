"""`outcomes measures facts`: what is kept, whether it is what the records say, and away with it."""

import json
from collections.abc import Iterator

import click
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from outcomes.core.database import db
from outcomes.core.periods import parse_period
from outcomes.core.transaction import transaction
from outcomes.frameworks.figures import Asked, figures
from outcomes.frameworks.kept.keeper import Kept
from outcomes.frameworks.kept.sets import PLACED
from outcomes.frameworks.kept.tables import FactSet, UnitFact
from outcomes.frameworks.packs import cards
from outcomes.frameworks.sources import Live, Source
from outcomes.measures.figures.figure import Figure


@click.command("facts")
@click.option(
    "--check", is_flag=True, help="Work out anew every figure of which facts are kept, and compare."
)
@click.option("--drop", is_flag=True, help="Forget all of them: they are made anew when next asked for.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def facts_command(check: bool, drop: bool, as_json: bool) -> None:
    """The facts that are kept, unit by unit, so that figures need not be worked out at each look.

    Exit code 1 where --check finds a figure that is not what the records say.
    """
    if check and drop:
        raise click.UsageError("Give --check or --drop, not both.")
    session = db.session()
    said = {"sets": _count(session, FactSet), "facts": _count(session, UnitFact)}
    wrong = list(differences(session)) if check else []
    if drop:
        forget()
    if as_json:
        click.echo(
            json.dumps({**said, **({"wrong": wrong} if check else {}), **({"dropped": True} if drop else {})})
        )
    else:
        click.echo(f"{said['facts']} facts in {said['sets']} sets" + (" were dropped." if drop else "."))
        for one in wrong:
            click.echo(f"{one}: what is kept is not what the records say.", err=True)
        if check and not wrong:
            click.echo("Every figure is what the records say.")
    if wrong:
        click.echo(
            "Run `outcomes measures facts --drop` to be right again, and please report this.", err=True
        )
        raise SystemExit(1)


def _count(session: Session, table: type[FactSet] | type[UnitFact]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def forget() -> None:
    """Drop all that is kept."""
    with transaction() as session:
        session.execute(delete(UnitFact))
        session.execute(delete(FactSet))


def differences(session: Session) -> Iterator[str]:
    """The figures of which facts are kept and which are not what is worked out anew."""
    there = (
        select(FactSet.measure, FactSet.contract_id, FactSet.period)
        .distinct()
        .where(FactSet.measure != PLACED)
    )
    for measure, contract, code in session.execute(there.order_by(FactSet.measure, FactSet.period)).all():
        if measure in cards():
            asked = Asked([measure], [contract], parse_period(code), split=True, members=True)
            if told(Kept(session), asked) != told(Live(session.connection()), asked):
                yield f"{measure} {code} of contract {contract}"


def told(source: Source, asked: Asked) -> list[object]:
    """All that a source's figures say: how two sources are compared."""
    return [_whole(figure) for figure in figures(source, asked)]


def _whole(figure: Figure) -> object:
    """A figure down to what each unit's place in it rests on."""
    facts = sorted(
        (fact.reference, fact.unit_id, fact.group.place, sorted(map(repr, fact.worked.items())))
        for fact in figure.facts
    )
    return figure.document(), facts
