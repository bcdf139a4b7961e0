"""Import: read, judge and stage a bundle, then write it in one short transaction. All or nothing.

Nothing is locked while the bundle is read. What was read from the database meanwhile is asked for
again inside the transaction: where any of it has changed, nothing is written.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from outcomes import audit
from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Invalid, Unavailable
from outcomes.core.transaction import transaction
from outcomes.kit.bundle.faults import Enough, Fault, Faults
from outcomes.kit.bundle.folder import Folder, open_folder
from outcomes.kit.bundle.lookup import chunks
from outcomes.kit.bundle.ordering import in_writing_order
from outcomes.kit.bundle.staging import Staged, stage
from outcomes.kit.bundle.workbook import open_workbook
from outcomes.kit.declaring.guards import Proposal
from outcomes.kit.declaring.record import KINDS
from outcomes.kit.writing.writer import Origin, record_many

DEFAULT_SENDER = "main"
SENDER_MOST = 40
REASON = "import"

AGAIN = "Nothing was kept. Import the bundle again; it is judged anew."

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file's rows."""

    file: str
    rows: int
    new: int
    corrected: int
    unchanged: int
    sha256: str


@dataclass(slots=True)
class Result:
    """What became of a bundle. `kept` is true where it was written; a fault refuses all of it."""

    sender: str
    dry_run: bool
    kept: bool = False
    files: list[FileResult] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    @property
    def is_refused(self) -> bool:
        return bool(self.faults.found)


class _Changed(Exception):
    """The database is no longer as it was when the bundle was judged."""


def quiet(_doing: str, _done: int, _of: int) -> None:
    """The progress that nobody wants to see."""


def import_bundle(
    path: Path,
    *,
    sender: str = DEFAULT_SENDER,
    dry_run: bool = False,
    progress: Progress = quiet,
    by: Actor,
) -> Result:
    """Import the bundle at `path`, a folder or a workbook, as `sender`'s. A dry run judges it and writes nothing.

    Raises Invalid for an impossible name of a sender; what is wrong with the bundle is in the result.
    """
    check_sender(sender)
    result = Result(sender, dry_run)
    session = db.session()
    session.rollback()
    try:
        folder = open_folder(path, result.faults) if path.is_dir() else open_workbook(path, result.faults)
        staged = stage(session, folder, sender=sender, faults=result.faults, progress=progress)
    except Enough:
        return result
    finally:
        session.rollback()
    result.files = _file_results(folder, staged)
    if not result.is_refused and not dry_run:
        _write(folder, staged, result, progress, by)
    return result


def check_sender(sender: str) -> None:
    """Refuse a sender's name that cannot be kept."""
    if not 0 < len(sender.strip()) == len(sender) <= SENDER_MOST or not sender.isprintable():
        raise Invalid.of(
            "source", f"Source: enter a name of at most {SENDER_MOST} characters. Got {sender!r}."
        )


def _write(folder: Folder, staged: Staged, result: Result, progress: Progress, by: Actor) -> None:
    try:
        with transaction() as session:
            _lock_corrected(session, staged)
            changed = staged.lookup.changed(session)
            if changed:
                raise _Changed(changed)
            record_many(_proposals(staged, progress), reason=REASON, by=by)
            for file in result.files:
                audit.note(
                    "bundle:import",
                    by=by,
                    kind=Path(file.file).stem,
                    count=file.rows,
                    reason=f"from {result.sender}, sha256 {file.sha256}",
                )
        result.kept = True
    except _Changed as fault:
        _say(
            result,
            folder.called(str(fault)),
            f"Records of this kind were changed while the bundle was read. {AGAIN}",
        )
    except IntegrityError:
        # The guards have passed every row. Left are a writer between them and the write, and
        # records whose spans trade places, which no order of single steps can do.
        _say(
            result,
            "",
            "The database refused a record: it clashes with one just written elsewhere, or two rows take each "
            f"other's dates (send the one change first, then the other). {AGAIN}",
        )
    except OperationalError as fault:
        raise Unavailable(f"The database is busy or away. {AGAIN}") from fault


def _lock_corrected(session: Session, staged: Staged) -> None:
    for name, entries in staged.entries.items():
        kind = KINDS[name]
        for some in chunks(sorted(entry.proposal.key for entry in entries if entry.origin is None)):
            session.execute(select(kind.id).where(kind.id.in_(some)).with_for_update())


def _say(result: Result, file: str, message: str) -> None:
    result.faults.found.append(Fault(file, None, "", "", message))


def _proposals(staged: Staged, progress: Progress) -> Iterator[tuple[Proposal, Origin | None]]:
    """Every proposal in the order of KINDS, and within a kind as `in_writing_order` has it."""
    total = sum(len(entries) for entries in staged.entries.values())
    ordered = chain.from_iterable(
        in_writing_order(staged.entries.get(kind.kind_name(), []), kind, staged.lookup) for kind in KINDS
    )
    for done, entry in enumerate(ordered, start=1):
        progress("Writing", done, total)
        yield entry.proposal, entry.origin


def _file_results(folder: Folder, staged: Staged) -> list[FileResult]:
    results = []
    for name, table in folder.tables.items():
        entries = staged.entries.get(name, [])
        new = sum(entry.origin is not None for entry in entries)
        unchanged = staged.unchanged.get(name, 0)
        rows = staged.part_rows.get(name, len(entries) + unchanged)
        results.append(FileResult(table.file, rows, new, len(entries) - new, unchanged, table.digest))
    return results
