"""Folders to import in tests: the small invented bundle, with some of it changed."""

import shutil
from pathlib import Path

from outcomes.core.actor import system_actor
from outcomes.kit.bundle.writing import Result, import_bundle

SMALL = Path(__file__).parents[2] / "data" / "bundle_small"
BY = system_actor("tests")


class Bundle:
    """A bundle in a folder of its own, by default a copy of the small one."""

    def __init__(self, folder: Path, *, empty: bool = False) -> None:
        self.folder = folder
        if empty:
            folder.mkdir()
        else:
            shutil.copytree(SMALL, folder)

    def write(self, file: str, *lines: str) -> "Bundle":
        """A file with these lines in place of what it held."""
        (self.folder / file).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return self

    def write_bytes(self, file: str, content: bytes) -> "Bundle":
        (self.folder / file).write_bytes(content)
        return self

    def replace(self, file: str, old: str, new: str) -> "Bundle":
        """A file with `old`, which it must hold, replaced by `new`."""
        text = (self.folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        (self.folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return self

    def add(self, file: str, *lines: str) -> "Bundle":
        """A file with further lines at its end."""
        with (self.folder / file).open("a", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in lines)
        return self

    def drop_column(self, file: str, column: str) -> "Bundle":
        """A file without one of its columns (of a file in which no cell holds a comma)."""
        lines = (self.folder / file).read_text(encoding="utf-8").splitlines()
        at = lines[0].split(",").index(column)
        kept = (line.split(",") for line in lines)
        return self.write(file, *(",".join(cells[:at] + cells[at + 1 :]) for cells in kept))

    def drop(self, *files: str) -> "Bundle":
        for file in files:
            (self.folder / file).unlink()
        return self

    def load(self, *, sender: str = "main", dry_run: bool = False) -> Result:
        return import_bundle(self.folder, sender=sender, dry_run=dry_run, by=BY)

    def must_load(self, *, sender: str = "main") -> Result:
        result = self.load(sender=sender)
        assert not result.faults.found, result.faults.found[:5]
        assert result.kept
        return result


def counts(result: Result) -> tuple[int, int, int]:
    """How many records are new, corrected and unchanged."""
    return (
        sum(file.new for file in result.files),
        sum(file.corrected for file in result.files),
        sum(file.unchanged for file in result.files),
    )
