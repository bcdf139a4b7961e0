"""No test takes the day while it is being imported: run after midnight, it would mean yesterday."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CLOCK = {"today", "now", "days_ago"}


def taken_at_import(tree: ast.AST) -> Iterator[int]:
    """The lines that ask the clock outside of functions; decorators and defaults run at the import."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in CLOCK:
                yield node.lineno
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for early in (*node.decorator_list, node.args):
                yield from taken_at_import(early)
        elif not isinstance(node, ast.Lambda):
            yield from taken_at_import(node)


def test_no_test_takes_the_day_at_import() -> None:
    found = {
        f"{file.relative_to(TESTS)}:{line}"
        for file in TESTS.rglob("*.py")
        for line in taken_at_import(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("DAY = today()", [1]),
        ("@mark(clock.today() + DAY)\ndef test(): pass", [1]),
        ("def made(day=today()): pass", [1]),
        ("class Story:\n    day = now().date()", [2]),
        ("def test():\n    day = today()", []),
        ("LATER = lambda: today()", []),
    ],
)
def test_what_counts_as_import(source: str, lines: list[int]) -> None:
    assert list(taken_at_import(ast.parse(source))) == lines
