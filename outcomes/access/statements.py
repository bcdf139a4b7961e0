"""What a statement names of the guarded tables, known again where the same statement is asked again.

A page that asks one thing at every request builds its statement once and keeps it. What it names, and
what it looks like with the conditions of a shape, is then the same each time: it is kept as long as
the statement is, and no longer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import CompoundSelect, Select, UpdateBase
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter, ColumnClause
from sqlalchemy.sql.selectable import TableClause

from outcomes.access.guarded import Refused
from outcomes.access.protected import protected
from outcomes.access.scope import VALUE, Shape

OTHER_NAMES = f"A statement's own values have other names than {VALUE}…: those are the scope's."


@dataclass(slots=True)
class Read:
    """A statement that was gone through: the guarded tables in it, and it with a shape's conditions."""

    named: frozenset[str]
    _narrowed: dict[Shape, Any] = field(default_factory=dict)

    def narrowed(self, shape: Shape, narrow: Callable[[], Any]) -> Any:
        """The statement with the conditions of a shape; `narrow` builds it the first time."""
        found = self._narrowed.get(shape)
        if found is None:
            found = self._narrowed[shape] = narrow()
        return found


# By identity: a SELECT has no equality of its own, and no two of them are ever taken for each other.
_read: "WeakKeyDictionary[Any, Read]" = WeakKeyDictionary()


def read(statement: Any) -> Read:
    """What the statement names. Raises Refused where it brings a value of a name that is a scope's."""
    if not isinstance(statement, (Select, CompoundSelect, UpdateBase)):
        return Read(_guarded_in(statement))
    found = _read.get(statement)
    if found is None:
        found = _read[statement] = Read(_guarded_in(statement))
    return found


def forget() -> None:
    """Go through every statement anew. For tests that seed a fault into a rule."""
    _read.clear()


def check_names(given: Iterable[str]) -> None:
    """Raises Refused where a value has a name that is a scope's."""
    if any(name.startswith(VALUE) for name in given):
        raise Refused(OTHER_NAMES)


def _guarded_in(statement: Any) -> frozenset[str]:
    """The guarded tables that a statement names, by class, alias or column."""
    guarded = protected()
    found = set()
    for element in visitors.iterate(statement):
        check_names(_brought(element))
        table = element.table if isinstance(element, ColumnClause) else element
        if isinstance(table, TableClause) and table.name in guarded:
            found.add(table.name)
        inner = getattr(table, "element", None)
        if isinstance(inner, TableClause) and inner.name in guarded:
            found.add(inner.name)
    target = getattr(statement, "table", None)
    if isinstance(target, TableClause) and target.name in guarded:
        found.add(target.name)
    return frozenset(found)


def _brought(element: Any) -> Iterable[str]:
    """The names of the values that a part of a statement brings along.

    The scope's own values come later and would win; who brings one has something else in mind. A
    parameter that must be given, as in the conditions of a shape, brings none.
    """
    if isinstance(element, BindParameter):
        return () if element.required else (str(element.key),)
    found: Iterable[str] = getattr(element, "_params", ())
    return found
