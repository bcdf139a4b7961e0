"""What one of several processes does: read a record, change it, save it; and count what became of it."""

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import select

from outcomes.access.bind import system_scope
from outcomes.app import create_app
from outcomes.core.actor import system_actor
from outcomes.core.database import db
from outcomes.core.errors import Stale
from outcomes.core.transaction import transaction
from outcomes.kit.reading.view import raw_of
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import check
from outcomes.records.health import HealthCheck
from tests.databases import settings_for


@dataclass(slots=True)
class Tally:
    """What became of one process's attempts. `seconds` is how long each took, saved or refused."""

    saved: Counter[str] = field(default_factory=Counter)
    stale: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def change_records(
    folder: Path,
    url: str,
    records: list[str],
    times: int,
    start: Barrier,
    seed: int,
    *,
    careless: bool = False,
) -> Tally:
    """Add one to a number in a record, `times` times, as the page does: read, then save with the revision read.

    `careless` seeds a fault: it saves with whatever revision stands by then.
    """
    app = create_app(settings_for(folder, url))
    chosen, tally = random.Random(seed), Tally()
    with app.app_context(), system_scope("a drill"):
        start.wait(60)
        for _ in range(times):
            one = chosen.choice(records)
            began = time.perf_counter()
            try:
                _change(one, careless)
                tally.saved[one] += 1
            except Stale:
                tally.stale += 1
            except Exception as fault:
                tally.faults.append(repr(fault)[:300])
            tally.seconds.append(time.perf_counter() - began)
    return tally


def _change(public_id: str, careless: bool) -> None:
    session = db.session()
    session.rollback()
    found = session.scalars(select(HealthCheck).where(HealthCheck.public_id == public_id)).one()
    revision, raw = found.revision, raw_of(found)
    raw["follow_up"] = str(int(raw["follow_up"]) + 1)
    checked = check(HealthCheck, raw)
    with transaction() as session:
        if careless:
            revision = session.scalars(select(HealthCheck.revision).where(HealthCheck.id == found.id)).one()
        writer.correct(found, checked, revision=revision, reason="", by=system_actor("a drill"))
