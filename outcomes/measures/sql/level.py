"""The units with what is worked out so far, and what is being added to them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import CTE, FromClause, Integer, literal, select
from sqlalchemy.sql.elements import ColumnElement

from outcomes.measures.language.phrases import Length
from outcomes.measures.planning.plan import Plan
from outcomes.measures.planning.terms import Chosen, Column
from outcomes.measures.sql.column_names import bottom_name, field_name, setting_name
from outcomes.measures.sql.dialect import Columns, Dialect, Expression, Found
from outcomes.measures.sql.stays import Request, fenced
from outcomes.measures.sql.terms import Context

STAY_BOUNDS = {"stay_started_on": "stay_from", "stay_ended_on": "stay_until"}


class Level:
    """The units with what is worked out so far (`units`), and what is being added to them."""

    def __init__(self, plan: Plan, request: Request, units: CTE, placed: CTE) -> None:
        self.plan, self.request, self.units, self.placed = plan, request, units, placed
        self.each: dict[str, CTE] = {}
        self._added: list[ColumnElement[Any]] = []
        self._source: FromClause = units

    @property
    def dialect(self) -> Dialect:
        return self.request.dialect

    def add(self, name: str, value: Expression) -> None:
        self._added.append(value.label(name))

    def add_number(self, name: str, top: Expression, bottom: Expression | int = 1) -> None:
        """A number, with its denominator in the column beside it."""
        self.add(name, top)
        self.add(bottom_name(name), literal(bottom, Integer) if isinstance(bottom, int) else bottom)

    def found(self, found: Found) -> Expression:
        """The value of a look-up."""
        return self.beside(found)("value") if isinstance(found, CTE) else found

    def beside(self, table: CTE) -> Columns:
        """What a grouped pass found for each unit: its columns by their names."""
        self._source, columns = self.dialect.beside(self._source, self.units, table)
        return columns

    def join_record(self, table: Any, on: Expression) -> None:
        self._source = self._source.outerjoin(table, on)

    def closed(self, name: str) -> "Level":
        """The next level: everything that is known by now."""
        if not self._added:
            return self
        made = select(*self.units.c, *self._added).select_from(self._source).cte(name)
        level = Level(self.plan, self.request, fenced(made), self.placed)
        level.each = self.each
        return level

    def context(
        self, record: Callable[[Column], Expression] | None = None, each: CTE | None = None
    ) -> Context:
        def column(name: str) -> Expression:
            return self.units.c[STAY_BOUNDS.get(name, name)]

        of_each = None if each is None else lambda name: each.c[name]
        return Context(self.dialect, column, lambda one: column(field_name(one)), column, record, of_each)

    def length(self, length: Length | Chosen) -> Expression:
        if isinstance(length, Chosen):
            return self.units.c[setting_name(length.name)]
        return literal(length.count, Integer)
