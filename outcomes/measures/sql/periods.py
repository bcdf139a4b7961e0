"""The periods of a request as a list of values, with the settings in force at the end of each.

One statement answers for all of them. The days and the instants at which London days begin are
bound parameters, worked out here in Python, so that the same compiled statement serves any periods.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, Date, Integer, String, bindparam, select, union_all
from sqlalchemy.types import TypeEngine

from outcomes.core.calendar import add_months
from outcomes.core.clock import start_of
from outcomes.core.database import Moment
from outcomes.core.periods import Period
from outcomes.measures.language.card import SettingValue
from outcomes.measures.language.phrases import Length
from outcomes.measures.planning.plan import Plan
from outcomes.measures.planning.terms import PeriodDate
from outcomes.measures.sql.column_names import date_name, setting_name
from outcomes.measures.sql.terms import THOUSAND

ONE_DAY = timedelta(days=1)
BOUNDS = ("first", "last", "after", "before_first")
INSTANTS = ("first_at", "after_at", "before_first_at")


def periods_list(plan: Plan, count: int) -> CTE:
    """The list, as a common table expression with one row per period, numbered from 0."""
    types = column_types(plan)
    rows = [
        select(*(bindparam(f"p{n}_{name}", type_=kind).label(name) for name, kind in types.items()))
        for n in range(count)
    ]
    return (union_all(*rows) if count > 1 else rows[0]).cte("periods")


def column_types(plan: Plan) -> dict[str, TypeEngine[Any]]:
    """The columns of the list and their types."""
    types: dict[str, TypeEngine[Any]] = {"n": Integer()}
    types |= dict.fromkeys(BOUNDS, Date())
    types |= dict.fromkeys(INSTANTS, Moment())
    for one in plan.period_dates:
        name = date_name(one)
        types |= {name: Date(), f"{name}_at": Moment(), f"{name}_after": Moment()}
    types |= {
        setting_name(name): String() if isinstance(value, str) else Integer()
        for name, value in plan.settings.items()
    }
    return types


def parameters(
    plan: Plan, periods: Sequence[Period], settings: Sequence[Mapping[str, SettingValue]], today: date
) -> dict[str, Any]:
    """The values to bind: `settings` are those in force at the end of each period."""
    bound: dict[str, Any] = {}
    for n, (period, chosen) in enumerate(zip(periods, settings, strict=True)):
        row = _row(plan, period, today) | {
            setting_name(name): _bound(value) for name, value in chosen.items()
        }
        bound |= {f"p{n}_{name}": value for name, value in {"n": n, **row}.items()}
    return bound


def _row(plan: Plan, period: Period, today: date) -> dict[str, Any]:
    first, last, before = period.first, period.last, period.earlier().first
    after = last + ONE_DAY
    row: dict[str, Any] = {
        "first": first,
        "last": last,
        "after": after,
        "before_first": before,
        "first_at": start_of(first),
        "after_at": start_of(after),
        "before_first_at": start_of(before),
    }
    for one in plan.period_dates:
        day = {"first": first, "last": last, "today": today}[one.name]
        row |= _edges(date_name(one), _earlier(day, one))
    return row


def _edges(name: str, day: date) -> dict[str, Any]:
    return {name: day, f"{name}_at": start_of(day), f"{name}_after": start_of(day + ONE_DAY)}


def _earlier(day: date, one: PeriodDate) -> date:
    if one.earlier is None:
        return day
    if one.earlier.unit == "month":
        return add_months(day, -one.earlier.count)
    return day - timedelta(days=one.earlier.count)


@lru_cache(maxsize=1024)
def _bound(value: SettingValue) -> str | int:
    if isinstance(value, Length):
        return value.count
    return int(value * THOUSAND) if isinstance(value, Fraction) else value
