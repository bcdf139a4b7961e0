"""The only place where a scope is applied: to every statement of a session, and on the engine.

Three nets, one below the other:

1. in the session, each ORM statement, relationship load and column load gets the condition of
   every guarded class in it; bulk writes by key and statements that cannot be read are refused;
2. on the engine, a last look at the finished SQL: each guarded table in it must have come with its
   condition, and a connection without a session's scope touches no guarded table at all;
3. in the flush (`flushing.py`), rows and what they link to are looked up again under the scope.

Which tables are guarded: `protected.py`. What this does not see: triggers and cascades inside the
database (none on guarded tables), and copies of data outside it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import count
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, event, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter

from outcomes.access import flushing, statements
from outcomes.access.guarded import Refused, is_guarded, mark_guarded, scope_of
from outcomes.access.protected import protected, reachable
from outcomes.access.rules import CHANGING, MARK, condition, condition_to_change
from outcomes.access.scope import Scope, Shape, SystemScope
from outcomes.access.sql_tables import tables_in
from outcomes.access.statements import OTHER_NAMES, Read, check_names, read
from outcomes.core.database import SYSTEM

CHECKED = "outcomes_checked"
"""Execution option: the session's hook has seen this statement, under the scope in the option."""

_MARKS = re.compile(rf"{MARK}([a-z_]+?)_\d+\b")


def install(engine: Engine) -> None:
    """Guard an engine, and every session on it. Once per engine, before its first connection."""
    if mark_guarded(engine):
        event.listen(engine, "before_cursor_execute", _last_look)
    for name, listener in (
        ("do_orm_execute", _on_statement),
        ("after_begin", _on_begin),
        ("before_attach", flushing.before_attach),
        ("before_flush", flushing.before_flush),
        ("after_flush", flushing.after_flush),
        ("after_soft_rollback", flushing.after_soft_rollback),
    ):
        # On every session class there is: one made by hand is no way around.
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)


def open_for_system(connection: Connection, reason: str) -> Connection:
    """Let a bare connection through, which has no session. `reason` is for who reads the call."""
    assert reason
    return connection.execution_options(**{SYSTEM: True})


# -- the session ---------------------------------------------------------------------------------


def _on_begin(session: Session, _transaction: Any, connection: Connection) -> None:
    if is_guarded(session):
        connection.execution_options(
            **{SYSTEM: isinstance(scope_of(session), SystemScope), flushing.SESSION: session.info}
        )


def _on_statement(state: ORMExecuteState) -> None:
    if not is_guarded(state.session):
        return
    scope = scope_of(state.session)
    if isinstance(scope, SystemScope) or not state.is_orm_statement:
        # What is no ORM statement gets no condition; the last look then refuses guarded tables.
        return
    found = read(state.statement)
    named = found.named
    if not named:
        return
    if scope is None:
        raise Refused(f"No scope is bound, so nothing of {_list(named)} is visible.")
    if state.is_insert or ((state.is_update or state.is_delete) and state.is_executemany):
        raise Refused(f"Bulk writes by key pass the flush and its checks: write {_list(named)} as objects.")
    if state.is_from_statement:
        raise Refused(f"from_statement() cannot be narrowed to what is yours: select {_list(named)} plainly.")
    if state.is_update:
        _check_bulk_values(state, scope)
    if state.is_update or state.is_delete:
        # Their values are columns to set, so a scope's cannot be among them: they stand in the condition.
        state.statement = state.statement.options(
            *(
                with_loader_criteria(
                    protected()[name],
                    _with_values(name, scope),
                    include_aliases=True,
                    propagate_to_loaders=False,
                )
                for name in sorted(_reached(named))
            )
        )
    else:
        _narrow(state, scope, found)
    state.update_execution_options(**{CHECKED: scope})


def _narrow(state: ORMExecuteState, scope: Scope, found: Read) -> None:
    """Give a SELECT the conditions of the scope's shape, and the scope's values to ask them with."""
    given: Any = state.parameters or {}
    if isinstance(given, list):
        raise Refused(OTHER_NAMES)
    check_names(given)
    if state.is_column_load and state.bind_mapper is not None:
        state.statement = _narrowed_load(state.statement, state.bind_mapper.class_, found, scope.shape)
    else:
        state.statement = found.narrowed(
            scope.shape, lambda: _with_criteria(state.statement, _reached(found.named), scope.shape)
        )
    state.parameters = {**given, **scope.values}


def _with_criteria(statement: Any, tables: set[str], shape: Shape) -> Any:
    return statement.options(*(_criteria(name, shape) for name in sorted(tables)))


def _narrowed_load(statement: Any, kind: Any, found: Read, shape: Shape) -> Any:
    """A load of columns of an object that is held: SQLAlchemy adds no criteria there (its issue 5762)."""
    own = kind.__tablename__
    return _with_criteria(statement.where(_built(own, shape)), _reached(found.named) - {own}, shape)


def _with_values(table: str, scope: Scope) -> Any:
    """The condition of a table with the scope's values in it."""

    def value(element: Any, **_more: Any) -> Any:
        if isinstance(element, BindParameter) and element.key in scope.values:
            known = scope.values[element.key]
            return bindparam(element.key, known, type_=element.type, unique=True, expanding=element.expanding)
        return None

    return visitors.replacement_traverse(_built(table, scope.shape), {}, value)


