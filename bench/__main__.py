"""`make bench`: every comparison at the provider size, a table on the screen, and instance/bench.json."""

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench.databases import Database, databases
from bench.figures import against_hand_written
from bench.imports import imports
from bench.kept import kept
from bench.pages import pages
from bench.question import Question
from bench.scripts import against_scripts
from bench.table import Line, printed, write
from bench.whole_pack import whole_packs
from bench.world.inventing import invented
from bench.world.size import Size, provider
from bench.writes import writes
from outcomes.core.clock import today
from outcomes.core.periods import containing
from outcomes.core.settings import root

QUARTERS = 12
SECTIONS = ("figures", "kept", "pages", "writes", "import")


def main(arguments: list[str] | None = None) -> None:
    """Run what is asked for. Ends with an error where a peer says another figure than the engine."""
    chosen = _chosen(arguments)
    size = provider(chosen.until, chosen.seed)
    rows = invented(size)
    counts = {kind: len(found) for kind, found in rows.tables.items()}
    sys.stderr.write(f"{size.name}: {', '.join(f'{count:,} {kind}' for kind, count in counts.items())}\n")
    lines: list[Line] = []
    with databases(rows, tuple(chosen.database)) as made:
        for database in made:
            for line in _all(chosen.section, database, size, chosen.runs):
                sys.stderr.write(f"{line.printed()}\n")
                lines.append(line)
    for text in printed(sorted(lines, key=lambda line: (line.section, line.peer_is))):
        sys.stdout.write(f"{text}\n")
    write(chosen.write, _about(size, counts), lines)
    sys.stdout.write(f"\nWritten to {chosen.write}\n")


def _all(sections: list[str], database: Database, size: Size, runs: int) -> Iterator[Line]:
    if "figures" in sections:
        yield from against_hand_written(database, question_of(size), runs)
        yield from whole_packs(database, question_of(size), runs)
        yield from against_scripts(database, question_of(size), runs)
    if "kept" in sections:
        yield from kept(database, question_of(size), runs)
    if "pages" in sections or "writes" in sections:
        yield from pages(database, runs)
    if "writes" in sections:
        yield from writes(database, runs)
    if "import" in sections:
        yield from imports(database, size)


def question_of(size: Size) -> Question:
    """The quarters up to the last one that is over, under all three contracts."""
    last = containing(size.until, "quarter").earlier()
    return Question((1, 2, 3), [last.earlier(n) for n in reversed(range(QUARTERS))], size.until)


def _about(size: Size, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "size": size.name,
        "seed": size.seed,
        "until": size.until.isoformat(),
        "rows": counts,
        "python": platform.python_version(),
        "processors": os.cpu_count(),
    }


def _chosen(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bench", description=__doc__)
    parser.add_argument("section", nargs="*", default=list(SECTIONS), help=f"of {', '.join(SECTIONS)}")
    parser.add_argument("--database", action="append", choices=["sqlite", "postgresql"])
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each comparison")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", type=date.fromisoformat, default=today(), help="the day to invent up to")
    parser.add_argument("--write", type=Path, default=root() / "instance" / "bench.json")
    chosen = parser.parse_args(arguments)
    chosen.database = chosen.database or ["sqlite", "postgresql"]
    if unknown := sorted(set(chosen.section) - set(SECTIONS)):
        parser.error(f"there is no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    return chosen


if __name__ == "__main__":
    main()
