"""Writes: a key-worker session sent from its form, durable, one after another and from eight browsers at once.

Ours writes the record, its version and its audit entry, and judges and narrows what was sent; the peer
writes a record and a line of a log.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles

from flask.testing import FlaskClient

from bench.databases import Database
from bench.peer_app import peer_app
from bench.signed_in import children_of_home, hidden, manager, signed_in
from bench.table import Line
from bench.timing import timed
from outcomes.core.clock import today

GOAL, WORST_MS = 0.6, 50.0
PEER = "Flask, an ORM and a sign-in: a record and a line of a log"
BROWSERS = 8
Send = Callable[[], float]
"""Sends one form; the seconds that the answer took. The form's own page is not counted."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Writes a second, and the slowest of a hundred in milliseconds."""

    a_second: float
    p99: float
    refused: int


def writes(database: Database, runs: int) -> Iterator[Line]:
    """One browser and eight, ours and the peer's."""
    children = children_of_home(database.app)
    peer = peer_app(database, filled=False)
    clients = [signed_in(database.app, manager(database.app, f"writer{n}")) for n in range(BROWSERS)]
    ours = [_ours(client, children[n % len(children)]) for n, client in enumerate(clients)]
    theirs = [_theirs(peer.test_client(), n) for n in range(BROWSERS)]
    for browsers in (1, BROWSERS):
        pairs = [(_rate(ours[:browsers]), _rate(theirs[:browsers])) for _ in range(runs)]
        mine = median(a.a_second for a, _ in pairs)
        peers = median(b.a_second for _, b in pairs)
        ratio = median(a.a_second / b.a_second for a, b in pairs)
        what = f"{browsers} browser{'s' if browsers > 1 else ''}"
        yield Line(
            "Writes",
            f"{what}: writes a second",
            database.name,
            mine,
            "/s",
            PEER,
            peers,
            ratio,
            GOAL,
            at_most=False,
        )
        worst, refused = median(a.p99 for a, _ in pairs), sum(a.refused for a, _ in pairs)
        yield Line("Writes", f"{what}: slowest of a hundred", database.name, worst, "ms", PEER,
                   median(b.p99 for _, b in pairs), goal=WORST_MS if browsers > 1 else None, goal_is_for="ours")  # fmt: skip
        yield Line("Writes", f"{what}: refused", database.name, refused, "", goal=0.5, goal_is_for="ours")


def _ours(client: FlaskClient, child: str) -> Send:
    where = f"/children/{child}/keyworker-session/new"

    def send() -> float:
        form = client.get(where).text
        day = today()
        answers = {
            "csrf_token": hidden(form, "csrf_token"),
            "idempotency_key": hidden(form, "idempotency_key"),
            "happened": "held",
            "child_words": "We cooked together",
            "on-day": str(day.day),
            "on-month": str(day.month),
            "on-year": str(day.year),
        }
        return _sent(client, where, answers)

    return send


def _theirs(client: FlaskClient, person: int) -> Send:
    client.post("/sign-in")

    def send() -> float:
        answers = {"on": today().isoformat(), "words": "We cooked together"}
        return _sent(client, f"/sessions/{person}", answers)

    return send


def _sent(client: FlaskClient, where: str, answers: Mapping[str, str]) -> float:
    """The seconds of the answer; less than none where it was refused."""
    took, answer = timed(partial(client.post, where, data=answers))
    return took if answer.status_code == 303 else -1.0


EACH = 25


def _rate(senders: list[Send]) -> Rate:
    """So many writes by each sender at once. The rate is by the time that the answers took."""

    def work(send: Send) -> list[float]:
        return [send() for _ in range(EACH)]

    with ThreadPoolExecutor(len(senders)) as pool:
        found = [took for one in pool.map(work, senders) for took in one]
    held = [took for took in found if took >= 0]
    return Rate(
        len(senders) * len(held) / sum(held), quantiles(held, n=100)[98] * 1000, len(found) - len(held)
    )
