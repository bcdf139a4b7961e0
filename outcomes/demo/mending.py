"""What people put right afterwards: some sessions corrected, one that was entered twice withdrawn."""

from collections.abc import Mapping
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from outcomes.core.actor import Actor
from outcomes.demo.entry import Entry
from outcomes.demo.loading import Loader
from outcomes.demo.seeds import content
from outcomes.demo.world import World
from outcomes.kit.declaring.fields import Link
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import Checked, check


def mend(session: Session, world: World, loader: Loader, seed: int, *, by: Mapping[str, Actor]) -> None:
    """Correct one session for each reason of the file, and withdraw a double entry."""
    rng = Random(f"{seed}/mending")
    held = [one for one in world.entries if one.kind == "keyworker_session" and "minutes" in one.values]
    reasons = content("notes")["corrections"]
    chosen = rng.sample(held, min(len(held), len(reasons) + 1))
    for reason, one in zip(reasons, chosen[1:], strict=False):
        standing = _record(session, loader, one)
        mended = _checked(session, standing, minutes=one.values["minutes"] + 5)
        writer.correct(standing, mended, revision=1, reason=reason, by=by[one.author])
    for twice in chosen[:1]:
        double = writer.record(_checked(session, _record(session, loader, twice)), by=by[twice.author])
        (why,) = content("notes")["withdrawn"]
        writer.withdraw(double, revision=1, reason=why, by=by[twice.author])


def _record(session: Session, loader: Loader, one: Entry) -> Record:
    return session.get_one(KINDS[one.kind], loader.key_of(one.kind, one.reference))


def _checked(session: Session, standing: Record, **changes: Any) -> Checked:
    """The values of a record with some changed. Links are given as records, not keys."""
    kind = type(standing)
    values = standing.asked_values() | changes
    for name, field in kind.asked_fields().items():
        if isinstance(field, Link) and values[name] is not None:
            values[name] = session.get_one(KINDS[field.to], values[name])
    return check(kind, values, with_owner=True)
