"""A record's table with the records that its links lead to."""

from typing import Any

from sqlalchemy import Date, FromClause, and_, func

from outcomes.measures.planning.terms import Column
from outcomes.measures.registry import Record, Registry
from outcomes.measures.sql.dialect import Dialect, Expression
from outcomes.measures.sql.stays import standing


class Joined:
    """A record's table with the records its fields are looked up on, joined as they are asked for."""

    def __init__(self, registry: Registry, record: Record, name: str) -> None:
        self.registry, self.record = registry, record
        self.table: Any = record.alias(name)
        self.source: FromClause = self.table
        self._joined: dict[tuple[str, ...], Any] = {(): self.table}

    def column(self, column: Column) -> Expression:
        return self.at(column.path).c[column.name]

    def at(self, path: tuple[str, ...]) -> Any:
        """The table at the end of the links. What was withdrawn counts for nothing, so it says nothing here (R23)."""
        if path not in self._joined:
            before, owner = self.at(path[:-1]), self._owner(path[:-1])
            target = self.registry[str(owner.fields[path[-1]].leads_to)]
            other = target.alias(f"{self.table.name}_{'_'.join(path)}")
            # A child stays who they are for as long as a placement of theirs stands.
            stands = [] if target.name == "person" else standing(target, other)
            self.source = self.source.outerjoin(other, and_(other.c.id == before.c[path[-1]], *stands))
            self._joined[path] = other
        return self._joined[path]

    def _owner(self, path: tuple[str, ...]) -> Record:
        owner = self.record
        for link in path:
            owner = self.registry[str(owner.fields[link].leads_to)]
        return owner

    def dated(self, dialect: Dialect) -> Expression:
        """The London day that the record is about: its usual date, else the one that stands in."""
        days = []
        for name in self.record.dated:
            column = self.table.c[name]
            is_day = isinstance(column.type, Date)
            days.append(column if is_day else dialect.london_day(column))
        return func.coalesce(*days) if len(days) > 1 else days[0]
