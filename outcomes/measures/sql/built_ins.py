"""What is built in for a child: nights in the period, days since the start, age (D17)."""

from sqlalchemy import CTE, func, literal

from outcomes.measures.planning.plan import Plan
from outcomes.measures.sql.dialect import FAR, Expression
from outcomes.measures.sql.level import Level
from outcomes.measures.sql.stays import Request, place_of, standing


def with_built_ins(plan: Plan, request: Request, units: CTE, placed: CTE) -> CTE:
    """The children with what is built in: nights in the period, days since the start, age (D17)."""
    level = Level(plan, request, units, placed)
    dialect, own = request.dialect, units.c
    if "days_in_period" in plan.built_ins:
        level.add("days_in_period", nights(level, "this"))
    if "days_since_start" in plan.built_ins:
        level.add("days_since_start", dialect.days_between(own.count_date, own.stay_from))
    # Completed years: somebody born on 29 February has their birthday on 1 March in other years (R24).
    years = dialect.day_number(own.count_date) - dialect.day_number(own.date_of_birth)
    level.add("age", years // 10000)
    return level.closed("children").units


def nights(level: Level, which: str) -> Expression:
    """Nights placed under the contract: min(end, day after) - max(start, first) of each placement (D16)."""
    record, own = level.request.registry["placement"], level.units.c
    table = record.alias(f"nights_{which}")
    first, after = (own.first, own.after) if which == "this" else (own.before_first, own.first)
    until = func.coalesce(table.c.ended_on, literal(FAR, table.c.ended_on.type))
    matches = [
        table.c.person_id == own.person_id,
        table.c.contract_id == own.contract_id,
        *standing(record, table),
        table.c.started_on < after,
        until > first,
    ]
    if level.request.by_each_place:
        matches.append(place_of(table) == own.place)
    dialect = level.dialect
    nights = func.sum(
        dialect.days_between(dialect.least(until, after), dialect.greatest(table.c.started_on, first))
    )
    return func.coalesce(level.found(dialect.count(level.units, table, matches, nights)), 0)
