"""From rows of cells to judged proposals: every fault of a bundle is found here, and nothing written.

Kinds are staged in the order of KINDS, whatever the order of the files, so that what a row links to
is known before it. The rows of a kind are judged only when all of them are known, because one of
them may end the stay that another follows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from outcomes.core.errors import Invalid
from outcomes.kit.bundle.blame import Blame
from outcomes.kit.bundle.drafts import Draft, DraftReader
from outcomes.kit.bundle.faults import Faults
from outcomes.kit.bundle.folder import Folder
from outcomes.kit.bundle.layout import check_header, layout_of, natural_links
from outcomes.kit.bundle.lookup import Kept, Known, StagedLookup, chunks
from outcomes.kit.bundle.parts import PartRow, PartTable
from outcomes.kit.bundle.reading import Table, Unreadable
from outcomes.kit.declaring.fields import Link, Links
from outcomes.kit.declaring.guards import Proposal
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.writing.proposing import StagedKey, judge, link_up
from outcomes.kit.writing.schema import PARTS, Checked, check
from outcomes.kit.writing.versions import content_of
from outcomes.kit.writing.writer import Origin


@dataclass(slots=True)
class Entry:
    """A row that is ready to be judged and written. A correction has no origin: it has one already."""

    row: int
    proposal: Proposal
    origin: Origin | None
    parts: list[PartRow] | None


@dataclass(slots=True)
class Staged:
    """A bundle as it would be written. `unchanged` counts, by kind, the rows that stand already;
    `part_rows` the rows of the parts' files."""

    lookup: StagedLookup
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    part_rows: dict[str, int] = field(default_factory=dict)


def stage(
    session: Session,
    folder: Folder,
    *,
    sender: str,
    faults: Faults,
    progress: Callable[[str, int, int], None],
) -> Staged:
    """Stage every table of a folder. Faults go to `faults`; it raises Enough when it is full."""
    staged = Staged(StagedLookup(session, sender, unread=folder.unread))
    faulty: set[str] = set()
    total, done = sum(table.size for table in folder.tables.values()), 0
    for kind in KINDS:
        part = kind.declaration.part
        part_file = folder.tables.get(part.__tablename__) if part else None
        parts = PartTable(part, part_file, faults) if part and part_file else None
        table = folder.tables.get(kind.kind_name())
        if table is not None:
            before = len(faults.found)
            stager = KindStager(kind, table, parts, sender, staged, folder.unread, faults)
            stager.run()
            if len(faults.found) > before:
                faulty.add(kind.kind_name())
            # What its instrument's own faults would say of a reading is noise.
            if not any(link.to in faulty for link in natural_links(kind)) and (not parts or parts.readable):
                stager.judge()
        if parts is not None:
            staged.part_rows[parts.name] = parts.count
            if kind.kind_name() not in folder.unread:
                parts.report_orphans(folder.called(kind.kind_name()))
        for one in (table, part_file):
            _tell_remarks(one, faults)
        done += sum(one.size for one in (table, part_file) if one)
        progress("Reading", done, total)
    return staged


