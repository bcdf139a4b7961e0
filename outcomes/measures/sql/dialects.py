"""What differs between SQLite and PostgreSQL: date arithmetic, and the shape of a look-up.

A plan says what is wanted ("the latest reading by date per unit"); SQLite answers it fastest with
one index look-up per unit, PostgreSQL with one pass over all units (a window or a grouped join).
The unit's table has a column `key` that tells its rows apart.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Protocol

from sqlalchemy import (
    CTE,
    Date,
    FromClause,
    Integer,
    Join,
    String,
    case,
    cast,
    column,
    extract,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement, Grouping

FAR = date(9999, 12, 31)
"""Stands for "has not ended" where two ends are compared."""

SETTLED = "outcomes_planned_well"
"""Marks a connection on which the planner's settings hold already."""

Expression = ColumnElement[Any]
Columns = Callable[[str], Expression]
"""The columns of a table, by their names."""
Found = Expression | CTE
"""A looked-up value: itself, or a table with the `key` of units and their `value`."""


class Dialect(Protocol):
    """One database's way of saying things. The expressions it returns are SQLAlchemy's.

    `planner` names settings of the database's planner that hold while a statement of ours runs.
    """

    name: str
    planner: Mapping[str, str]

    def days_between(self, later: Expression, earlier: Expression) -> Expression:
        """Whole days from one date to another."""

    def months_before(self, day: Expression, months: Expression) -> Expression:
        """The corresponding date some calendar months earlier, clamped to the month's end (R15)."""

    def days_before(self, day: Expression, days: Expression) -> Expression:
        """The date some days earlier."""

    def least(self, *dates: Expression) -> Expression: ...

    def greatest(self, *dates: Expression) -> Expression: ...

    def london_day(self, instant: Expression) -> Expression:
        """The calendar day in London on which a UTC instant falls."""

    def seconds_between(self, later: Expression, earlier: Expression) -> Expression:
        """Whole seconds from one instant to another."""

    def day_number(self, day: Expression) -> Expression:
        """The date as the number yyyymmdd: completed years are the difference of two, over 10,000."""

    def json_document(self, text: Expression) -> Expression:
        """A text as a JSON document."""

    def json_text(self, document: Expression, key: Expression) -> Expression:
        """The text under a key of a JSON object; null where there is none."""

    def json_rows(self, text: Expression) -> FromClause:
        """A text that is a JSON list as rows with one column, `value`."""

    def count(self, units: CTE, rows: FromClause, matches: Sequence[Expression], what: Expression) -> Found:
        """A number over the related rows of each unit."""

    def first(
        self,
        units: CTE,
        rows: FromClause,
        matches: Sequence[Expression],
        what: Expression,
        order: Sequence[Any],
    ) -> Found:
        """`what` of the first related row of each unit, in the given order; null where there is none."""

    def beside(self, source: FromClause, units: CTE, table: CTE) -> tuple[FromClause, Columns]:
        """What to read from so that the columns of a table by `key` stand beside the units; and these columns.

        Null where the table has no row of the unit; it has at most one.
        """


class InOrder(Join):
    """A join whose left side is walked first, where the database would choose by guesses.

    SQLite never swaps the sides of a CROSS JOIN. PostgreSQL knows how much there is, and chooses.
    """

    inherit_cache = True


@compiles(InOrder, "sqlite")
def _cross(join: InOrder, compiler: Any, **how: Any) -> str:
    more = {name: value for name, value in how.items() if name not in ("asfrom", "from_linter")}
    left, right = (compiler.process(side, asfrom=True, **more) for side in (join.left, join.right))
    return f"{left} CROSS JOIN {right} ON {compiler.process(join.onclause, **more)}"


class Sqlite:
    """Index look-ups: one correlated subquery per unit."""

    name = "sqlite"
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


class Postgresql:
    """One pass: units joined with their rows, grouped, or numbered by a window."""

    name = "postgresql"
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
        return cast(func.to_char(day, "YYYYMMDD"), Integer)

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


@contextmanager
def planned_well(connection: Connection) -> Iterator[None]:
    """Have the planner's settings hold for our statements, and no longer.

    Around several runs it is settled once for all of them: each trip to the database counts.
    """
    settings = DIALECTS[connection.dialect.name].planner
    if not settings or connection.info.get(SETTLED):
        yield
        return
    # Read below, set above: the inner select is worked out first.
    before = select(*(func.current_setting(name).label(name) for name in settings)).offset(0).subquery()
    settle = (func.set_config(name, value, True) for name, value in settings.items())
    was = connection.execute(select(*before.c, *settle)).one()[: len(settings)]
    back = (func.set_config(name, value, True) for name, value in zip(settings, was, strict=True))
    connection.info[SETTLED] = True
    over = False
    try:
        yield
    except DBAPIError:
        # The transaction is over, and the settings with it.
        over = True
        raise
    finally:
        del connection.info[SETTLED]
        if not over:
            connection.execute(select(*back))


DIALECTS: dict[str, Dialect] = {"sqlite": Sqlite(), "postgresql": Postgresql()}
