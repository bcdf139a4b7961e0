"""The archive: a ZIP with one file of lines for each table, a manifest that says what they hold, and a
seal that only who has the audit key can make.

What an archive says is believed only after its seal; so nobody can slip another past a restore.
"""

import hmac
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from outcomes.backup.rows import Count, Shape
from outcomes.core.errors import OutcomesError

FORMAT, VERSION = "outcomes backup", 1
MANIFEST, SEAL = "manifest.json", "manifest.seal"
MANIFEST_MOST = 10 * 1024 * 1024
LINE_MOST = 64 * 1024 * 1024


class Unusable(OutcomesError):
    """The archive cannot be restored. Nothing was changed. The message says what to do."""


@dataclass(frozen=True, slots=True)
class TableKept:
    """One table in the archive."""

    shape: Shape
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds, and of what instant. `audit_fault` is what was wrong with the audit already."""

    made_at: str
    program: str
    revision: str
    audit_seq: int
    audit_hash: str
    audit_fault: str | None
    audit_key: str
    tables: tuple[TableKept, ...]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    def encoded(self) -> bytes:
        document = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps(document, ensure_ascii=False, indent=1).encode()


def name_of(shape: Shape) -> str:
    """The file of a table."""
    return f"tables/{shape.name}.jsonl"


def fingerprint(key: bytes) -> str:
    """Says which audit key it is, and nothing about it."""
    return hmac.digest(key, b"outcomes: which audit key is this", "sha256").hex()[:16]


def seal(key: bytes, manifest: bytes) -> bytes:
    """What only a holder of the audit key can put under a manifest."""
    return hmac.digest(key, b"outcomes: a backup's manifest\n" + manifest, "sha256").hex().encode()


class Archive:
    """An archive that is being read. `manifest` has been read, and is believed once `must_be_sealed` has passed."""

    def __init__(self, file: ZipFile) -> None:
        self._file = file
        self._said = _start(file, MANIFEST)
        self.manifest = _manifest(self._said)

    def must_be_sealed(self, key: bytes) -> None:
        """Refuse an archive of another service, or one that was changed. Raises Unusable."""
        if self.manifest.audit_key != fingerprint(key):
            raise Unusable(
                "The archive was made with another audit key. Put the key that was kept apart from it where "
                "AUDIT_KEY_FILE says, and restore again."
            )
        if not hmac.compare_digest(_start(self._file, SEAL), seal(key, self._said)):
            raise Unusable("The archive was changed after it was made. Restore another one.")

    def must_be_whole(self) -> None:
        """Read every table and compare it with the manifest. Raises Unusable."""
        for table in self.manifest.tables:
            for _ in self.lines(table):
                pass

    def lines(self, table: TableKept) -> Iterator[bytes]:
        """The rows of a table. Raises Unusable, at the latest at the end, where they are not what was kept."""
        count = Count()
        try:
            with self._file.open(name_of(table.shape)) as stream:
                while line := stream.readline(LINE_MOST):
                    count.add(line)
                    if count.size > table.size:
                        break
                    yield line
        except (
            BadZipFile,
            zlib.error,
            EOFError,
            KeyError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as fault:
            raise _damaged(table.shape.name) from fault
        if (count.rows, count.size, count.sha256) != (table.rows, table.size, table.sha256):
            raise _damaged(table.shape.name)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open an archive for reading. Raises Unusable for what is none."""
    try:
        file = ZipFile(path)
    except (BadZipFile, ValueError) as fault:
        raise Unusable(
            f"{path.name} is no backup, or was cut short. Choose a file that `outcomes backup` wrote, and "
            "copy it whole."
        ) from fault
    with file:
        yield Archive(file)


def _start(file: ZipFile, name: str) -> bytes:
    try:
        with file.open(name) as stream:
            return stream.read(MANIFEST_MOST)
    except (BadZipFile, zlib.error, EOFError, KeyError, OSError, NotImplementedError, RuntimeError) as fault:
        raise Unusable(
            f"The archive's {name} is missing or damaged, so it is no backup that can be restored. Choose a "
            "file that `outcomes backup` wrote."
        ) from fault


def _manifest(said: bytes) -> Manifest:
    try:
        document = json.loads(said)
        kept, version = document.pop("format"), document.pop("version")
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as fault:
        raise Unusable("The archive's manifest cannot be read. Choose another backup.") from fault
    if kept != FORMAT:
        raise Unusable("This is an archive of another program. Choose a file that `outcomes backup` wrote.")
    if version != VERSION:
        raise Unusable(
            f"The archive has the form {version!r}, this program reads {VERSION}. Install the version of "
            "Outcomes that wrote it, or a newer one."
        )
    try:
        return Manifest(**document | {"tables": tuple(_table(one) for one in document["tables"])})
    except (KeyError, TypeError, ValueError) as fault:
        raise Unusable("The archive's manifest cannot be read. Choose another backup.") from fault


def _table(said: dict[str, Any]) -> TableKept:
    shape = said["shape"]
    columns = tuple((str(name), str(sort)) for name, sort in shape["columns"])
    return TableKept(
        Shape(shape["name"], columns, tuple(shape["key"])), said["rows"], said["size"], said["sha256"]
    )


def _damaged(table: str) -> Unusable:
    return Unusable(f"The archive is damaged: {table} is not what was kept. Restore another copy of it.")
