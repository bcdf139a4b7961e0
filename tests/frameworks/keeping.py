"""Kept facts beside the same worked out anew: what the tests of keeping look at."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from outcomes.core.clock import today
from outcomes.core.database import db
from outcomes.core.periods import containing
from outcomes.frameworks.contracts import all_contracts
from outcomes.frameworks.figures import Asked
from outcomes.frameworks.kept import commands
from outcomes.frameworks.kept.keeper import Kept
from outcomes.frameworks.kept.tables import FactSet
from outcomes.frameworks.packs import cards, framework_of
from outcomes.frameworks.sources import Live, Source


def asked(source: Source, **more: Any) -> list[Asked]:
    """Every measure of both packs, each for its own contracts."""
    found = []
    for framework in ("newham_ifa", "hackney_homes"):
        contracts = [
            one.contract_id for one in all_contracts(source.connection) if one.framework == framework
        ]
        measures = [measure for measure in cards() if framework_of(measure) == framework]
        period = containing(today(), "quarter")
        found.append(Asked(measures, contracts, period, **{"periods": 2, **more}))
    return found


def told(source: Source, **more: Any) -> list[Any]:
    """Everything that figures say, down to what each child's place in them rests on."""
    return [figure for one in asked(source, **more) for figure in commands.told(source, one)]


def kept(session: Session, **more: Any) -> list[Any]:
    return told(Kept(session), **more)


def afresh(session: Session, **more: Any) -> list[Any]:
    return told(Live(session.connection()), **more)


def count(kind: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def stamps() -> dict[int, int]:
    return {row.id: row.made_from for row in db.session.scalars(select(FactSet))}
