"""Files that cannot be read as CSV, or are of no kind. Each is refused, and the bundle with it."""

import pytest

from tests.builders import World
from tests.kit.bundle.broken import Broken, assert_refused
from tests.kit.bundle.folders import Bundle

CASES = [
    Broken(
        "a file of no kind",
        lambda b: b.write("timesheets.csv", "a,b"),
        "timesheets.csv",
        None,
        "",
        "no such kind of record",
        "one of these names",
    ),
    Broken(
        "a name with a slip",
        lambda b: (b.folder / "contact.csv").rename(b.folder / "Contacts.csv"),
        "Contacts.csv",
        None,
        "",
        "no such kind of record",
        "Did you mean contact.csv?",
    ),
    Broken(
        "a workbook",
        lambda b: b.write_bytes("contact.csv", b"PK\x03\x04rest"),
        "contact.csv",
        1,
        "",
        "workbook",
        "CSV UTF-8",
    ),
    Broken(
        "a folder for a file",
        lambda b: (b.drop("contact.csv").folder / "contact.csv").mkdir(),
        "contact.csv",
        None,
        "",
        "Expected a CSV file",
        "take it out",
    ),
    Broken(
        "an empty file",
        lambda b: b.write("contact.csv"),
        "contact.csv",
        1,
        "",
        "empty",
        "names of the columns",
    ),
    Broken(
        "UTF-16",
        lambda b: b.write_bytes("contact.csv", "contact_id,person_id,name\n".encode("utf-16")),
        "contact.csv",
        1,
        "",
        "UTF-16",
        "CSV UTF-8",
    ),
    Broken(
        "Latin-1",
        lambda b: b.write_bytes("contact.csv", "contact_id,person_id,name\nX,A,Zoë\n".encode("latin-1")),
        "contact.csv",
        2,
        "",
        "not UTF-8 (byte 0xeb",
        "CSV UTF-8",
    ),
    Broken(
        "semicolons",
        lambda b: b.write("contact.csv", "contact_id;person_id;name", "X;A;Rowan"),
        "contact.csv",
        1,
        "",
        "semicolons, expected commas",
        "save it again",
    ),
    Broken(
        "tabs",
        lambda b: b.write("contact.csv", "contact_id\tperson_id\tname", "X\tA\tRowan"),
        "contact.csv",
        1,
        "",
        "tabs, expected commas",
        "save it again",
    ),
    Broken(
        "lines that end in an old way",
        lambda b: b.write_bytes("contact.csv", b"contact_id,person_id,name\rX,A,Rowan\r"),
        "contact.csv",
        1,
        "",
        "carriage return",
        "save it again",
    ),
    Broken(
        "a line without an end",
        lambda b: b.write_bytes("contact.csv", b"contact_id,person_id,name\n" + b"x" * 1_100_000),
        "contact.csv",
        2,
        "",
        "longer than 1,000,000 bytes",
        "save it again",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_it_is_refused_with_its_place_and_its_mend(case: Broken, in_app: World, bundle: Bundle) -> None:
    assert_refused(case, bundle)
