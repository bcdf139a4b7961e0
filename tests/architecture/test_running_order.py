"""The long test files that tests/conftest.py starts first are there, under the names that it gives."""

from pathlib import Path

import pytest

from tests.conftest import LONG_FILES, pytest_collection_modifyitems

TESTS = Path(__file__).parents[1]


class _Item:
    def __init__(self, name: str, file: str) -> None:
        self.name, self.path = name, TESTS / file


def test_a_long_file_that_was_renamed_is_noticed() -> None:
    assert [name for name in LONG_FILES if not (TESTS / name).is_file()] == []


@pytest.mark.parametrize("last", [LONG_FILES[0], LONG_FILES[-1]])
def test_long_files_start_first_and_the_others_keep_their_order(last: str) -> None:
    items = [_Item("b", "web/test_b.py"), _Item("a", "audit/test_a.py"), _Item("1", last), _Item("2", last)]
    pytest_collection_modifyitems(items)  # type: ignore[arg-type]
    assert [item.name for item in items] == ["1", "2", "b", "a"]
