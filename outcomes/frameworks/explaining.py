"""Explains a measure: the clause, the definition in sentences, the plan, the SQL of each database."""

from collections.abc import Iterator

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from outcomes.core.periods import Period
from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import cards, framework_of, packs, planned
from outcomes.measures.engine import statement_of
from outcomes.measures.language.sentence import sentences
from outcomes.measures.planning.plan import Plan

DIALECTS: dict[str, type[Dialect]] = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}


def explained(measure: str, dialect: str, period: Period | None = None) -> Iterator[str]:
    """The explanation, line by line."""
    card, pack = cards()[measure], packs()[framework_of(measure)]
    yield f"{card.measure}, version {card.version} ({card.hash})"
    yield card.title
    yield f"{pack.source or pack.title} says: “{card.says}”"
    if period is not None:
        own = period.ends_with(card.period)
        yield (
            f"Period: {own.title} ({own.code})"
            if own
            else f"Not due: no {card.period} ends with {period.title}."
        )
    yield from ("", *sentences(card, planned(measure).settings))
    if card.notes:
        yield f"Note: {card.notes}"
    yield from ("", "Plan", *_plan(planned(measure)))
    statement = statement_of(dialect, registry(), planned(measure))
    yield from ("", f"SQL ({dialect})", str(statement.compile(dialect=DIALECTS[dialect]())))


def _plan(plan: Plan) -> Iterator[str]:
    yield f"  units: {type(plan.source).__name__} from {plan.source.record.name}"
    for number, level in enumerate(plan.levels, start=1):
        yield f"  step {number}: {', '.join(f'{name} ({type(one).__name__})' for name, one in level)}"
    yield f"  fields of the unit: {', '.join(column.name for column in plan.unit_columns) or 'none'}"
    yield f"  settings: {', '.join(f'{name} = {value}' for name, value in plan.settings.items()) or 'none'}"
