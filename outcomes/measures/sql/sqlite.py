"""SQLite's way: index look-ups, one correlated subquery per unit."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CTE, Date, FromClause, Integer, String, case, cast, func, literal, select

from outcomes.measures.sql.dialect import Columns, Expression, Found


class Sqlite:
    name = "sqlite"
    pass_pays_for = 3
    planner: Mapping[str, str] = {}

    def days_between(self, later: Expression, earlier: Expression) -> Expression:
        return cast(func.julianday(later) - func.julianday(earlier), Integer)

    def months_before(self, day: Expression, months: Expression) -> Expression:
        # SQLite says of date(): 31 August less six months is "31 February", which overflows to 3 March.
        # The corresponding-date rule clamps, so the earlier of that and the target month's last day is it.
        def back(count: Expression) -> Expression:
            return cast(-count, String).concat(" months")

        plain = func.date(day, back(months))
        month_end = func.date(day, "start of month", back(months - 1), "-1 day")
        return func.min(plain, month_end, type_=Date)

    def days_before(self, day: Expression, days: Expression) -> Expression:
        return func.date(day, cast(-days, String).concat(" days"), type_=Date)

    def least(self, *dates: Expression) -> Expression:
        return func.min(*dates, type_=dates[0].type)

    def greatest(self, *dates: Expression) -> Expression:
        return func.max(*dates, type_=dates[0].type)

    def london_day(self, instant: Expression) -> Expression:
        # Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of
        # October. "weekday 0" moves forward to a Sunday, so from the 25th it finds the last one.
        year = func.strftime("%Y", instant)
        begins = func.datetime(year.concat("-03-25"), "weekday 0", "+1 hour")
        ends = func.datetime(year.concat("-10-25"), "weekday 0", "+1 hour")
        shift = case(((instant >= begins) & (instant < ends), literal("+1 hour")), else_=literal("+0 hours"))
        return func.date(instant, shift, type_=Date)

    def seconds_between(self, later: Expression, earlier: Expression) -> Expression:
        return cast(func.strftime("%s", later), Integer) - cast(func.strftime("%s", earlier), Integer)

    def day_number(self, day: Expression) -> Expression:
        return cast(func.strftime("%Y%m%d", day), Integer)

    def json_document(self, text: Expression) -> Expression:
        return text

    def json_text(self, document: Expression, key: Expression) -> Expression:
        return func.json_extract(document, literal('$."').concat(key).concat('"'), type_=String)

    def json_rows(self, text: Expression) -> FromClause:
        return func.json_each(text).table_valued("value", name="listed")

    def count(self, units: CTE, rows: FromClause, matches: Sequence[Expression], what: Expression) -> Found:
        return select(what).select_from(rows).where(*matches).correlate(units).scalar_subquery()

    def first(
        self,
        units: CTE,
        rows: FromClause,
        matches: Sequence[Expression],
        what: Expression,
        order: Sequence[Any],
    ) -> Found:
        chosen = select(what).select_from(rows).where(*matches).order_by(*order).limit(1)
        return chosen.correlate(units).scalar_subquery()

    def beside(self, source: FromClause, units: CTE, table: CTE) -> tuple[FromClause, Columns]:
        # SQLite takes the units for one or two, joins without an index, and holds each against every
        # row. For a subquery it makes one.
        once = table.prefix_with("MATERIALIZED")

        def column(name: str) -> Expression:
            mine = select(once.c[name]).where(once.c.key == units.c.key)
            return mine.correlate(units).scalar_subquery()

        return source, column
