"""Which tables the scope guards, and which stand open. Every mapped class is one or the other.

A class that is neither, or that is built so that the guard could not see into it, stops the start.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import DeclarativeBase, Mapper, configure_mappers

from outcomes.access.rules import rule_of
from outcomes.core.database import Base
from outcomes.core.errors import Misconfigured

OPEN = {
    "account": "sign-in reads it before anybody is known; it holds no child",
    "account_grant": "as account",
    "sign_in_session": "as account",
    "sign_in_attempt": "digests and counts",
    "one_time_link": "digests and times",
    "api_token": "as account: digests, scopes and times",
    "audit_entry": "no content of records; written by every act, read by outcomes audit",
    "audit_head": "where the chain ends",
    "change_clock": "a number",
    "record_change": "keys, kinds and numbers; written by every write, read by who keeps figures",
    "kept_form": "found by account only (outcomes/web/kept_forms.py): what it typed, for itself alone",
    "idempotency_key": "found by account and key only (outcomes/web/idempotency.py)",
}
"""Tables without a child in them, each with its reason. Everything else needs a rule in `rules.py`."""


@cache
def protected() -> dict[str, type[Any]]:
    """Guarded classes by table name. Asked for once all kinds are declared."""
    configure_mappers()
    return {
        mapper.class_.__tablename__: mapper.class_
        for mapper in Base.registry.mappers
        if mapper.class_.__tablename__ not in OPEN
    }


@cache
def reachable(table: str) -> frozenset[str]:
    """The guarded tables that loading `table` may bring along through relationships, itself included."""
    seen: set[str] = set()
    waiting = [table]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in protected():
            continue
        seen.add(name)
        mapper: Mapper[Any] = protected()[name].__mapper__
        waiting.extend(link.mapper.class_.__tablename__ for link in mapper.relationships)
    return frozenset(seen)


def check_tables(base: type[DeclarativeBase] = Base) -> None:
    """Refuse to start with a table that the guard does not know or could not see into."""
    faults = [fault for mapper in base.registry.mappers for fault in _faults(mapper)]
    mapped = {mapper.class_.__tablename__ for mapper in base.registry.mappers}
    faults += [
        f"{name} is a table without a class. Map it, so that a rule can stand for it."
        for name in base.metadata.tables
        if name not in mapped
    ]
    if faults:
        raise Misconfigured("These tables cannot be guarded:\n" + "\n".join(f"- {fault}" for fault in faults))


def _faults(mapper: Mapper[Any]) -> Iterator[str]:
    name = mapper.class_.__tablename__
    if name not in OPEN:
        try:
            rule_of(mapper.class_)
        except KeyError:
            yield (
                f"{name} has no rule. Add one to NAMED in outcomes/access/rules.py, "
                "or a reason to OPEN in outcomes/access/protected.py."
            )
    for attribute in mapper.column_attrs:
        foreign = [c for c in attribute.columns if getattr(c, "table", None) is not mapper.local_table]
        if foreign:
            yield f"{name}.{attribute.key} is worked out from other tables, past their rules. Query them instead."
    for link in mapper.relationships:
        if link.secondary is not None:
            yield f"{name}.{link.key} uses secondary=. Map the table in between as a class."
    table = mapper.local_table
    for key in table.foreign_keys if isinstance(table, Table) else ():
        if key.ondelete and key.ondelete.upper() in ("CASCADE", "SET NULL", "SET DEFAULT"):
            yield f"{name}.{key.parent.name} changes by cascade, below the guard. Use RESTRICT."
