"""Import: 100,000 rows into an empty database by the command, with the most memory that it took.

The bundle is what the service exports of an invented provider of that many rows.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.databases import Database, filled
from bench.table import Line
from bench.timing import timed
from bench.world.inventing import invented
from bench.world.size import Size

MOST_SECONDS, MOST_MB = 60.0, 300.0
CHILDREN = 175
MEASURED = Path(__file__).parent / "measured.py"


def imports(database: Database, size: Size) -> Iterator[Line]:
    """The time and the memory of one import, on this database's sort."""
    folder = database.folder / f"import-{database.name}"
    folder.mkdir()
    large = Size("import", CHILDREN, size.homes, size.households, size.years, size.until, size.seed)
    source = filled(folder, f"sqlite:///{folder / 'source.sqlite'}", invented(large))
    bundle = folder / "bundle"
    _outcomes(source.url, folder, "export", str(bundle))
    rows = sum(len(path.read_text().splitlines()) - 1 for path in bundle.glob("*.csv"))
    target = database.empty("import")
    _outcomes(target, folder, "db", "upgrade")
    took, (memory, processor) = timed(lambda: _outcomes(target, folder, "import", str(bundle)))
    # By rows: the goal is for a hundred thousand of them.
    scaled = took * 100_000 / rows
    yield Line("Import", f"{rows:,} rows", database.name, took, "s")
    yield Line(
        "Import",
        "seconds for 100,000 rows",
        database.name,
        scaled,
        "s",
        goal=MOST_SECONDS,
        goal_is_for="ours",
    )
    yield Line("Import", "of the processor's time", database.name, processor, "s")
    yield Line("Import", "most memory", database.name, memory, "MB", goal=MOST_MB, goal_is_for="ours")


def _outcomes(url: str, folder: Path, *arguments: str) -> tuple[float, float]:
    """Run a command; the most memory in MB and the processor's seconds it took. Raises where it was refused."""
    env = {**os.environ, "OUTCOMES_ENV": "test", "OUTCOMES_INSTANCE": str(folder), "DATABASE_URL": url}
    command = str(Path(sys.executable).parent / "outcomes")
    return measured([command, *arguments], env, folder / "usage.json")


def measured(command: Sequence[str], env: Mapping[str, str], usage: Path) -> tuple[float, float]:
    """Run a command by its path; memory and seconds as above. Raises RuntimeError with what it said where it failed."""
    running = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-S", str(MEASURED), str(usage), *command],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if running.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {running.returncode}: {running.stdout[-2000:]}")
    took = json.loads(usage.read_text())
    return took["memory"], took["processor"]
