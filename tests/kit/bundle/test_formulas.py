"""Cells that a spreadsheet would run: marked on the way out, and unmarked on the way in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.kit.bundle.formulas import as_meant, as_text


@given(st.text(alphabet="'=+-@|% \t\u200b\ufeffa1.é\n", max_size=12))
def test_every_cell_comes_back(cell: str) -> None:
    assert as_meant(as_text(cell)) == cell


@pytest.mark.parametrize(
    "cell", ["=1", "+1+1", "-a", "@x", " =1", "\t=1", "\u200b=1", "'=1", "|x", "%x", "＝1"]
)
def test_what_would_run_is_marked(cell: str) -> None:
    assert as_text(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-5", "-0.25", "12", "words", "don't", "'quoted'", "a=b", "2025-01-01"])
def test_what_would_not_run_is_left_alone(cell: str) -> None:
    assert as_text(cell) == cell
    assert as_meant(cell) == cell