def _reached(named: Iterable[str]) -> set[str]:
    return set().union(*(reachable(name) for name in named))


class _Criteria(LoaderCriteriaOption):
    """The loader criteria of one table for scopes of one shape. Each is itself in the cache of statements.

    SQLAlchemy would go through the whole condition to know it again, at every statement. It holds
    nothing that differs from scope to scope: the values come with the parameters, by name.
    """

    inherit_cache = False
    _numbers = count()

    def __init__(self, table: str, shape: Shape) -> None:
        # Loads of relationships and columns come through the hook themselves, so nothing is
        # carried over to them: it would be added twice.
        super().__init__(
            protected()[table], _built(table, shape), include_aliases=True, propagate_to_loaders=False
        )
        # A number and not the identity, which another object may have after this one is gone.
        self._number = next(self._numbers)

    def _gen_cache_key(self, anon_map: Any, bindparams: list[Any]) -> tuple[Any, ...]:
        return (_Criteria, self._number)

    def _resolve_where_criteria(self, ext_info: Any) -> Any:
        # SQLAlchemy turns the condition to an alias that stands in FROM, but not to one that is joined:
        # it would hold for the table beside it, and the alias would be open.
        made: Any = super()._resolve_where_criteria(ext_info)
        return ext_info._adapter.traverse(made) if ext_info.is_aliased_class else made


@lru_cache(maxsize=4096)
def _built(table: str, shape: Shape) -> Any:
    """The condition of a table for scopes of one shape."""
    return condition(protected()[table], shape)


@lru_cache(maxsize=4096)
def _criteria(table: str, shape: Shape) -> _Criteria:
    """Built once per table and shape. One that was dropped is built anew, with a number of its own."""
    return _Criteria(table, shape)


def forget_conditions() -> None:
    """Build every condition anew. For tests that seed a fault into a rule."""
    for kept in (_built, _criteria, _inside, _check_marks, flushing.changeable):
        kept.cache_clear()
    statements.forget()


def _check_bulk_values(state: ORMExecuteState, scope: Scope) -> None:
    """A bulk update must not move rows: links of guarded tables are changed as objects."""
    for key in getattr(state.statement, "_values", None) or {}:
        if getattr(key, "foreign_keys", None):
            raise Refused(f"A bulk update cannot change the link {key.name!r}: change objects, one by one.")


# -- the engine ----------------------------------------------------------------------------------


def _last_look(
    connection: Connection, _cursor: Any, sql: str, _parameters: Any, context: Any, _many: bool
) -> None:
    options = context.execution_options if context is not None else connection.get_execution_options()
    if options.get(SYSTEM) or (context is not None and context.isddl):
        return
    # After the system's: an import's statements are long, and reading them took a fifth of its time.
    tables = _guarded_tables(sql)
    if not tables:
        return
    if flushing.is_flushing(options) and not sql.lstrip().upper().startswith("SELECT"):
        return
    scope = options.get(CHECKED)
    if not isinstance(scope, Scope):
        raise Refused(
            f"{_list(tables)}: a statement outside any scope. Select the class, in a bound session."
        )
    names = context.compiled.positiontup if context.compiled is not None else None
    _check_marks(sql, None if names is None else tuple(names), scope.shape)


@lru_cache(maxsize=4096)
def _check_marks(sql: str, names: tuple[str, ...] | None, shape: Shape) -> None:
    """As many conditions as tables: each guarded table is there by its own rule, or inside one.

    Kept for statements that passed: what is refused raises, and is looked at each time.
    """
    tables = Counter(_guarded_tables(sql))
    expected: Counter[str] = Counter()
    for table, times in _marks(sql, names).items():
        if not table.startswith(CHANGING):
            expected[table] += times
        for inner, often in _inside(table, shape).items():
            expected[inner] += often * times
    if tables != expected:
        stray = sorted({*(tables - expected), *(expected - tables)})
        raise Refused(f"{_list(stray)}: named in a statement without its condition. Select the class itself.")


def _marks(sql: str, names: tuple[str, ...] | None) -> Counter[str]:
    if names is not None:
        return Counter(found[1] for name in names if (found := _MARKS.fullmatch(name)))
    return Counter(_MARKS.findall(sql))


@lru_cache(maxsize=4096)
def _inside(table: str, shape: Shape) -> Counter[str]:
    """The guarded tables that the condition of a table reads itself."""
    kind = protected()[table.removeprefix(CHANGING)]
    made = condition_to_change if table.startswith(CHANGING) else condition
    sql = str(select(1).select_from(kind.__table__).where(made(kind, shape)))
    # Without the table itself, which is there once as what the condition is about.
    return Counter(_guarded_tables(sql)) - Counter([kind.__tablename__])


@lru_cache(maxsize=2048)
def _guarded_tables(sql: str) -> dict[str, int]:
    guarded = protected()
    return {name: times for name, times in tables_in(sql).items() if name in guarded}


def _list(names: Any) -> str:
    return ", ".join(sorted(names))
