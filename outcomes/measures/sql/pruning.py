"""Carries along only what is read: takes the columns that nobody reads out of a statement's expressions.

The parts of a statement are written without knowing who reads what of them. A unit's row would so
drag every day of its period, and every field that only found it, through each further step, and
each copy of a row costs. What the statement says is not changed by it.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import CTE, CompoundSelect, FromClause, Select
from sqlalchemy.sql.elements import ClauseElement, ColumnClause
from sqlalchemy.sql.selectable import SelectState

Reference = tuple[CTE, str]


def pruned(statement: Select[Any]) -> Select[Any]:
    """The same statement. It must have been made for this: its common table expressions are changed."""
    live: dict[CTE, set[str]] = defaultdict(set)
    parts: dict[CTE, list[_Part]] = {}
    waiting = [one for name in _names(statement) for one in _Part(statement).read_by(name)]
    while waiting:
        table, name = waiting.pop()
        if name not in live[table]:
            live[table].add(name)
            if table not in parts:
                parts[table] = [_Part(select) for select in _selects(table)]
            # A column of a union is told by its place; the first select's name stands for all.
            place = _names(parts[table][0].select).index(name)
            waiting += [one for part in parts[table] for one in part.read_by(_names(part.select)[place])]
    for table, names in live.items():
        keep = [name in names for name in _names(parts[table][0].select)]
        for part in parts[table]:
            part.keep(keep)
        if all(part.only_copies for part in parts[table]):
            # Fenced so that nothing is worked out twice; what only hands on is read through.
            table._prefixes = ()
    return statement


def _selects(table: CTE) -> list[Select[Any]]:
    element = table.element
    found = element.selects if isinstance(element, CompoundSelect) else [element]
    assert all(isinstance(one, Select) for one in found), f"{table.name} is made of something else"
    return found  # type: ignore[return-value]


def _told(select: Select[Any]) -> list[Any]:
    """The columns of a select, as it was given them."""
    return list(select._raw_columns)


def _names(select: Select[Any]) -> list[str]:
    return [str(one.key) for one in _told(select)]


class _Part:
    """One select, and what it reads: to choose its rows, and to tell each of its columns."""

    def __init__(self, select: Select[Any]) -> None:
        assert not select._order_by_clauses, "Only windows are ordered here"
        self.select = select
        # What get_final_froms() gives, without the whole statement being compiled for each part of it.
        self.sources: tuple[FromClause, ...] = tuple(SelectState(select, None)._get_display_froms())  # type: ignore[arg-type]
        clauses = (*select._where_criteria, *select._group_by_clauses, *select._having_criteria)
        self._rows = [one for clause in (*clauses, *self.sources) for one in _references(clause)]

    def read_by(self, name: str) -> list[Reference]:
        told = [one for one in _told(self.select) if self.select._distinct or one.key == name]
        rows, self._rows = self._rows, []
        return [*rows, *(one for column in told for one in _references(column))]

    @property
    def only_copies(self) -> bool:
        return not self.select._where_criteria and all(
            isinstance(one, ColumnClause) for one in _told(self.select)
        )

    def keep(self, which: list[bool]) -> None:
        """Tell only these columns. The rows come from where they came from, also where no column does."""
        if self.select._distinct or all(which):
            return
        self.select._from_obj, self.select._setup_joins = self.sources, ()
        columns = zip(_told(self.select), which, strict=True)
        self.select._raw_columns = [one for one, kept in columns if kept]
        self.select._reset_memoizations()


def _references(root: ClauseElement) -> Iterator[Reference]:
    """The columns of common table expressions that are named below here, subqueries included."""
    waiting: list[Any] = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, CTE):
            # Something is read of it, if only how many rows there are.
            yield one, str(next(iter(one.c)).key)
            continue
        if isinstance(one, ColumnClause) and isinstance(one.table, CTE):
            yield one.table, one.key
        waiting += one.get_children()
