"""What is reported of a bundle with many faults: each at once, none twice, and nobody else is blamed."""

import pytest

from outcomes.kit.bundle import faults
from tests.builders import World
from tests.kit.bundle.folders import Bundle


def test_every_fault_is_reported_at_once_with_its_value(in_app: World, bundle: Bundle) -> None:
    bundle.replace("person.csv", "29/02/2012", "30/02/2012").replace("person.csv", "female", "woman")
    bundle.replace("goal.csv", ",open,,", ",finished,,").add("contact.csv", "CT2,NOBODY,,,,,,")
    bundle.write("timesheets.csv", "a")
    found = bundle.load().faults.found
    assert {(fault.file, fault.row, fault.column, fault.value) for fault in found} == {
        ("timesheets.csv", None, "", ""),
        ("person.csv", 2, "gender", "woman"),
        ("person.csv", 3, "date_of_birth", "30/02/2012"),
        ("goal.csv", 2, "status", "finished"),
        ("contact.csv", 3, "name", ""),
    }


def test_what_refers_to_a_faulty_row_is_not_blamed(in_app: World, bundle: Bundle) -> None:
    """Child A's row cannot be read; a dozen rows that refer to it are all right."""
    bundle.replace("person.csv", "2012-03-14", "tomorrow")
    (fault,) = bundle.load().faults.found
    assert (fault.file, fault.row) == ("person.csv", 2)


@pytest.mark.parametrize("file", ["person.csv", "instrument.csv", "reading_score.csv", "placement.csv"])
def test_what_refers_to_an_unreadable_file_is_not_blamed(file: str, in_app: World, bundle: Bundle) -> None:
    bundle.write_bytes(file, b"\xff\xfe")
    (fault,) = bundle.load().faults.found
    assert (fault.file, fault.row) == (file, 1)


def test_at_most_a_thousand_faults_are_reported(in_app: World, bundle: Bundle) -> None:
    bundle.add("contact.csv", *(f"X{n},A,,,,,," for n in range(1_200)))
    result = bundle.load()
    assert len(result.faults.found) == faults.MOST_FAULTS
    assert result.faults.are_cut
    assert not result.kept


def test_the_value_of_a_guards_fault_is_what_the_file_says(in_app: World, bundle: Bundle) -> None:
    bundle.add("goal.csv", "G2,PL1,B,independence,,,,,,,2024-06-01,,,,open,,")
    (fault,) = bundle.load().faults.found
    assert fault.value == "PL1"


def test_a_report_moves_no_cursor_and_stays_short() -> None:
    assert faults.shown("\x1b[2Jgone") == "\\x1b[2Jgone"
    assert len(faults.shown("x" * 5_000)) == faults.MOST_SHOWN + 1
