"""The static wall: what could go around the scope or the escaping is not even written.

A file that needs one of these words stands in ALLOWED with its reason. An allowance that is no
longer needed is taken out.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from outcomes.core.settings import root

WALL = {
    "text(": r"(?<![\w.])(?:sqlalchemy\.|sa\.)?text\(",
    ".__table__": r"\.__table__\b",
    "exec_driver_sql": r"\bexec_driver_sql\b",
    "engine.connect": r"\bengine\.(connect|begin|raw_connection)\b",
    ".connection()": r"\.connection\(",
    "Session(": r"(?<!\w)(Session|sessionmaker|create_engine)\(",
    "bulk_": r"\bbulk_(save|insert|update)",
    "from_statement": r"\bfrom_statement\b",
    "make_transient": r"\bmake_transient",
    "|safe": r"\|\s*safe\b",
    "Markup(": r"\bMarkup\(",
    "system_scope(": r"\b(system_scope|bind_scope|SystemScope|open_for_system)\(",
    "CHECKED": r"outcomes_(checked|system|scope)\b",
    "SYSTEM": r"\bSYSTEM\b",
}
"""Words by their pattern. The last two are the guard's own marks, which nobody else may set."""

FREE = ("measures", "audit", "access", "core")
"""Packages whose work it is (migrations/ stands outside the package)."""

ALLOWED: dict[str, dict[str, str]] = {
    "backup/making.py": {".connection()": "reads every table of one instant, for a command of the system"},
    "care/placements.py": {".__table__": "attaches the overlap constraint to the table"},
    "kit/writing/beyond.py": {
        "SYSTEM": "the two questions of a write that reach beyond the writer's scope; see there",
        ".connection()": "as above",
        ".__table__": "as above",
    },
    "kit/writing/placing.py": {".__table__": "asks the first of the questions of kit/writing/beyond.py"},
    "kit/writing/versions.py": {".__table__": "attaches the append-only triggers to the table"},
    "frameworks/binding.py": {
        ".__table__": "hands the measure engine its tables, which needs the system's scope"
    },
    "frameworks/kept/commands.py": {".connection()": "compares with what the measure engine finds anew"},
    "frameworks/kept/keeper.py": {
        ".connection()": "gives the measure engine the system session's connection, and keeps what it finds",
    },
    "frameworks/kept/sets.py": {".__table__": "writes rows of facts, which are no records"},
    "cli.py": {"system_scope(": "commands run as the system; the reason is the command"},
    "demo/accounts.py": {".connection()": "asks at the start whether there is a table of accounts yet"},
    "desk/figures/running.py": {
        "system_scope(": "the measure engine counts for contracts found in the reader's own session",
        ".connection()": "gives the measure engine the system session's connection",
    },
    "kit/bundle/exporting.py": {".connection()": "streams an export, which is a command of the system"},
    "web/pictures/svg.py": {
        "Markup(": "builds SVG elements; every child and attribute is escaped on the way in",
        "text(": "the SVG element <text>, not SQL",
    },
    "web/pictures/wheel.py": {"Markup(": "joins elements that svg.py made", "text(": "as in svg.py"},
    "web/pictures/run_chart.py": {"text(": "as in svg.py"},
    "web/pictures/bars.py": {"text(": "as in svg.py"},
}


def _files() -> Iterator[Path]:
    package = root() / "outcomes"
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] not in FREE:
            yield path
    yield from sorted((root() / "templates").rglob("*.html"))


def _code(path: Path) -> str:
    """The file without comments and docstrings: those may name what is not done."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [  # type: ignore[attr-defined]
                line
                for line in body
                if not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
            ] or [ast.Pass()]
    return ast.unparse(ast.fix_missing_locations(tree))


def _found(path: Path) -> set[str]:
    code = _code(path)
    return {word for word, pattern in WALL.items() if re.search(pattern, code)}


def test_nothing_is_written_that_could_go_around_the_scope() -> None:
    faults = []
    for path in _files():
        name = path.relative_to(root() / "outcomes" if path.suffix == ".py" else root()).as_posix()
        for word in sorted(_found(path) - ALLOWED.get(name, {}).keys()):
            faults.append(
                f"{name} contains {word!r}. Select classes in the bound session and let Jinja escape; or, "
                "if there is no other way, add the file with a reason to ALLOWED in this test."
            )
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", ALLOWED)
def test_allowances_are_still_needed(name: str) -> None:
    unneeded = ALLOWED[name].keys() - _found(root() / "outcomes" / name)
    assert not unneeded, f"{name} no longer contains {sorted(unneeded)}: take the allowance out."


SEEDED = {
    "text(": "session.execute(text('SELECT 1'))",
    ".__table__": "select(Person.__table__)",
    "exec_driver_sql": "connection.exec_driver_sql('x')",
    "engine.connect": "db.engine.connect()",
    ".connection()": "session.connection().execute(x)",
    "Session(": "Session(engine)",
    "bulk_": "session.bulk_save_objects(x)",
    "from_statement": "select(Person).from_statement(x)",
    "make_transient": "make_transient_to_detached(x)",
    "|safe": "'{{ x | safe }}'",
    "Markup(": "Markup(x)",
    "system_scope(": "system_scope('why')",
    "CHECKED": "options(outcomes_checked=x)",
    "SYSTEM": "execute(x, execution_options={SYSTEM: True})",
}


@pytest.mark.parametrize("word", WALL)
def test_the_wall_sees_each_word(tmp_path: Path, word: str) -> None:
    path = tmp_path / "seeded.py"
    path.write_text(f'"""Says nothing of {word} here."""\nx = 1  # {word}\n')
    assert _found(path) == set()
    path.write_text(f"y = {SEEDED[word]}\n")
    assert word in _found(path)
