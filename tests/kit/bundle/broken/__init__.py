"""Broken bundles as data: the small bundle with one thing changed, and the one fault that is reported for it.

    why: what is wrong        replace, add, write: a file and its lines, as in `folders.Bundle`
    at: file, row, column     drop_column: a file and the column that it loses
    says, mend: words that the fault must hold

Where several changes make the break they are a list. `{65 x}` stands for 65 letters. What is broken in
bytes and not in lines is in `test_broken_files.py`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from outcomes.core.database import db
from outcomes.kit.declaring.record import KINDS
from tests.kit.bundle.folders import Bundle

VERBS = ("replace", "add", "write", "drop_column")


@dataclass(frozen=True)
class Broken:
    """A way to break the small bundle, and the one fault that must be reported for it."""

    why: str
    change: Callable[[Bundle], object]
    file: str
    row: int | None
    column: str
    says: str
    mend: str


def read(name: str) -> list[Broken]:
    """The cases of one file of this folder."""
    written = yaml.safe_load((Path(__file__).parent / f"{name}.yaml").read_text(encoding="utf-8"))
    return [_case(one) for one in written]


def _case(written: dict[str, Any]) -> Broken:
    (verb,) = set(written) & set(VERBS)
    changes = written[verb] if isinstance(written[verb][0], list) else [written[verb]]

    def change(bundle: Bundle) -> None:
        for words in changes:
            getattr(bundle, verb)(
                *(re.sub(r"\{(\d+) x\}", lambda n: "x" * int(n[1]), word) for word in words)
            )

    file, row, column = [*written["at"], None, None][:3]
    return Broken(written["why"], change, file, row, column or "", written["says"], written["mend"])


def assert_refused(case: Broken, bundle: Bundle) -> None:
    """The broken bundle is refused whole, for this fault alone."""
    case.change(bundle)

    result = bundle.load()

    assert result.is_refused
    assert not result.kept
    assert [(fault.file, fault.row, fault.column) for fault in result.faults.found] == [
        (case.file, case.row, case.column)
    ], result.faults.found
    assert case.says in result.faults.found[0].message
    assert case.mend in result.faults.found[0].message
    assert not any(db.session.query(kind).first() for kind in KINDS)
