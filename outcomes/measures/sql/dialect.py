"""What a database is asked to say in its own way: date arithmetic, and the shape of a look-up.

A plan says what is wanted ("the latest reading by date per unit"); SQLite answers it fastest with one index look-up per
unit (`sqlite.py`), PostgreSQL with one pass over all units, a window or a grouped join (`postgresql.py`). The unit's table
has a column `key` that tells its rows apart."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from sqlalchemy import CTE, FromClause, Join
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement

FAR = date(9999, 12, 31)
"""Stands for "has not ended" where two ends are compared."""

Expression = ColumnElement[Any]
Columns = Callable[[str], Expression]
"""The columns of a table, by their names."""
Found = Expression | CTE
"""A looked-up value: itself, or a table with the `key` of units and their `value`."""


class Dialect(Protocol):
    """One database's way of saying things. The expressions it returns are SQLAlchemy's.

    `planner` names settings of the database's planner that hold while a statement of ours runs.
    `pass_pays_for` is how many numbers over the same records make one pass over all units cheaper than
    looking each of them up.
    """

    name: str
    pass_pays_for: int
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
