"""How often a field changed from one lasting record to the next, in SQL: one pass in the order of their starts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, and_, func, literal, or_, select

from outcomes.measures.planning.plan import ChangesPlan
from outcomes.measures.sql.conditions import known
from outcomes.measures.sql.dialect import FAR, Expression
from outcomes.measures.sql.joined import Joined
from outcomes.measures.sql.stays import Request


def changes(
    units: CTE,
    placed: CTE,
    request: Request,
    working: ChangesPlan,
    name: str,
    joined: Joined,
    matches: Sequence[Expression],
    cover: Expression | None,
) -> CTE:
    """Per unit: how many changes fell in the period and in a stay under the contract.

    Each record is compared with the one that began before it. The first of a stay is the one before
    which none was in force there.
    """
    series = _series(units, working, name, joined, [*matches, *_kept(request, working, joined, cover)])
    own = units.c
    there = [
        placed.c.person_id == own.person_id,
        placed.c.contract_id == own.contract_id,
        placed.c.started_on <= series.c.began,
        placed.c.until > series.c.began,
        *([placed.c.place == own.place] if request.by_each_place else []),
        *([series.c.until > placed.c.stay_from] if working.first_of_stay else []),
    ]
    return (
        select(own.key, func.count().label("changes"))
        .select_from(units)
        .join(series, series.c.key == own.key)
        .join(placed, and_(*there))
        .where(series.c.now != series.c.before, series.c.began >= own.first, series.c.began < own.after)
        .group_by(own.key)
        .cte(f"{name}_changes")
    )


def _series(
    units: CTE, working: ChangesPlan, name: str, joined: Joined, matches: Sequence[Expression]
) -> CTE:
    """The records of each unit with what stood before each, and until when anything before it was in force."""
    record, table = working.rows.record, joined.table
    began, field = table.c[record.opens], joined.column(working.field)
    order: dict[str, Any] = {
        "partition_by": units.c.key,
        "order_by": [began, table.c.recorded_at, table.c.id],
    }
    until = func.coalesce(table.c[record.closes], literal(FAR, table.c[record.closes].type))
    return (
        select(
            units.c.key,
            began.label("began"),
            field.label("now"),
            func.lag(field).over(**order).label("before"),
            func.max(until).over(**order, rows=(None, -1)).label("until"),
        )
        .select_from(units)
        .join(joined.source, and_(*matches))
        .cte(f"{name}_series")
    )


def _kept(
    request: Request, working: ChangesPlan, joined: Joined, cover: Expression | None
) -> list[Expression]:
    """All but the cover that is known to have ended in time: what has not ended is not known to be short (R21)."""
    if cover is None:
        return []
    record, table = working.rows.record, joined.table
    lasted = request.dialect.days_between(table.c[record.closes], table.c[record.opens])
    return [or_(~known(table.c.is_cover), ~known(lasted <= cover))]
