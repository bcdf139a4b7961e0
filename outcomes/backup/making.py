"""Making a backup: every table as it stood at one instant, while others go on writing."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from outcomes import audit
from outcomes.audit.anchor import present_anchor
from outcomes.audit.chain import read_key
from outcomes.audit.log import key_file
from outcomes.audit.verify import verify
from outcomes.backup.archive import MANIFEST, SEAL, Manifest, TableKept, fingerprint, name_of, opened, seal
from outcomes.backup.rows import Count, lines, shape_of
from outcomes.core import clock, migrating
from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Invalid, Unavailable
from outcomes.core.transaction import transaction

Progress = Callable[[str, int, int], None]


def back_up(path: Path, *, progress: Progress, by: Actor) -> Manifest:
    """Write the whole database to `path`, which must not be there; gives what was written.

    The file appears whole or not at all, readable by its owner alone. It holds the audit, and not the
    audit's key. Raises Invalid for a name that is taken.
    """
    if path.exists() or path.is_symlink():
        raise Invalid.of("file", f"File: {path} is there already. Name a file that is not.")
    key = read_key(key_file())
    with _unfinished(path) as draft:
        manifest = _write(draft, key, progress)
        # What is on the disk, not what was meant to be.
        with opened(draft) as archive:
            archive.must_be_sealed(key)
            archive.must_be_whole()
        with transaction():
            audit.note("backup:create", by=by, kind="backup", count=manifest.rows, reason=_known_as(manifest))
        _name(draft, path)
    return manifest


def _write(draft: Path, key: bytes, progress: Progress) -> Manifest:
    with _one_instant() as session, ZipFile(draft, "w", ZIP_DEFLATED, compresslevel=3) as file:
        anchor, verdict = present_anchor(), verify()
        manifest = Manifest(
            made_at=clock.now().isoformat(timespec="seconds"),
            program=version("outcomes"),
            revision=str(migrating.revision_of(session.connection())),
            audit_seq=anchor.seq,
            audit_hash=anchor.hash,
            audit_fault=verdict.fault,
            audit_key=fingerprint(key),
            tables=tuple(_write_tables(session.connection(), file, progress)),
        )
        file.writestr(MANIFEST, manifest.encoded())
        file.writestr(SEAL, seal(key, manifest.encoded()))
    return manifest


def _write_tables(connection: Connection, file: ZipFile, progress: Progress) -> Iterator[TableKept]:
    tables = db.metadata.sorted_tables
    for done, table in enumerate(tables, start=1):
        shape, count = shape_of(table), Count()
        with file.open(name_of(shape), "w", force_zip64=True) as stream:
            for line in lines(connection, shape):
                count.add(line)
                stream.write(line)
        if connection.execute(select(func.count()).select_from(shape.table)).scalar_one() != count.rows:
            raise Unavailable(
                f"The rows of {shape.name} changed while they were read. Nothing was kept; try again."
            )
        progress("Reading", done, len(tables))
        yield TableKept(shape, count.rows, count.size, count.sha256)


@contextmanager
def _one_instant() -> Iterator[Session]:
    """A session that sees one state of the database from first to last, whatever is written meanwhile."""
    session = db.session()
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        # SQLite reads like that always.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield session
    finally:
        session.rollback()


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    draft = path.with_name(f".{path.name}-unfinished-{secrets.token_hex(4)}")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _name(draft: Path, path: Path) -> None:
    """Give the finished file its name, unless another has taken it meanwhile."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    os.link(draft, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _known_as(manifest: Manifest) -> str:
    return f"of entry {manifest.audit_seq}, {manifest.made_at}"
