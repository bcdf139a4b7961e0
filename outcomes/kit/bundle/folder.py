"""The tables of a bundle: which kind or part each file of a folder holds, and the strangers among them.

A workbook is opened to the same (`workbook.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from outcomes.kit.bundle.faults import Faults
from outcomes.kit.bundle.reading import CsvTable, Table
from outcomes.kit.declaring.record import KINDS, Part, Record
from outcomes.kit.words import say_list


@dataclass(slots=True)
class Folder:
    """The tables of a bundle by the name of their kind or part. `unread` names those that are there
    but cannot be used, so that what refers to them is not reported as well. `suffix` is what a
    table's name ends with: nothing, where the tables are sheets of a workbook."""

    suffix: str = ".csv"
    tables: dict[str, Table] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def called(self, name: str) -> str:
        """What people call the table of this kind or part."""
        return f"{name}{self.suffix}"

    def refuse(self, called: str, faults: Faults) -> None:
        """Report a file or sheet whose name is no kind's. The kind that was meant counts as unread."""
        near = _nearest(called.removesuffix(self.suffix))
        if near:
            self.unread.add(near)
        faults.add(called, None, f"There is no such kind of record. {self._mend(near)}")

    def _mend(self, near: str | None) -> str:
        thing = "file" if self.suffix else "sheet"
        if near:
            return f"Did you mean {self.called(near)}? Rename the {thing} or take it out."
        names = say_list([self.called(name) for name in sorted(table_names())])
        return f"Take the {thing} out, or give it one of these names: {names}."


def open_folder(path: Path, faults: Faults) -> Folder:
    """Look into the folder. Files that computers leave lying about (hidden ones) are passed over."""
    folder = Folder()
    expected = {folder.called(name) for name in table_names()}
    for entry in sorted(path.iterdir()):
        if _is_litter(entry.name):
            continue
        if entry.name not in expected:
            folder.refuse(entry.name, faults)
        elif not entry.is_file():
            faults.add(entry.name, None, "Expected a CSV file. This is a folder or a device; take it out.")
            folder.unread.add(entry.stem)
        else:
            folder.tables[entry.stem] = CsvTable(entry)
    if not folder.tables and not faults.found:
        faults.add(
            path.name,
            None,
            "The folder holds no file of a bundle. Expected files such as person.csv, placement.csv.",
        )
    return folder


def table_names() -> Mapping[str, type[Record] | type[Part]]:
    """Every name that a table of a bundle may have, with what is in it."""
    names: dict[str, type[Record] | type[Part]] = {}
    for kind in KINDS:
        names[kind.kind_name()] = kind
        if kind.declaration.part is not None:
            names[kind.declaration.part.__tablename__] = kind.declaration.part
    return names


def _is_litter(name: str) -> bool:
    return name.startswith((".", "~$", "__MACOSX")) or name.lower() in ("thumbs.db", "desktop.ini")


def _nearest(name: str) -> str | None:
    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    return next(iter(get_close_matches(plain, table_names(), n=1, cutoff=0.75)), None)
