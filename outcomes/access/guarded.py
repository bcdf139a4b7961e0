"""What the nets share: which engines are guarded, and which scope a session has.

A session has one scope for its whole life. It is bound once; a second, different one is refused,
as objects loaded under the first would still be there.
"""

import weakref
from typing import Any

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import UnboundExecutionError
from sqlalchemy.orm import Session

from outcomes.access.protected import protected
from outcomes.access.scope import AnyScope

SCOPE = "outcomes_scope"
"""Where a session keeps its scope, in `session.info`."""

_engines: "weakref.WeakSet[Engine]" = weakref.WeakSet()


class Refused(RuntimeError):
    """Code asked in a way that cannot be narrowed to what is the reader's. A fault of ours: a 500."""


def mark_guarded(engine: Engine) -> bool:
    """Remember a guarded engine; False where it was one already."""
    if engine in _engines:
        return False
    _engines.add(engine)
    return True


def is_guarded(session: Session) -> bool:
    """Does the session work on a guarded engine? One without any engine reaches nothing."""
    try:
        bind: Any = session.get_bind()
    except UnboundExecutionError:
        return False
    return getattr(bind, "engine", bind) in _engines


def scope_of(session: Session) -> AnyScope | None:
    found: AnyScope | None = session.info.get(SCOPE)
    return found


def bind_scope(session: Session, scope: AnyScope) -> None:
    """Give a session its scope. Raises Refused when it has another, or holds records already."""
    standing = scope_of(session)
    if standing is not None:
        if standing != scope:
            raise Refused("This session has another scope already. One session, one scope.")
        return
    held = {inspect(one).mapper.local_table.name for one in session} & protected().keys()
    if held:
        raise Refused(f"This session holds records of {', '.join(sorted(held))} from before its scope.")
    # What was begun before belongs to nobody; the scope counts from the next statement on.
    session.rollback()
    session.info[SCOPE] = scope