class KindStager:
    """Stages the rows of one kind."""

    def __init__(
        self,
        kind: type[Record],
        table: Table,
        parts: PartTable | None,
        sender: str,
        staged: Staged,
        unread: set[str],
        faults: Faults,
    ) -> None:
        self._kind, self._table, self._parts = kind, table, parts
        self._sender, self._unread, self._faults = sender, unread, faults
        self._lookup = staged.lookup
        self._name = kind.kind_name()
        self._layout = layout_of(kind)
        self._links = {
            name: asked for name, asked in self._layout.fields.items() if isinstance(asked, Link | Links)
        }
        self._reader = DraftReader(kind, self._layout, table, parts, unread, faults)
        self._blame = Blame(table.file, parts.file if parts else "", self._layout, self._lookup, faults)
        self._rows_of: dict[int, int] = {}
        self._entries = staged.entries.setdefault(self._name, [])
        self._staged = staged

    def run(self) -> None:
        """Read every row, find its links, and keep it for judging."""
        try:
            header = self._table.header()
            if not check_header(self._table.file, header, self._layout, self._faults):
                self._unread.add(self._name)
                return
            for some in chunks(self._reader.read(header)):
                self._stage(some)
        except Unreadable as fault:
            self._unread.add(self._name)
            self._faults.add(self._table.file, fault.row, fault.message)

    def judge(self) -> None:
        """Ask the guards about every row, beside all the others."""
        for entry in self._entries:
            if self._has_lost_its_owner(entry.proposal):
                continue
            try:
                judge(entry.proposal)
            except Invalid as fault:
                self._blame.report(fault, entry.row, entry.parts, self._blame.cells_of(entry.proposal))

    def _has_lost_its_owner(self, proposal: Proposal) -> bool:
        """True where the row that would name the owner is faulty, and reported as such."""
        said = self._kind.declaration
        return bool(said.owner_through and said.owner and proposal.values.get(said.owner) is None)

    def _stage(self, drafts: list[Draft]) -> None:
        self._lookup.learn(self._name, [draft.identity for draft in drafts])
        standing = {draft.row: self._lookup.standing(self._name, draft.identity) for draft in drafts}
        drafts = [draft for draft in drafts if not self._is_named_twice(draft, standing[draft.row])]
        parts = self._lookup.parts(self._kind, [known.id for known in standing.values() if known])
        checked = [(draft, self._checked(draft, standing[draft.row], parts)) for draft in drafts]
        self._learn_links([one for _, one in checked if one])
        for draft, one in checked:
            known = standing[draft.row]
            key = known.id if known else StagedKey(str(draft.identity))
            if isinstance(key, StagedKey):
                # Also where the row is faulty: what refers to it is not at fault.
                self._lookup.name(self._name, draft.identity, key)
            if one is not None:
                self._keep(draft, one, key, parts)

    def _is_named_twice(self, draft: Draft, known: Known | None) -> bool:
        """True (and reported) where an earlier row means the same record by another of its names."""
        if known is None:
            return False
        earlier = self._rows_of.setdefault(known.id, draft.row)
        if earlier == draft.row:
            return False
        self._reader.say(
            draft.row, f"Is the same record as row {earlier}. Leave one of them out.", draft.cells
        )
        return True

    def _checked(
        self, draft: Draft, known: Known | None, parts: Mapping[int, list[dict[str, Any]]]
    ) -> Checked | None:
        if known and known.withdrawn:
            self._reader.say(
                draft.row,
                "This record was withdrawn, so it can no longer be changed. Leave the row out, or give it a "
                "new reference to record it again.",
                draft.cells,
            )
            return None
        fields = self._layout.fields
        raw = {name: fields[name].from_cell(cell) for name, cell in draft.cells.items() if name in fields}
        if known:
            raw |= self._kept(known.id, raw)
        if self._kind.declaration.part is not None:
            raw[PARTS] = (
                [part.raw for part in draft.parts]
                if draft.parts is not None
                else parts.get(known.id, [])
                if known
                else []
            )
        try:
            checked = check(self._kind, raw, with_owner=True)
        except Invalid as fault:
            self._blame.report(fault, draft.row, draft.parts, draft.cells)
            return None
        self._blame.warn_of_ambiguous_times(draft)
        return checked

    def _kept(self, key: int, raw: Mapping[str, Any]) -> dict[str, Any]:
        """What stands, for the columns that the file does not have."""
        derived = self._kind.declaration.owner if self._kind.declaration.owner_through else None
        stands = self._lookup.row(self._name, key)
        return {
            name: _as_kept(stands[name], self._links.get(name))
            for name in self._layout.fields
            # An owner that is found through another record follows that record.
            if name not in raw and name != derived
        }

    def _learn_links(self, checked: list[Checked]) -> None:
        for name, asked in self._links.items():
            named = [one.values.get(name) for one in checked]
            flat = [one for value in named for one in (value if isinstance(value, list) else [value])]
            self._lookup.learn(asked.to, {one for one in flat if isinstance(one, str)})

    def _keep(
        self, draft: Draft, checked: Checked, key: Any, parts: Mapping[int, list[dict[str, Any]]]
    ) -> None:
        try:
            proposal = link_up(checked, self._lookup, key=key)
        except Invalid as fault:
            self._blame.report(fault, draft.row, draft.parts, draft.cells)
            return
        if isinstance(key, StagedKey):
            reference = draft.identity if isinstance(draft.identity, str) else None
            origin = Origin(self._sender, reference)
        elif self._has_moved_to_another_child(proposal):
            said = self._kind.declaration
            message = (
                "This record belongs to another child, and a record never moves between children. Withdraw it "
                "there, and send this row with a new reference."
            )
            column = said.owner_through or str(said.owner)
            self._blame.report(Invalid.of(column, message), draft.row, draft.parts, draft.cells)
            return
        elif self._is_equal(proposal, parts.get(key, [])):
            self._staged.unchanged[self._name] = self._staged.unchanged.get(self._name, 0) + 1
            return
        else:
            origin = None
        self._lookup.add(self._name, key, proposal.values)
        self._entries.append(Entry(draft.row, proposal, origin, draft.parts))

    def _has_moved_to_another_child(self, proposal: Proposal) -> bool:
        # The history of a record belongs to one child, and is shown to those who may see that child.
        if self._kind.declaration.owner != "person_id":
            return False
        now = proposal.values.get("person_id")
        return now is not None and bool(now != self._lookup.row(self._name, proposal.key)["person_id"])

    def _is_equal(self, proposal: Proposal, parts: list[dict[str, Any]]) -> bool:
        stands = self._lookup.row(self._name, proposal.key)
        before = _content(self._kind, stands, parts)
        after = _content(self._kind, proposal.values, proposal.parts)
        # What was worked out when the record was made may come out otherwise now; a blank says nothing new.
        return all(before[name] == after[name] for name in before if name not in proposal.stamped)


def _tell_remarks(table: Table | None, faults: Faults) -> None:
    if table is None:
        return
    for remark in table.remarks():
        faults.warn(table.file, remark.row, remark.message, column=remark.column, value=remark.value)


def _as_kept(value: Any, link: Link | Links | None) -> Any:
    if link is None or value is None:
        return value
    return [Kept(one) for one in value] if isinstance(value, list) else Kept(value)


def _content(kind: type[Record], values: Any, parts: Any) -> dict[str, Any]:
    content = content_of(values, parts, kind)
    part = kind.declaration.part
    if part is not None:
        # The order of the rows of a file says nothing.
        content[PARTS] = sorted(content[PARTS], key=lambda one: str(one[part.part_key]))
    return content
