"""Eight clerks who write without a pause, each remembering what the service told them that it kept."""

import random
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Event, Thread
from typing import Any

from tests.drills.service import Seat

CLERKS = 8


@dataclass(frozen=True, slots=True)
class Kept:
    """What the service said that it kept: this state of this record says these words."""

    record: str
    revision: int
    words: str


@dataclass(frozen=True, slots=True)
class Wish:
    """Something to be written. Sent again under the same key, it is done once."""

    key: str
    words: str
    record: str = ""
    revision: int = 0


@dataclass(slots=True)
class Clerk:
    """One client. Between two runs of the service it keeps what it wished for and never heard about."""

    number: int
    child: str
    kept: list[Kept] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    unheard: Wish | None = None
    _sent: int = 0

    def write(self, seat: Seat, stop: Event) -> None:
        """Write until the service falls silent. What it was in the middle of is `unheard` then."""
        connection = seat.connect()
        while not stop.is_set():
            self.unheard = self.unheard or self._next()
            try:
                status, said = self._send(seat, connection, self.unheard)
            except (OSError, HTTPException):
                return
            if status >= 500:
                return
            if status not in (200, 201):
                self.refused.append(f"clerk {self.number}: {status} {said}")
                return
            self.kept.append(Kept(said["id"], said["revision"], self.unheard.words))
            self.unheard = None

    def _next(self) -> Wish:
        self._sent += 1
        key = f"{self.number}-{self._sent}"
        words = f"clerk {self.number} wrote {self._sent}"
        if self.kept and random.Random(key).random() < 0.5:
            last = self.kept[-1]
            return Wish(key, words, last.record, last.revision)
        return Wish(key, words)

    def _send(self, seat: Seat, connection: Any, wish: Wish) -> tuple[int, dict[str, Any]]:
        body = {"kind": "dental", "due_on": "2025-05-01", "follow_up": wish.words}
        place = f"{self.child}/health-check"
        if not wish.record:
            return seat.send(connection, "POST", place, body, wish.key)
        return seat.send(
            connection, "PUT", f"{place}/{wish.record}", body, wish.key, If_Match=f'"{wish.revision}"'
        )


def set_to_work(clerks: list[Clerk], seat: Seat, stop: Event) -> list[Thread]:
    threads = [Thread(target=clerk.write, args=(seat, stop), daemon=True) for clerk in clerks]
    for thread in threads:
        thread.start()
    return threads
