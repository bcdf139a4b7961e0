"""The peers are answers of their own: none of them knows the engine, or another peer."""

import ast
from pathlib import Path
from types import ModuleType

import pytest

from bench import by_hand, orm_loop, pandas_script

PEERS = (by_hand, pandas_script, orm_loop)
MAY_KNOW = (
    "bench.answering",  # whom a script answers
    "bench.question",  # what it is asked, and in which form it answers
    "bench.numbers",  # what a card says where a contract says nothing else
    "bench.world.work",  # the measuring tool that was invented
    "outcomes.core",  # days, periods and the tables
)


def faults_of(peer: ModuleType, name: str, source: str) -> list[str]:
    """What one of a peer's modules imports from our code that it may not know."""
    may_know = (peer.__name__, *MAY_KNOW)
    return [
        f"{name}:{node.lineno}: {peer.__name__} knows {module}, and is no answer of its own any more. "
        f"It may know {', '.join(may_know)}."
        for node in ast.walk(ast.parse(source))
        for module in _imported(node)
        if module.split(".")[0] in ("bench", "outcomes", "tests")
        and not any(f"{module}.".startswith(f"{one}.") for one in may_know)
    ]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0 and node.module, "our code is imported by its whole name"
        # A package is only known by what is taken out of it.
        whole = node.module in ("bench", "bench.world", "outcomes")
        return [f"{node.module}.{alias.name}" for alias in node.names] if whole else [node.module]
    return []


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.__name__)
def test_a_peer_knows_neither_the_engine_nor_another_peer(peer: ModuleType) -> None:
    paths = sorted(Path(peer.__path__[0]).glob("*.py"))
    assert len(paths) > 1
    assert not [fault for path in paths for fault in faults_of(peer, path.name, path.read_text())]


def test_a_peer_that_asks_the_engine_is_found() -> None:
    assert faults_of(orm_loop, "x.py", "from outcomes.measures.engine import groups")
    assert faults_of(orm_loop, "x.py", "from outcomes import measures")
    assert faults_of(orm_loop, "x.py", "from bench.figures import of_engine")
    assert faults_of(orm_loop, "x.py", "from bench import figures")
    assert faults_of(orm_loop, "x.py", "import bench.pandas_script.placing")
    assert not faults_of(
        orm_loop, "x.py", "from bench.orm_loop.placing import judged\nfrom bench import numbers"
    )
