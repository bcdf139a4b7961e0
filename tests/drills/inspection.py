"""After a crash: is everything there that was acknowledged, and does every record fit its history and the audit?"""

from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import select

from outcomes.audit.entry import AuditEntry
from outcomes.audit.verify import verify
from outcomes.core.database import db
from outcomes.kit.writing.versions import RecordVersion
from outcomes.records.health import HealthCheck
from tests.drills.clerks import Kept

State = tuple[str, int]
"""A record's public identifier and a revision of it."""


def problems(kept: Iterable[Kept]) -> Iterator[str]:
    """Everything that is wrong with the database, in words. Inside the system's scope."""
    rows = {row.id: row for row in db.session.scalars(select(HealthCheck))}
    versions = {
        (
            rows[one.record_id].public_id if one.record_id in rows else f"nothing ({one.record_id})",
            one.revision,
        ): str(one.content["follow_up"])
        for one in db.session.scalars(select(RecordVersion).where(RecordVersion.kind == "health_check"))
    }
    for one in kept:
        if versions.get((one.record, one.revision)) != one.words:
            yield f"acknowledged and lost: {one}"
    yield from _unlike_their_history(rows.values(), versions)
    yield from _unlike_the_audit(versions)
    for words, count in Counter(versions.values()).items():
        if count > 1:
            yield f"written {count} times: {words}"
    verdict = verify()
    if not verdict.ok:
        yield f"the chain does not verify: {verdict.fault}"
    if db.engine.dialect.name == "sqlite":
        for check in ("PRAGMA integrity_check", "PRAGMA foreign_key_check"):
            with db.engine.connect() as connection:
                found = connection.connection.cursor().execute(check).fetchall()
            if found not in ([("ok",)], []):
                yield f"{check}: {found[:3]}"


def _unlike_their_history(rows: Iterable[HealthCheck], versions: dict[State, str]) -> Iterator[str]:
    of_rows: set[State] = set()
    for row in rows:
        of_rows |= {(row.public_id, revision) for revision in range(1, row.revision + 1)}
        if versions.get((row.public_id, row.revision)) != row.follow_up:
            yield f"a record unlike its last version: {row.public_id}"
    for state in of_rows ^ set(versions):
        yield f"a record without a version, or a version without its record: {state}"


def _unlike_the_audit(versions: dict[State, str]) -> Iterator[str]:
    written = select(AuditEntry.record, AuditEntry.revision).where(
        AuditEntry.kind == "health_check", AuditEntry.action.in_(("record:create", "record:correct"))
    )
    entries = Counter((record, revision or 0) for record, revision in db.session.execute(written))
    for state in set(entries) ^ set(versions):
        yield f"a version without its audit entry, or an entry without its version: {state}"
    for state, count in entries.items():
        if count > 1:
            yield f"{count} audit entries for one version: {state}"
