"""Export: what stands, as a bundle that an import reads back to the same figures.

Every record goes by the sender's own reference where that sender gave one, else by its public
identifier. The folder appears complete or not at all, for its owner's eyes only.
"""

import csv
import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from outcomes import audit
from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Invalid
from outcomes.core.transaction import transaction
from outcomes.kit.bundle.formulas import as_text
from outcomes.kit.bundle.layout import Layout, layout_of, layout_of_part, natural_links
from outcomes.kit.bundle.lookup import chunks
from outcomes.kit.bundle.selection import Chosen, all_standing, of_contract
from outcomes.kit.bundle.writing import DEFAULT_SENDER, Progress, check_sender, quiet
from outcomes.kit.declaring.fields import Link, Links
from outcomes.kit.declaring.record import KINDS, Part, Record


@dataclass(frozen=True, slots=True)
class FileWritten:
    """One file of an export. `left_out` counts records that hang on something withdrawn."""

    file: str
    rows: int
    left_out: int
    sha256: str


@dataclass(slots=True)
class Exported:
    """What an export wrote."""

    files: list[FileWritten] = field(default_factory=list)


def export_bundle(
    folder: Path,
    *,
    contract: str | None = None,
    sender: str = DEFAULT_SENDER,
    progress: Progress = quiet,
    by: Actor,
) -> Exported:
    """Write what stands (of one contract) into `folder`, which must be new or empty.

    Raises Invalid for a folder with something in it, and for a contract that is not there.
    """
    check_sender(sender)
    _check_empty(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # mkdtemp's folder is its owner's alone; it takes the final name when everything is in it.
    unfinished = Path(mkdtemp(prefix=f".{folder.name}-unfinished-", dir=folder.parent))
    try:
        result = _write_all(unfinished, contract, sender, progress)
        if not result.files:
            raise Invalid.of("folder", "There is no record to export yet. Import or enter some first.")
        _note(result, contract, by)
        unfinished.replace(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return result


def _check_empty(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise Invalid.of("folder", f"Folder: {folder} is not empty. Name a folder that is new or empty.")


def _write_all(folder: Path, contract: str | None, sender: str, progress: Progress) -> Exported:
    session = db.session()
    session.rollback()
    # One state of the record for all files, whatever is written meanwhile. SQLite reads like that
    # always.
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        chosen = of_contract(session, contract, sender) if contract else all_standing(session)
        return Exporter(session, folder, chosen, sender, progress).run()
    finally:
        session.rollback()


def _note(result: Exported, contract: str | None, by: Actor) -> None:
    scope = f"of contract {contract}" if contract else "of everything"
    with transaction():
        for one in result.files:
            audit.note(
                "bundle:export",
                by=by,
                kind=Path(one.file).stem,
                count=one.rows,
                reason=f"{scope}, sha256 {one.sha256}",
            )


class Exporter:
    """Writes the files of one export, earlier kinds first, so that what a row links to has its name."""

    def __init__(
        self, session: Session, folder: Path, chosen: Chosen, sender: str, progress: Progress
    ) -> None:
        self._session, self._folder, self._chosen = session, folder, chosen
        self._sender, self._progress = sender, progress
        self._names: dict[str, dict[int, str]] = {}
        self._natural: dict[str, set[tuple[Any, ...]]] = {}
        self._total = sum(len(ids) for ids in chosen.values())
        self._done = 0

    def run(self) -> Exported:
        """Write a file for each kind (and part) that has records."""
        result = Exported()
        for kind in KINDS:
            self._names[kind.kind_name()] = {}
            self._natural[kind.kind_name()] = set()
            if self._chosen[kind.kind_name()]:
                result.files += self._write_kind(kind)
        return result

    def _write_kind(self, kind: type[Record]) -> list[FileWritten]:
        part = kind.declaration.part
        rows = _File(self._folder, layout_of(kind))
        part_rows = _File(self._folder, layout_of_part(part)) if part else None
        for some in chunks(self._chosen[kind.kind_name()]):
            for record in self._read(kind, some):
                cells = self._cells(record)
                if cells is None:
                    rows.left_out += 1
                    continue
                rows.write(cells)
            if part is not None and part_rows is not None:
                for part_cells in self._parts(kind, part, some):
                    part_rows.write(part_cells)
            self._done += len(some)
            self._progress("Writing", self._done, self._total)
        return [file.close() for file in (rows, part_rows) if file is not None]

    def _read(self, kind: type[Record], keys: list[int]) -> Iterator[Record]:
        found = {row.id: row for row in self._session.scalars(select(kind).where(kind.id.in_(keys)))}
        return (found[key] for key in keys)

    def _cells(self, record: Record) -> dict[str, str] | None:
        """A record's cells; None where what it hangs on is not in the export."""
        kind, layout = type(record), layout_of(type(record))
        values = record.asked_values()
        cells: dict[str, str] = {}
        for name, asked in layout.fields.items():
            if isinstance(asked, Link | Links):
                cells[name], values[name] = self._linked(asked, values[name])
                if asked.required and values[name] is None:
                    return None
            else:
                cells[name] = asked.to_cell(values[name])
        if any(rule.problems(values) for rule in kind.declaration.rules) or not self._has_natural(record):
            return None
        self._remember(record)
        return {layout.key[0]: self._names[kind.kind_name()][record.id], **cells}

    def _linked(self, asked: Link | Links, value: Any) -> tuple[str, Any]:
        """The cell of a link, and what of its value is in the export."""
        names = self._names[asked.to]
        keys = value if isinstance(value, list) else [] if value is None else [value]
        kept = [key for key in keys if key in names]
        cell = "|".join(names[key] for key in kept)
        return cell, (kept or None) if isinstance(value, list) else (kept[0] if kept else None)

    def _has_natural(self, record: Record) -> bool:
        return all(
            tuple(getattr(record, column) for column in link.columns) in self._natural[link.to]
            for link in natural_links(type(record))
        )

    def _remember(self, record: Record) -> None:
        kind = type(record)
        ours = record.sender == self._sender and record.sender_reference
        name = record.sender_reference if ours else record.public_id
        if kind.declaration.natural_key:
            name = getattr(record, kind.declaration.natural_key[0])
            self._natural[kind.kind_name()].add(
                tuple(getattr(record, column) for column in kind.declaration.natural_key)
            )
        self._names[kind.kind_name()][record.id] = str(name)

    def _parts(self, kind: type[Record], part: type[Part], keys: list[int]) -> Iterator[dict[str, str]]:
        names, owner = self._names[kind.kind_name()], getattr(part, part.part_of)
        fields = layout_of_part(part).fields
        found: dict[int, list[Part]] = {}
        for row in self._session.scalars(select(part).where(owner.in_(keys)).order_by(part.id)):
            found.setdefault(getattr(row, part.part_of), []).append(row)
        for key in keys:
            for row in found.get(key, []) if key in names else []:
                cells = {name: asked.to_cell(getattr(row, name)) for name, asked in fields.items()}
                yield {part.part_of: names[key], **cells}


class _File:
    """A CSV file as spreadsheets read it best: UTF-8 with BOM, every cell quoted, no live formula."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        self._path = folder / f"{layout.name}.csv"
        self._columns = layout.columns
        self._stream = self._path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._stream, quoting=csv.QUOTE_ALL)
        self._rows.writerow(self._columns)
        self.count = self.left_out = 0

    def write(self, cells: Mapping[str, str]) -> None:
        self._rows.writerow([as_text(cells[name]) for name in self._columns])
        self.count += 1

    def close(self) -> FileWritten:
        self._stream.close()
        with self._path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return FileWritten(self._path.name, self.count, self.left_out, digest)
