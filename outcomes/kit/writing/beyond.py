"""The two questions of a write that reach beyond the writer's scope, and the way to ask them.

Which placement a record belongs to (`placing.py`), and whether anything was recorded with what is
about to be changed. Neither tells the writer whose records those are.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Executable, and_, exists, select
from sqlalchemy.orm import Session

from outcomes.core.database import SYSTEM
from outcomes.kit.declaring.record import KINDS


def beyond(session: Session, statement: Executable) -> Any:
    """Run a statement on the writer's own transaction, past the writer's scope."""
    return session.connection().execute(statement, execution_options={SYSTEM: True})


def any_at_all(session: Session, kind: str, values: Mapping[str, Any]) -> bool:
    """Is there any standing record of a kind with these values, whoever's it is?"""
    columns = KINDS[kind].__table__.c
    alike = and_(columns.withdrawn_at.is_(None), *(columns[name] == value for name, value in values.items()))
    return bool(beyond(session, select(exists().where(alike))).scalar())
