"""The files of a bundle's folder: which kind or part each holds, and the strangers among them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from outcomes.kit.bundle.faults import Faults
from outcomes.kit.bundle.reading import CsvTable
from outcomes.kit.record import KINDS, Part, Record
from outcomes.kit.words import say_list


@dataclass(slots=True)
class Folder:
    """The tables of a bundle by the name of their kind or part. `unread` names those that are there
    but cannot be used, so that what refers to them is not reported as well."""

    tables: dict[str, CsvTable] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)


def open_folder(path: Path, faults: Faults) -> Folder:
    """Look into the folder. Files that computers leave lying about (hidden ones) are passed over."""
    folder, expected = Folder(), file_names()
    for entry in sorted(path.iterdir()):
        if _is_litter(entry.name):
            continue
        if entry.name not in expected:
            faults.add(entry.name, None, _stranger(entry, expected))
            folder.unread.update(_near(entry.stem, expected))
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


def file_names() -> Mapping[str, type[Record] | type[Part]]:
    """Every file name that a bundle may hold, with what is in it."""
    names: dict[str, type[Record] | type[Part]] = {}
    for kind in KINDS:
        names[f"{kind.kind_name()}.csv"] = kind
        if kind.declaration.part is not None:
            names[f"{kind.declaration.part.__tablename__}.csv"] = kind.declaration.part
    return names


def _is_litter(name: str) -> bool:
    return name.startswith((".", "~$", "__MACOSX")) or name.lower() in ("thumbs.db", "desktop.ini")


def _near(stem: str, expected: Mapping[str, object]) -> list[str]:
    plain = stem.strip().lower().replace(" ", "_").replace("-", "_")
    return get_close_matches(plain, [name.removesuffix(".csv") for name in expected], n=1, cutoff=0.75)


def _stranger(entry: Path, expected: Mapping[str, object]) -> str:
    near = _near(entry.stem, expected)
    if near:
        return f"There is no such kind of record. Did you mean {near[0]}.csv? Rename the file or take it out."
    return (
        "There is no such kind of record. Take the file out, or give it one of these names: "
        f"{say_list(sorted(expected))}."
    )
