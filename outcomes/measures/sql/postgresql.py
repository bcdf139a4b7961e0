"""PostgreSQL's way: one pass, units joined with their rows, grouped or numbered by a window."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CTE, Date, FromClause, Integer, String, cast, column, extract, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql.elements import Grouping

from outcomes.measures.sql.dialect import Columns, Expression, Found


class Postgresql:
    name = "postgresql"
    pass_pays_for = 2
    # PostgreSQL knows nothing of how many rows a common table expression has and guesses one. Nested
    # loops over such guesses made a statement of 0.3 s take 25 s; hash joins are linear whatever it
    # guesses. Compiling a statement of this length costs more than it saves.
    planner: Mapping[str, str] = {"enable_nestloop": "off", "jit": "off"}

    def days_between(self, later: Expression, earlier: Expression) -> Expression:
        return cast(later - earlier, Integer)

    def months_before(self, day: Expression, months: Expression) -> Expression:
        # PostgreSQL clamps of itself: 31 August less six months is the last day of February.
        return cast(day - func.make_interval(0, months), Date)

    def days_before(self, day: Expression, days: Expression) -> Expression:
        return cast(day - func.make_interval(0, 0, 0, days), Date)

    def least(self, *dates: Expression) -> Expression:
        return func.least(*dates, type_=dates[0].type)

    def greatest(self, *dates: Expression) -> Expression:
        return func.greatest(*dates, type_=dates[0].type)

    def london_day(self, instant: Expression) -> Expression:
        return cast(func.timezone("Europe/London", instant), Date)

    def seconds_between(self, later: Expression, earlier: Expression) -> Expression:
        def seconds(instant: Expression) -> Expression:
            return cast(func.floor(extract("epoch", instant)), Integer)

        return seconds(later) - seconds(earlier)

    def day_number(self, day: Expression) -> Expression:
        # to_char() reads its pattern for each row: five times as long as this.
        year, month, of_month = (func.date_part(part, day) for part in ("year", "month", "day"))
        return cast(year * 10000 + month * 100 + of_month, Integer)

    def json_document(self, text: Expression) -> Expression:
        return cast(text, JSONB)

    def json_text(self, document: Expression, key: Expression) -> Expression:
        # The key in brackets: ->> and || bind equally tightly, from the left.
        return document.op("->>", return_type=String())(Grouping(key))

    def json_rows(self, text: Expression) -> FromClause:
        return func.jsonb_array_elements(cast(text, JSONB)).table_valued(
            column("value", JSONB), name="listed"
        )

    def count(self, units: CTE, rows: FromClause, matches: Sequence[Expression], what: Expression) -> Found:
        return (
            select(units.c.key, what.label("value"))
            .select_from(units)
            .join(rows, _all(matches))
            .group_by(units.c.key)
            .cte()
        )

    def first(
        self,
        units: CTE,
        rows: FromClause,
        matches: Sequence[Expression],
        what: Expression,
        order: Sequence[Any],
    ) -> Found:
        place = func.row_number().over(partition_by=units.c.key, order_by=order)
        ranked = (
            select(units.c.key, what.label("value"), place.label("place"))
            .select_from(units)
            .join(rows, _all(matches))
            .subquery()
        )
        return select(ranked.c.key, ranked.c.value).where(ranked.c.place == 1).cte()

    def beside(self, source: FromClause, units: CTE, table: CTE) -> tuple[FromClause, Columns]:
        return source.outerjoin(table, table.c.key == units.c.key), lambda name: table.c[name]


def _all(matches: Sequence[Expression]) -> Expression:
    first, *others = matches
    for one in others:
        first = first & one
    return first
