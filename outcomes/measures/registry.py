"""What the engine knows of record tables: names, columns and what they are about. Handed in, never imported.

`frameworks/binding.py` builds one from the record kinds; the tests build theirs from the same tables.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import JSON, Boolean, Date, DateTime, Numeric, Table, TableClause, column
from sqlalchemy import Integer as WholeNumber
from sqlalchemy import table as light_table
from sqlalchemy.types import TypeDecorator, TypeEngine

Follows = Literal["placement", "person"]


class FieldType(StrEnum):
    """What a field holds; decides which phrases fit it."""

    DATE = "a date"
    INSTANT = "a date and time"
    NUMBER = "a number"
    YES_NO = "yes or no"
    WORD = "a word or a code"
    LIST = "a list"
    LINK = "a link to another record"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a record. `codes` are the words it may hold, where these are a closed list.

    `whole` is true for a number without decimals: only these are added up for a figure.
    """

    name: str
    type: FieldType
    codes: frozenset[str] = frozenset()
    leads_to: str | None = None
    whole: bool = False


@dataclass(frozen=True, eq=False)
class Record:
    """One record table.

    `follows` says what a contract's figures narrow by (D14). `dated` names the fields that
    tell the day a record is about, first the usual one; `waits` is true for what may be due and not
    done yet. `opens` and `closes` name the fields
    between which a lasting record is open.
    """

    name: str
    table: Table
    fields: Mapping[str, Field]
    follows: Follows | None = None
    dated: tuple[str, ...] = ()
    opens: str | None = None
    closes: str | None = None
    waits: bool = False

    def alias(self, name: str) -> Any:
        """The table under another name, as our statements read it."""
        return self._light.alias(name)

    @cached_property
    def _light(self) -> TableClause:
        """Names and types alone. A column of a schema is copied whole, with what the schema knows of it,
        each time that a common table expression hands it on: half of the time a statement took to build."""
        return light_table(self.name, *(column(one.name, one.type) for one in self.table.columns))

    @property
    def withdrawable(self) -> bool:
        return "withdrawn_at" in self.table.c


@dataclass(frozen=True, eq=False)
class Registry:
    """Every record that cards may name. `placement`, `person` and the reading tables are needed."""

    records: Mapping[str, Record]

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Registry":
        return cls(MappingProxyType({record.name: record for record in records}))

    def __getitem__(self, name: str) -> Record:
        return self.records[name]

    def __contains__(self, name: object) -> bool:
        return name in self.records

    def look_up(self, record: Record, name: str) -> tuple[tuple[str, ...], Field] | None:
        """The field `name`, on the record or on the one it points to (rule 7 of the language).

        `goal.area` names the record pointed to. Returns the links to follow and the field; None
        where there is no such field, or where more than one link leads to one.
        """
        head, _, tail = name.partition(".")
        if tail:
            found = [(link, self[to].fields[tail]) for link, to in self._links(record)
                     if head in (to, link.removesuffix("_id")) and tail in self[to].fields]  # fmt: skip
        elif name in record.fields:
            return (), record.fields[name]
        else:
            found = [
                (link, self[to].fields[name]) for link, to in self._links(record) if name in self[to].fields
            ]
        return ((found[0][0],), found[0][1]) if len(found) == 1 else None

    def _links(self, record: Record) -> Iterable[tuple[str, str]]:
        return (
            (field.name, field.leads_to)
            for field in record.fields.values()
            if field.leads_to is not None and field.leads_to in self
        )


def describe(
    table: Table,
    *,
    codes: Mapping[str, Iterable[str]] | None = None,
    follows: Follows | None = None,
    dated: tuple[str, ...] = (),
    opens: str | None = None,
    closes: str | None = None,
    waits: bool = False,
    internal: frozenset[str] = frozenset(),
) -> Record:
    """A record from its table: the type of each field follows from the column."""
    closed = codes or {}
    fields = {
        column.name: Field(
            column.name,
            _type_of(column.type, _leads_to(column) is not None),
            frozenset(closed.get(column.name, ())),
            _leads_to(column),
            isinstance(column.type, WholeNumber),
        )
        for column in table.columns
        if column.name not in internal
    }
    return Record(table.name, table, MappingProxyType(fields), follows, dated, opens, closes, waits)


def _leads_to(column: Any) -> str | None:
    """The record whose id the column holds; a natural key (instrument_code) is a word, not a link."""
    targets = (key.target_fullname.rpartition(".") for key in column.foreign_keys)
    return next((record for record, _, name in targets if name == "id"), None)


def _type_of(column_type: TypeEngine[Any], is_link: bool) -> FieldType:
    inner = column_type.impl_instance if isinstance(column_type, TypeDecorator) else column_type
    if is_link:
        return FieldType.LINK
    for sql_type, field_type in _TYPES:
        if isinstance(inner, sql_type):
            return field_type
    return FieldType.WORD


_TYPES: tuple[tuple[type[TypeEngine[Any]], FieldType], ...] = (
    (Boolean, FieldType.YES_NO),
    (Date, FieldType.DATE),
    (DateTime, FieldType.INSTANT),
    (Numeric, FieldType.NUMBER),
    (WholeNumber, FieldType.NUMBER),
    (JSON, FieldType.LIST),
)
