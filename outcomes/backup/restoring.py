"""Restoring a backup: the tables as they were, in this or the other sort of database. All or nothing.

The archive is judged whole before anything is touched. Then, in one transaction, the database is
emptied, made at the archive's revision by the migrations (so its triggers and checks are ours),
filled, compared table by table, brought to the newest revision, and its audit chain walked.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, inspect, literal_column, select, update
from sqlalchemy.exc import SQLAlchemyError

from outcomes import audit
from outcomes.audit.chain import read_key
from outcomes.audit.log import key_file
from outcomes.audit.verify import verify
from outcomes.backup.archive import Archive, Manifest, TableKept, Unusable, opened
from outcomes.backup.rows import BATCH, Count, Shape, lines, values_in
from outcomes.core import migrating
from outcomes.core.actor import Actor
from outcomes.core.transaction import transaction

Progress = Callable[[str, int, int], None]

HEAD = "audit_head"
"""The one table that the migrations put a row into: it is brought forward, never replaced."""


class NotEmpty(Unusable):
    """The database holds something, and nobody said that it may go."""


def restore(path: Path, *, replace: bool = False, progress: Progress, by: Actor) -> Manifest:
    """Put the archive at `path` into the database, which must be empty unless `replace`.

    Raises Unusable, with nothing changed, for an archive that is damaged, cut, changed, of another
    program or key, or newer than this program; and NotEmpty.
    """
    with opened(path) as archive:
        _judge(archive)
        archive.must_be_whole()
        try:
            with migrating.writing() as connection:
                if not replace:
                    _must_be_empty(connection)
                _fill(connection, archive, progress)
        except SQLAlchemyError as fault:
            # Without its parameters, which hold children's names.
            raise Unusable(
                f"The database refused what the archive holds ({type(fault).__name__}). Nothing was changed. Is "
                "the service still running? Stop it and restore again; or restore another backup."
            ) from fault
    with transaction():
        audit.note(
            "backup:restore", by=by, kind="backup", count=archive.manifest.rows, reason=_origin(archive)
        )
    return archive.manifest


def _judge(archive: Archive) -> None:
    manifest = archive.manifest
    if not migrating.is_known(manifest.revision):
        raise Unusable(
            f"The archive is of revision {manifest.revision[:40]!a} (Outcomes {manifest.program[:20]!a}), which this "
            f"program does not know; its newest is {migrating.head()}. Install the newer Outcomes, then restore."
        )
    archive.must_be_sealed(read_key(key_file()))


def _must_be_empty(connection: Connection) -> None:
    there = set(inspect(connection).get_table_names()) - {"alembic_version"}
    for name in sorted(there):
        rows = select(func.count()).select_from(_plain(name))
        if name == HEAD:
            rows = rows.where(literal_column("seq") > 0)
        if connection.execute(rows).scalar_one():
            raise NotEmpty(
                f"The database is not empty: {name} holds rows. Restore into an empty one (DATABASE_URL), or say "
                "--replace to lose what is there. Nothing was changed."
            )


def _fill(connection: Connection, archive: Archive, progress: Progress) -> None:
    manifest = archive.manifest
    migrating.rebuild(connection, manifest.revision)
    for done, table in enumerate(manifest.tables, start=1):
        _insert(connection, table, archive)
        progress("Writing", done, len(manifest.tables))
    for table in manifest.tables:
        _must_be_equal(connection, table)
    _set_sequences(connection, manifest)
    migrating.finish(connection)
    verdict = verify(connection=connection)
    if verdict.fault != manifest.audit_fault:
        raise Unusable(f"The audit in the archive does not fit. {verdict.fault} Nothing was changed.")


def _insert(connection: Connection, table: TableKept, archive: Archive) -> None:
    rows = (values_in(line, table.shape) for line in archive.lines(table))
    target = table.shape.table
    if table.shape.name == HEAD:
        for row in rows:
            # Its trigger lets it grow only; the head of an audit without entries is there already.
            connection.execute(update(target).where(target.c.seq < row["seq"]).values(row))
        return
    for some in _batches(rows):
        connection.execute(insert(target), some)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while some := list(islice(rows, BATCH)):
        yield some


def _must_be_equal(connection: Connection, table: TableKept) -> None:
    """Compare what the database now gives with what was kept. Raises Unusable."""
    count = Count()
    for line in lines(connection, table.shape):
        count.add(line)
    if (count.rows, count.sha256) != (table.rows, table.sha256):
        raise Unusable(
            f"What was restored differs from the archive: {table.shape.name} has {count.rows} rows, {table.rows} "
            "expected, or other values. Nothing was changed. Please report this."
        )


def _set_sequences(connection: Connection, manifest: Manifest) -> None:
    """PostgreSQL counts keys apart from the rows: the next one comes after the last restored."""
    if connection.dialect.name != "postgresql":
        return
    for table in manifest.tables:
        if table.rows and table.shape.key == ("id",):
            _set_sequence(connection, table.shape)


def _set_sequence(connection: Connection, shape: Shape) -> None:
    sequence = func.pg_get_serial_sequence(shape.name, "id")
    if connection.execute(select(sequence)).scalar() is not None:
        connection.execute(
            select(func.setval(sequence, select(func.max(shape.table.c.id)).scalar_subquery()))
        )


def _plain(name: str) -> Table:
    return Shape(name, (), ()).table


def _origin(archive: Archive) -> str:
    return f"of entry {archive.manifest.audit_seq}, {archive.manifest.made_at}"
