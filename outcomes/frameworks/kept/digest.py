"""What facts are made of besides the records, as one digest: when it differs, they are made anew."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import outcomes.measures
from outcomes.core import migrating
from outcomes.frameworks.binding import registry
from outcomes.frameworks.sources import Need
from outcomes.kit.declaring.record import KINDS
from outcomes.measures import engine
from outcomes.measures.language.card import SettingValue
from outcomes.measures.planning.plan import Plan


def made_of(need: Need, settings: Mapping[str, SettingValue]) -> str:
    """The digest for one period of a need, with the contract's settings at its end."""
    said = [_program()]
    if not need.presence:
        said += [need.plan.card.hash, repr(sorted({**need.plan.settings, **settings}.items()))]
        if engine.depends_on_today(need.plan):
            said.append(need.run.today.isoformat())
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


@cache
def kinds_read(plan: Plan, dialect: str) -> frozenset[str]:
    """The kinds whose records a plan's facts rest on."""
    tables = engine.reads(dialect, registry(), plan)
    owners = {
        kind.declaration.part.__tablename__: kind.kind_name()
        for kind in KINDS
        if kind.declaration.part is not None
    }
    return frozenset(owners.get(table, table) for table in tables)


@cache
def _program() -> str:
    """The engine as it is written, and the newest migration: nothing kept outlives a change of either."""
    folder = Path(next(iter(outcomes.measures.__path__)))
    made = hashlib.sha256(str(migrating.head()).encode())
    for path in sorted(folder.rglob("*.py")):
        made.update(path.read_bytes())
    return made.hexdigest()
