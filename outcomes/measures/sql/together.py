"""Numbers over the same records in one pass: counts and sums that differ only in what they ask of a record.

A card says six things about the reviews of a goal; each would be a look of its own at the same rows. What they all ask
chooses the rows, and the rest is asked of each row as it is counted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Integer, and_, case, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from outcomes.measures.planning.plan import CountPlan, Rows, SumPlan, WorkingPlan
from outcomes.measures.planning.terms import Check, Every
from outcomes.measures.sql.conditions import fails, holds
from outcomes.measures.sql.dialect import Expression
from outcomes.measures.sql.joined import Joined
from outcomes.measures.sql.level import Level
from outcomes.measures.sql.related import walked
from outcomes.measures.sql.terms import Context, thousandths

Number = CountPlan | SumPlan
Named = tuple[str, Number]


def sharing(workings: Iterable[tuple[str, WorkingPlan]], level: Level) -> list[Sequence[Named]]:
    """The workings that share a pass, each with its name: those of one level over the same records.

    How many it takes until a pass pays is the dialect's to say; what was worked out for each record has no
    index, so one number of it is reason enough.
    """
    found: dict[Rows, list[Named]] = defaultdict(list)
    for name, working in workings:
        if isinstance(working, Number):
            found[_unasked(working.rows)].append((name, working))
    return [
        named
        for rows, named in found.items()
        if len(named) >= level.dialect.pass_pays_for or rows.record.name in level.each
    ]


def counted_together(named: Sequence[Named], level: Level) -> list[tuple[str, Number, Expression]]:
    """Each of them with its value; null where the unit has none of the records."""
    common = _common([working.rows.where for _name, working in named])
    first, working = named[0]
    rows = replace(_unasked(working.rows), where=Every(common))
    joined, context, matches = walked(level, rows, first)
    values = [_value(working, common, joined, context).label(name) for name, working in named]
    key = level.units.c.key
    # Read last: each field that is looked up joined its table to the source.
    made = select(key, *values).select_from(joined.source).where(and_(*matches)).group_by(key).cte()
    found = level.beside(made)
    return [(name, working, found(name)) for name, working in named]


def _value(working: Number, common: Sequence[Check], joined: Joined, context: Context) -> ColumnElement[Any]:
    """The number over the rows that meet what this working asks beyond what all do."""
    rest = tuple(one for one in _parts(working.rows.where) if one not in common)
    asked = holds(Every(rest), context)
    if working.rows.but_not is not None:
        asked = asked & fails(working.rows.but_not, context)
    return number_over(working, joined, lambda value: case((asked, value)))


def number_over(
    working: Number, joined: Joined, counted: Callable[[Any], Any] = lambda value: value
) -> ColumnElement[Any]:
    """The count or the sum over the joined rows; `counted` blanks the value of a row that is not counted."""
    if isinstance(working, SumPlan):
        field = joined.column(working.field)
        return func.sum(counted(field if working.whole else thousandths(field)))
    if working.distinct:
        return func.count(counted(joined.column(working.distinct)).distinct())
    return func.count(counted(literal(1, Integer)))


def _unasked(rows: Rows) -> Rows:
    return replace(rows, where=Every(()), but_not=None)


def _common(checks: Sequence[Check]) -> tuple[Check, ...]:
    """What all of them ask, in the order of the first."""
    first, *others = (_parts(check) for check in checks)
    return tuple(one for one in first if all(one in other for other in others))


def _parts(check: Check) -> tuple[Check, ...]:
    if not isinstance(check, Every):
        return (check,)
    return tuple(one for part in check.parts for one in _parts(part))
