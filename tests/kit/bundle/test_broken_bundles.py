"""Broken bundles of every sort. Each is refused whole, with file, row, column and the mend named."""

from pathlib import Path

import pytest

from outcomes.kit.bundle import reading
from tests.builders import World
from tests.kit.bundle import broken
from tests.kit.bundle.broken import Broken, assert_refused
from tests.kit.bundle.folders import Bundle

CASES = [case for name in ("headers", "rows", "values", "links") for case in broken.read(name)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_it_is_refused_with_its_place_and_its_mend(case: Broken, in_app: World, bundle: Bundle) -> None:
    assert_refused(case, bundle)


def test_stays_that_overlap_in_the_bundle_are_both_named(in_app: World, bundle: Bundle) -> None:
    bundle.replace("placement.csv", "P2,A,", "P2,B,")
    found = bundle.load().faults.found
    assert [(fault.row, fault.column, fault.value) for fault in found] == [
        (3, "started_on", "2025-02-01"),
        (4, "started_on", "2024-06-01"),
    ]
    assert "overlaps another placement of this child (1 June 2024 and has not ended)" in found[0].message


def test_a_stay_that_overlaps_one_in_the_database_is_named(
    in_app: World, bundle: Bundle, tmp_path: Path
) -> None:
    bundle.must_load()
    later = Bundle(tmp_path / "later", empty=True).write(
        "placement.csv",
        "placement_id,person_id,provider_id,home_id,carer_household_id,placement_type,started_on",
        "P9,B,ALDER,LARCH,,childrens_home,2025-06-01",
    )
    (fault,) = later.load().faults.found
    assert (fault.file, fault.row, fault.column) == ("placement.csv", 2, "started_on")
    assert "1 June 2024 and has not ended" in fault.message


def test_an_empty_folder_is_refused(in_app: World, tmp_path: Path) -> None:
    (fault,) = Bundle(tmp_path / "bundle", empty=True).load().faults.found
    assert "person.csv" in fault.message


def test_a_file_of_more_rows_than_fit_is_refused(
    in_app: World, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ROWS_MOST", 2)
    assert [(fault.file, fault.row) for fault in bundle.load().faults.found] == [
        ("organisation.csv", 4),
        ("placement.csv", 4),
        ("reading_score.csv", 4),
        ("reading.csv", 4),
    ]
