"""The floors of the house: a module imports only from lower floors, and within its own package.

What a floor may know is said in README.md, "Where things are".
"""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "outcomes"

FLOORS = {
    "core": 0,
    "audit": 1,
    "web": 1,
    "measures": 1,
    "accounts": 2,
    "backup": 2,
    "kit": 2,
    "care": 3,
    "access": 4,
    "records": 5,
    "frameworks": 6,
    "returns": 7,
    "desk": 8,
    "demo": 8,
    "app": 9,  # cli.py stands on it: it makes the application
    "cli": 10,
}

ROOMS = {
    "measures": {
        "buckets": 0,
        "language": 0,
        "instruments": 1,
        "registry": 1,
        "planning": 2,
        "sql": 3,
        "figures": 3,
        "engine": 4,
    },
    "kit": {
        "words": 0,
        "declaring": 1,
        "writing": 2,
        "reading": 3,
        "bundle": 4,
        "api": 4,
        "pages": 5,
    },
}
"""Within the packages that have rooms. The engine's `sql` and `figures` do not know each other: only `engine` knows both."""

IMPORTS_INSIDE_FUNCTIONS = {"app", "cli"}
SLOW_LIBRARIES = {"typst", "holidays", "webauthn"}
"""Heavy to load and rarely needed: these alone may be imported where they are used."""

MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(tree: ast.AST) -> list[tuple[int, str]]:
    """(line, room) of everything imported from our own package."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            own = node.module == "outcomes"
            names = [f"outcomes.{alias.name}" for alias in node.names] if own else [node.module]
        else:
            continue
        found += [(node.lineno, name.split(".")[1]) for name in names if name.startswith("outcomes.")]
    return found


def faults_of(path: Path, source: str) -> list[str]:
    room = room_of(path)
    if room not in FLOORS:
        return [f"{path}: the package {room!r} stands on no floor. Give it one in {Path(__file__).name}."]
    faults = []
    for line, other in imported_rooms(ast.parse(source)):
        if other != room and FLOORS.get(other, 99) >= FLOORS[room]:
            faults.append(
                f"{path}:{line}: {room}/ (floor {FLOORS[room]}) imports {other}/ (floor {FLOORS.get(other, '?')}). "
                "Import only from lower floors: expose a hook below and connect it in app.py."
            )
    return faults


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_lower_floors(path: Path) -> None:
    assert not faults_of(path, path.read_text())


def test_an_import_upwards_is_found() -> None:
    assert faults_of(PACKAGE / "kit/x.py", "from outcomes.access.scope import Scope")
    assert faults_of(PACKAGE / "kit/x.py", "from outcomes import accounts")
    assert not faults_of(
        PACKAGE / "kit/x.py", "from outcomes.core import clock\nfrom outcomes.kit import words"
    )


def upward_within(package: str, path: Path, source: str) -> list[str]:
    rooms = ROOMS[package]
    inner = path.relative_to(PACKAGE / package).parts[0].removesuffix(".py")
    if inner not in rooms:
        return [f"{path}: {package}/{inner} is none of its rooms. Give it a floor in {Path(__file__).name}."]
    faults = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"outcomes.{package}"):
            base = (node.module or "").split(".")[2:]
            for other in base[:1] or [alias.name for alias in node.names]:
                if other != inner and rooms.get(other, 99) >= rooms[inner]:
                    faults.append(f"{path}:{node.lineno}: {package}/{inner} imports {package}/{other}")
    return faults


IN_ROOMS = [
    path for path in MODULES if room_of(path) in ROOMS and path != PACKAGE / room_of(path) / "__init__.py"
]


@pytest.mark.parametrize("path", IN_ROOMS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_knows_only_those_before_it(path: Path) -> None:
    assert not upward_within(room_of(path), path, path.read_text())


def test_an_import_from_a_later_room_is_found() -> None:
    figure = PACKAGE / "measures/figures/figure.py"
    assert upward_within("measures", figure, "from outcomes.measures.sql.statements import Ask")
    assert upward_within("measures", figure, "from outcomes.measures import engine")
    assert not upward_within("measures", figure, "from outcomes.measures.planning.plan import Plan")
    record = PACKAGE / "kit/declaring/record.py"
    assert upward_within("kit", record, "from outcomes.kit.writing import writer")
    assert upward_within("kit", PACKAGE / "kit/shelf.py", "")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_is_imported_inside_a_function(path: Path) -> None:
    if room_of(path) in IMPORTS_INSIDE_FUNCTIONS:
        return
    inside = [
        node.lineno
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and not _is_slow(node)
    ]
    assert not inside, (
        f"{path}:{inside}: import at the top of the module. A cycle means that something is on the wrong floor."
    )


def _is_slow(node: ast.Import | ast.ImportFrom) -> bool:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return all(name.split(".")[0] in SLOW_LIBRARIES for name in names)


NAMELESS = {"common", "utils", "util", "helpers", "helper", "misc", "base_service"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_module_has_a_subject(path: Path) -> None:
    assert not NAMELESS & set(path.relative_to(PACKAGE).with_suffix("").parts), (
        f"{path}: if it has no subject it has no owner. Name it for what it is about."
    )
    assert ast.get_docstring(ast.parse(path.read_text())), (
        f"{path}: open the module by saying which concern lives here."
    )
