"""What is written is looked up again under the scope: rows before they change, rows after they are made.

A row that is changed must be one that the scope reaches; a new row must be reached once it is
there; whatever a row newly links to must be reached too; its author is whoever writes it. What
fails looks like what is not there: NotFound.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, distinct, func, inspect, select
from sqlalchemy.orm import Session

from outcomes.access.guarded import Refused, is_guarded, scope_of
from outcomes.access.protected import protected
from outcomes.access.rules import ADDED_LIKE_CHANGED, CHANGED, condition_to_change
from outcomes.access.scope import Scope, Shape, SystemScope
from outcomes.core.errors import Forbidden, NotFound
from outcomes.kit.writing.versions import RecordVersion

SESSION = "outcomes_session"
"""Execution option: the info of the session that a connection works for."""

_FLUSHING = "outcomes_flushing"

READ_ONLY = (
    "You may read this record but not change it: it belongs to somebody else. "
    "Ask whoever keeps it now. Nothing was saved."
)

Wanted = dict[tuple[str, str], set[Any]]
"""What to look up: values by table and column."""


def is_flushing(options: Any) -> bool:
    """Is the connection's session writing out objects that were checked?"""
    info = options.get(SESSION)
    return bool(info and info.get(_FLUSHING))


def before_attach(session: Session, instance: Any) -> None:
    """Refuse objects from elsewhere: another session's scope may have been wider, or a key forged."""
    if not _concerns(session, instance):
        return
    if not isinstance(scope_of(session), SystemScope) and inspect(instance).key is not None:
        raise Refused(f"A {type(instance).__tablename__} from another session: load it in this one.")


def before_flush(session: Session, _context: Any, _instances: Any) -> None:
    session.info[_FLUSHING] = False
    changed = [one for one in session.dirty if _concerns(session, one) and session.is_modified(one)]
    deleted = [one for one in session.deleted if _concerns(session, one)]
    new = [one for one in session.new if _concerns(session, one)]
    scope = scope_of(session)
    if not isinstance(scope, SystemScope) and (changed or deleted or new):
        if scope is None:
            raise Refused("No scope is bound, so nothing can be written.")
        wanted = _keys(changed + deleted)
        for one in changed + new:
            # A version repeats the links of its record, which was looked up when it was written;
            # after a withdrawal the child may be out of reach already.
            if not isinstance(one, RecordVersion):
                _add_links(one, wanted)
        _look_up(session, wanted)
        _check_changes(session, changed, scope)
        _check_authors(new, scope)
    session.info[_FLUSHING] = True


def after_flush(session: Session, _context: Any) -> None:
    session.info[_FLUSHING] = False
    scope = scope_of(session)
    if isinstance(scope, Scope):
        new = [one for one in session.new if _concerns(session, one)]
        _look_up(session, _keys(new))
        _check_changes(session, [one for one in new if type(one).__tablename__ in ADDED_LIKE_CHANGED], scope)


def after_soft_rollback(session: Session, _transaction: Any) -> None:
    # A flush that failed never comes to its end: what follows is not part of it.
    session.info[_FLUSHING] = False


def _concerns(session: Session, instance: Any) -> bool:
    return is_guarded(session) and type(instance).__tablename__ in protected()


def _keys(rows: Iterable[Any]) -> Wanted:
    wanted: Wanted = {}
    for row in rows:
        wanted.setdefault((type(row).__tablename__, "id"), set()).add(_key(row))
    return wanted


def _key(row: Any) -> Any:
    """The key by which the row stands in the database, whatever its attribute says now."""
    identity = inspect(row).identity
    return identity[0] if identity else row.id


def _add_links(row: Any, wanted: Wanted) -> None:
    """What guarded rows a row newly links to: by key, or by a natural key column by column."""
    state = inspect(row)
    for attribute in state.mapper.column_attrs:
        for foreign in attribute.columns[0].foreign_keys:
            target = (foreign.column.table.name, foreign.column.key)
            if target[0] in protected():
                added = state.attrs[attribute.key].history.added or ()
                wanted.setdefault(target, set()).update(value for value in added if value is not None)


def _look_up(session: Session, wanted: Wanted) -> None:
    """One question for all of them. Raises NotFound where one is not reached."""
    asked = {place: list(values) for place, values in sorted(wanted.items()) if values}
    if not asked:
        return
    with session.no_autoflush:
        found = session.execute(
            _reached(tuple(asked)),
            {f"wanted_{number}": values for number, values in enumerate(asked.values())},
        ).one()
    if list(found) != [len(values) for values in asked.values()]:
        raise NotFound


@lru_cache(maxsize=1024)
def _reached(places: tuple[tuple[str, str], ...]) -> Select[Any]:
    """How many of those wanted the scope reaches, for each table and column."""
    counted = []
    for number, (table, name) in enumerate(places):
        column = getattr(protected()[table], name)
        those = column.in_(bindparam(f"wanted_{number}", expanding=True))
        counted.append(select(func.count(distinct(column))).where(those).scalar_subquery())
    return select(*counted)


@lru_cache(maxsize=1024)
def _those(table: str, name: str) -> Select[Any]:
    column = getattr(protected()[table], name)
    return select(column).where(column.in_(bindparam("wanted", expanding=True)))


def may_change(session: Session, record: Any) -> bool:
    """May whoever reads this record change it too? What a page asks before it offers to."""
    scope = scope_of(session)
    return not isinstance(scope, Scope) or not _beyond_change(session, [record], scope)


def _check_changes(session: Session, changed: Iterable[Any], scope: Scope) -> None:
    """Some records are read by more people than may change them. Who reads one may be told so."""
    if _beyond_change(session, changed, scope):
        raise Forbidden(READ_ONLY)


def _beyond_change(session: Session, records: Iterable[Any], scope: Scope) -> bool:
    for (table, _), keys in _keys(records).items():
        if table not in CHANGED:
            continue
        with session.no_autoflush:
            found = set(session.scalars(changeable(table, scope.shape), {"wanted": list(keys)}))
        if keys - found:
            return True
    return False


@lru_cache(maxsize=1024)
def changeable(table: str, shape: Shape) -> Select[Any]:
    """The keys of those wanted that a scope of this shape may change."""
    return _those(table, "id").where(condition_to_change(protected()[table], shape))


def _check_authors(new: Iterable[Any], scope: Scope) -> None:
    for row in new:
        if getattr(row, "author_id", scope.account_id) != scope.account_id:
            raise Refused("A new record's author is whoever writes it.")
