"""The service with a seeded fault, so that a drill can show that it would notice one.

python -m tests.drills.faulty NAME serve --port N
"""

import itertools
import sys
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from outcomes import cli
from outcomes.audit.log import write_pending
from outcomes.core import transaction as transactions
from outcomes.core.database import WRITING
from outcomes.kit.api import verbs as api
from outcomes.web.idempotency import Result


def audit_apart() -> None:
    """The audit is written in a transaction of its own, a moment after the record's."""

    def apart(session: Session) -> None:
        kept = session.info.get("audit_pending")
        session.commit()
        time.sleep(0.05)
        session.connection(execution_options={WRITING: True})
        if kept:
            session.info["audit_pending"] = (session.get_transaction(), kept[1])
        write_pending(session)

    steps = transactions._before_commit
    steps[steps.index(write_pending)] = apart


def dropped() -> None:
    """Every seventh write is answered as if it had been kept."""
    numbers, real = itertools.count(1), api.save
    last: list[Result] = []

    def save(act: Callable[[], Result], *, by: Any) -> Result:
        if next(numbers) % 7 == 0 and last:
            return last[-1]
        result = real(act, by=by)
        if result.status == 201:
            last.append(result)
        return result

    api.save = save


FAULTS = {"audit-apart": audit_apart, "dropped": dropped}


if __name__ == "__main__":
    FAULTS[sys.argv[1]]()
    cli.main(sys.argv[2:])
