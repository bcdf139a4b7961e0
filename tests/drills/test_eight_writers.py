"""Eight processes change the same records at once: nobody is told that the database is locked, and no
change is lost. With a transaction that reads before it writes, most of them were.
"""

import math
import multiprocessing
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from outcomes.access.bind import system_scope
from outcomes.audit.verify import verify
from outcomes.core.database import db
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.health import HealthCheck
from tests.builders import World
from tests.databases import Fresh
from tests.drills.writing import Tally, change_records

PROCESSES, TIMES, RECORDS = 8, 20, 4


@pytest.fixture(params=["sqlite_database", "postgres_database"])
def fresh(request: pytest.FixtureRequest) -> Fresh:
    fresh: Fresh = request.getfixturevalue(request.param)
    fresh.empty()
    return fresh


def made(app: Flask) -> list[str]:
    with app.app_context(), system_scope("a test"):
        world = World()
        child = world.child()
        world.placed(child, world.home(), "2024-01-01")
        return [
            world.record(
                HealthCheck, person_id=child, kind="dental", due_on="2025-01-01", follow_up="0"
            ).public_id
            for _ in range(RECORDS)
        ]


def run(fresh: Fresh, records: list[str], *, careless: bool = False) -> list[Tally]:
    # A server of clean processes, loaded once: the test's own threads are not copied with it.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.drills.writing"])
    with context.Manager() as shared, ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        start: Any = shared.Barrier(PROCESSES)
        work = [
            pool.submit(
                change_records, fresh.folder, fresh.url, records, TIMES, start, seed, careless=careless
            )
            for seed in range(PROCESSES)
        ]
        return [one.result(120) for one in work]


def test_eight_processes_lose_nothing(fresh: Fresh, record_property: Any) -> None:
    records = made(fresh.app)
    tallies = run(fresh, records)
    seconds = sorted(one for tally in tallies for one in tally.seconds)
    p99 = seconds[math.ceil(len(seconds) * 0.99) - 1]
    saved = sum((tally.saved for tally in tallies), Counter[str]())
    stale = sum(tally.stale for tally in tallies)
    record_property(
        "figure",
        f"{PROCESSES} processes writing to {re.split('[:+]', fresh.url)[0]}: {saved.total()} saved, {stale} stale, "
        f"p50 {seconds[len(seconds) // 2] * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms",
    )

    assert [fault for tally in tallies for fault in tally.faults] == []
    assert saved.total() + stale == PROCESSES * TIMES
    # Somebody was late, or nothing was tried at once.
    assert stale
    with fresh.app.app_context(), system_scope("a test"):
        for row in db.session.scalars(select(HealthCheck)):
            assert row.revision - 1 == saved[row.public_id] == int(row.follow_up or "")
            kept = select(RecordVersion.revision).where(
                RecordVersion.kind == "health_check", RecordVersion.record_id == row.id
            )
            assert sorted(db.session.scalars(kept)) == list(range(1, row.revision + 1))
        assert verify().ok


def test_a_lost_update_would_be_noticed(sqlite_database: Fresh) -> None:
    """The drill's own test: writers who save over what they never saw."""
    sqlite_database.empty()
    records = made(sqlite_database.app)
    saved = sum((tally.saved for tally in run(sqlite_database, records, careless=True)), Counter[str]())
    with sqlite_database.app.app_context(), system_scope("a test"):
        kept = {row.public_id: int(row.follow_up or "") for row in db.session.scalars(select(HealthCheck))}
    assert sum(kept.values()) < saved.total()
