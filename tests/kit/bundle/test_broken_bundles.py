"""Broken bundles of every sort. Each is refused whole, with file, row, column and the mend named."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from outcomes.core.database import db
from outcomes.kit.bundle import faults, reading
from outcomes.kit.declaring.record import KINDS
from tests.builders import World
from tests.kit.bundle.folders import Bundle


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


def drop_column(bundle: Bundle, file: str, column: str) -> None:
    lines = (bundle.folder / file).read_text(encoding="utf-8").splitlines()
    at = lines[0].split(",").index(column)
    bundle.write(file, *(",".join(c for i, c in enumerate(line.split(",")) if i != at) for line in lines))


CASES = [
    # Files
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
    # Headers
    Broken(
        "a column of another kind",
        lambda b: b.replace("contact.csv", ",note", ",shoe_size"),
        "contact.csv",
        1,
        "shoe_size",
        "no such column in contact.csv",
        "Take it out",
    ),
    Broken(
        "a column with a slip",
        lambda b: b.replace("contact.csv", "relationship", "Relation ship"),
        "contact.csv",
        1,
        "Relation ship",
        "no such column",
        "Did you mean relationship?",
    ),
    Broken(
        "an internal column",
        lambda b: b.replace("contact.csv", ",note", ",withdrawn_at"),
        "contact.csv",
        1,
        "withdrawn_at",
        "no such column",
        "Take it out",
    ),
    Broken(
        "a column twice",
        lambda b: b.replace("contact.csv", "telephone,email", "email,email"),
        "contact.csv",
        1,
        "email",
        "stands twice",
        "Keep one",
    ),
    Broken(
        "a column without a name",
        lambda b: b.replace("contact.csv", "telephone,email", "telephone,"),
        "contact.csv",
        1,
        "",
        "Column 7 has no name",
        "Name it",
    ),
    Broken(
        "no identifier",
        lambda b: drop_column(b, "health_check.csv", "health_check_id"),
        "health_check.csv",
        1,
        "health_check_id",
        "missing",
        "Add it, with your own reference",
    ),
    Broken(
        "no required column",
        lambda b: drop_column(b, "health_check.csv", "kind"),
        "health_check.csv",
        1,
        "kind",
        "missing",
        "Add it",
    ),
    Broken(
        "a part without its owner's column",
        lambda b: b.write("reading_score.csv", "area,score", "cooking,1"),
        "reading_score.csv",
        1,
        "reading_id",
        "missing",
        "Add it",
    ),
    # Rows
    Broken(
        "a cell too many",
        lambda b: b.add("allocation.csv", "AL2,A,S2,iro,MERE,2024-05-01,,Smith"),
        "allocation.csv",
        3,
        "",
        "8 cells, expected 7",
        "quotation marks",
    ),
    Broken(
        "a cell too few",
        lambda b: b.add("allocation.csv", "AL2,A,S2,iro"),
        "allocation.csv",
        3,
        "",
        "4 cells, expected 7",
        "a cell too few",
    ),
    Broken(
        "a part's row with a cell too few",
        lambda b: b.add("reading_score.csv", "R2,cleaning"),
        "reading_score.csv",
        5,
        "",
        "2 cells, expected 4",
        "Add",
    ),
    Broken(
        "a quotation mark in the wrong place",
        lambda b: b.add("allocation.csv", 'AL2,A,"S2"x,iro,MERE,2024-05-01,'),
        "allocation.csv",
        3,
        "",
        "quotation marks do not match",
        "Mend this row",
    ),
    Broken(
        "a quotation mark never closed",
        lambda b: b.add("allocation.csv", 'AL2,A,"S2,iro,MERE,2024-05-01,'),
        "allocation.csv",
        3,
        "",
        "quotation marks do not match",
        "Mend this row",
    ),
    Broken(
        "a huge cell",
        lambda b: b.add("allocation.csv", f'AL2,A,"{"x" * 140_000}",iro,MERE,2024-05-01,'),
        "allocation.csv",
        3,
        "",
        "longer than 131,072 characters",
        "Shorten it",
    ),
    # Identifiers
    Broken(
        "a blank identifier",
        lambda b: b.add("allocation.csv", " ,A,S2,iro,MERE,2024-05-01,"),
        "allocation.csv",
        3,
        "allocation_id",
        "blank",
        "Enter your own reference",
    ),
    Broken(
        "an identifier twice",
        lambda b: b.add("allocation.csv", "AL1,A,S2,iro,MERE,2024-05-01,"),
        "allocation.csv",
        3,
        "allocation_id",
        "in row 2 already",
        "its own",
    ),
    Broken(
        "an identifier that is too long",
        lambda b: b.add("allocation.csv", f"{'x' * 65},A,S2,iro,MERE,2024-05-01,"),
        "allocation.csv",
        3,
        "allocation_id",
        "at most 64 characters",
        "Expected",
    ),
    Broken(
        "a bar where lists refer",
        lambda b: b.add("organisation.csv", "A|B,Ash,council"),
        "organisation.csv",
        5,
        "organisation_id",
        "|",
        "separates",
    ),
    Broken(
        "an instrument twice",
        lambda b: b.add("instrument.csv", "small_scale,1,,,yes,0,4,1,cooking,,,,"),
        "instrument.csv",
        3,
        "instrument_code",
        "in row 2 already",
        "its own",
    ),
    Broken(
        "an area scored twice",
        lambda b: b.add("reading_score.csv", "R2,cooking,3,"),
        "reading.csv",
        3,
        "scores",
        "cooking stands twice",
        "one score",
    ),
    # Values
    Broken(
        "an unknown code",
        lambda b: b.replace("health_check.csv", "dental", "dentist"),
        "health_check.csv",
        2,
        "kind",
        "Kind",
        "select one of dental",
    ),
    Broken(
        "an unknown code in a list",
        lambda b: b.replace("keyworker_session.csv", "goals|independence", "goals|In Depth!"),
        "keyworker_session.csv",
        2,
        "topics",
        "Topics: select from",
        "write codes with | between them",
    ),
    Broken(
        "an impossible date",
        lambda b: b.replace("person.csv", "29/02/2012", "30/02/2012"),
        "person.csv",
        3,
        "date_of_birth",
        "enter a real date",
        "In a file, write 2026-03-27 or 27/03/2026.",
    ),
    Broken(
        "a date as Americans write it",
        lambda b: b.replace("person.csv", "29/02/2012", "02/29/2012"),
        "person.csv",
        3,
        "date_of_birth",
        "enter a real date",
        "In a file, write 2026-03-27 or 27/03/2026.",
    ),
    Broken(
        "a date to come",
        lambda b: b.replace("person.csv", "29/02/2012", "2031-01-01"),
        "person.csv",
        3,
        "date_of_birth",
        "must be today or earlier",
        "earlier",
    ),
    Broken(
        "a date of another age",
        lambda b: b.replace("person.csv", "29/02/2012", "1812-02-07"),
        "person.csv",
        3,
        "date_of_birth",
        "on or after 1 January 1900",
        "must be",
    ),
    Broken(
        "a required cell left blank",
        lambda b: b.replace("person.csv", "29/02/2012", ""),
        "person.csv",
        3,
        "date_of_birth",
        "enter a real date",
        "In a file, write 2026-03-27 or 27/03/2026.",
    ),
    Broken(
        "a time that never was",
        lambda b: b.replace("missing_episode.csv", "2024-10-05T21:30", "2024-03-31T01:30"),
        "missing_episode.csv",
        2,
        "started_at",
        "never happened",
        "Enter the time that the clock showed",
    ),
    Broken(
        "yes in another language",
        lambda b: b.replace("placement.csv", "childrens_home,no,", "childrens_home,nein,"),
        "placement.csv",
        2,
        "temporary",
        "Temporary",
        "select yes or no",
    ),
    Broken(
        "a huge number",
        lambda b: b.replace("keyworker_session.csv", ",45,", ",1e999,"),
        "keyworker_session.csv",
        2,
        "minutes",
        "Minutes",
        "enter a whole number from 0 to 600",
    ),
    Broken(
        "not a number",
        lambda b: b.replace("goal.csv", ",1,3.5,", ",NaN,3.5,"),
        "goal.csv",
        2,
        "baseline_level",
        "Baseline level",
        "enter a number",
    ),
    Broken(
        "a control character",
        lambda b: b.replace("goal.csv", "Cook a meal", "Cook\x07 a meal"),
        "goal.csv",
        2,
        "wording",
        "control character",
        "Remove it",
    ),
    Broken(
        "a nought byte",
        lambda b: b.replace("goal.csv", "Cook a meal", "Cook\x00 a meal"),
        "goal.csv",
        2,
        "wording",
        "control character",
        "Remove it",
    ),
    Broken(
        "a line break where one line is asked",
        lambda b: b.replace("organisation.csv", "Alder Care (invented)", '"Alder\nCare"'),
        "organisation.csv",
        2,
        "name",
        "line break",
        "Contains",
    ),
    Broken(
        "words that are too long",
        lambda b: b.replace("goal.csv", "Cook a meal", "x" * 2_001),
        "goal.csv",
        2,
        "wording",
        "at most 2,000 characters",
        "enter at most",
    ),
    Broken(
        "pairs that are none",
        lambda b: b.replace("instrument.csv", "0=Not yet|4=Alone", "0 Not yet"),
        "instrument.csv",
        2,
        "anchors",
        "Anchors: enter pairs",
        "cooking=independence with | between them",
    ),
    # Links and other records
    Broken(
        "a reference to nobody",
        lambda b: b.replace("allocation.csv", "AL1,A,", "AL1,Z,"),
        "allocation.csv",
        2,
        "person_id",
        "there is no person 'Z'",
        "Name one that exists",
    ),
    Broken(
        "a reference to nobody in a list",
        lambda b: b.replace("staff.csv", "yes,MERE", "yes,MERE|NOWHERE"),
        "staff.csv",
        2,
        "supports_commissioner_ids",
        "there is no organisation 'NOWHERE'",
        "Name one that exists",
    ),
    Broken(
        "scores of no reading",
        lambda b: b.add("reading_score.csv", "R9,cooking,3,"),
        "reading_score.csv",
        5,
        "reading_id",
        "no such row in reading.csv",
        "Add it",
    ),
    Broken(
        "an ending before its start",
        lambda b: b.replace("placement.csv", "2024-05-01,2025-02-01", "2024-05-01,2024-04-01"),
        "placement.csv",
        2,
        "ended_on",
        "must not be before",
        "Check both dates",
    ),
    Broken(
        "neither a home nor a household",
        lambda b: b.replace("placement.csv", "P3,B,ALDER,LARCH,", "P3,B,ALDER,,"),
        "placement.csv",
        4,
        "home_id",
        "fill in either this or",
        "not both",
    ),
    Broken(
        "another provider's home",
        lambda b: b.replace("placement.csv", "P3,B,ALDER,LARCH,,MERE,C2", "P3,B,BECK,LARCH,,MERE,"),
        "placement.csv",
        4,
        "home_id",
        "belongs to another provider",
        "Choose one",
    ),
    Broken(
        "another provider than the contract's",
        lambda b: b.replace("placement.csv", "P3,B,ALDER,LARCH,,MERE,C2", "P3,B,ALDER,LARCH,,MERE,C1"),
        "placement.csv",
        4,
        "provider_id",
        "the contract's provider",
        "must be",
    ),
    Broken(
        "a review before its goal",
        lambda b: b.replace("goal_review.csv", "2024-09-01,2024-09-03", ",2024-05-03"),
        "goal_review.csv",
        2,
        "reviewed_on",
        "must not be before the goal was set",
        "1 June 2024",
    ),
    Broken(
        "a goal of another child's plan",
        lambda b: b.add("goal.csv", "G2,PL1,B,independence,,,,,,,2024-06-01,,,,open,,"),
        "goal.csv",
        3,
        "plan_id",
        "belongs to another child",
        "Choose one of this child's",
    ),
    Broken(
        "an area without end date",
        lambda b: b.replace("goal.csv", ",open,,", ",achieved,,"),
        "goal.csv",
        2,
        "closed_on",
        "enter the day on which the goal was closed",
        "enter",
    ),
    Broken(
        "before the child was born",
        lambda b: b.replace("health_check.csv", "2024-08-01,2024-07-20,2024-07-30", "2001-08-01,,"),
        "health_check.csv",
        2,
        "due_on",
        "before the child was born",
        "14 March 2012",
    ),
    Broken(
        "a score off its scale",
        lambda b: b.replace("reading_score.csv", "R2,cooking,2,", "R2,cooking,7,"),
        "reading_score.csv",
        2,
        "score",
        "must be from 0 to 4",
        "This was 7",
    ),
    Broken(
        "a score of no known area",
        lambda b: b.replace("reading_score.csv", "R2,cooking,2,", "R2,relationships,2,"),
        "reading_score.csv",
        2,
        "score",
        "is not an area of this instrument",
        "It has cooking and cleaning",
    ),
    Broken(
        "a score that is no number",
        lambda b: b.replace("reading_score.csv", "R2,cooking,2,", "R2,cooking,two,"),
        "reading_score.csv",
        2,
        "score",
        "Score",
        "enter a number",
    ),
    Broken(
        "a reading with no such instrument",
        lambda b: b.replace("reading.csv", "R3,B,small_scale,1", "R3,B,small_scale,2"),
        "reading.csv",
        4,
        "instrument_code",
        "no instrument 'small_scale' in version '2'",
        "Register it first",
    ),
    Broken(
        "an instrument that does not hold together",
        lambda b: b.replace("instrument.csv", "cooking=independence|", "driving=independence|"),
        "instrument.csv",
        2,
        "area_tags",
        "driving is not an area",
        "of this instrument",
    ),
    Broken(
        "an instrument whose scales cannot be read",
        lambda b: b.replace("instrument.csv", "anchors,licence_note", "anchors,scales,item_most").replace(
            "instrument.csv", "4=Alone,", "4=Alone,cooking=5 7x,2"
        ),
        "instrument.csv",
        2,
        "scales",
        "cooking=5 7x",
        "write the numbers of the items",
    ),
    Broken(
        # R2 is taken with it: what cannot be read must not be tried on the reading.
        "an instrument whose sums say no points",
        lambda b: b.replace("instrument.csv", "anchors,licence_note", "anchors,sums").replace(
            "instrument.csv", "4=Alone,", "4=Alone,cooking:child=one two"
        ),
        "instrument.csv",
        2,
        "sum_points",
        "say what the answers of cooking count",
        "such as 0 0 1 2",
    ),
    Broken(
        "a session held without its day",
        lambda b: b.replace("keyworker_session.csv", "2024-09-03,held,2024-09-03", "2024-09-03,held,"),
        "keyworker_session.csv",
        2,
        "held_on",
        "enter the day on which the session was held",
        "enter",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_it_is_refused_with_its_place_and_its_mend(case: Broken, in_app: World, tmp_path: Path) -> None:
    bundle = Bundle(tmp_path / "bundle")
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


def test_stays_that_overlap_in_the_bundle_are_both_named(in_app: World, tmp_path: Path) -> None:
    bundle = Bundle(tmp_path / "bundle").replace("placement.csv", "P2,A,", "P2,B,")
    found = bundle.load().faults.found
    assert [(fault.row, fault.column, fault.value) for fault in found] == [
        (3, "started_on", "2025-02-01"),
        (4, "started_on", "2024-06-01"),
    ]
    assert "overlaps another placement of this child (1 June 2024 and has not ended)" in found[0].message


def test_a_stay_that_overlaps_one_in_the_database_is_named(in_app: World, tmp_path: Path) -> None:
    Bundle(tmp_path / "bundle").must_load()
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


def test_every_fault_is_reported_at_once_with_its_value(in_app: World, tmp_path: Path) -> None:
    bundle = Bundle(tmp_path / "bundle")
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


def test_what_refers_to_a_faulty_row_is_not_blamed(in_app: World, tmp_path: Path) -> None:
    """Child A's row cannot be read; a dozen rows that refer to it are all right."""
    bundle = Bundle(tmp_path / "bundle").replace("person.csv", "2012-03-14", "tomorrow")
    (fault,) = bundle.load().faults.found
    assert (fault.file, fault.row) == ("person.csv", 2)


@pytest.mark.parametrize("file", ["person.csv", "instrument.csv", "reading_score.csv", "placement.csv"])
def test_what_refers_to_an_unreadable_file_is_not_blamed(file: str, in_app: World, tmp_path: Path) -> None:
    bundle = Bundle(tmp_path / "bundle").write_bytes(file, b"\xff\xfe")
    (fault,) = bundle.load().faults.found
    assert (fault.file, fault.row) == (file, 1)


def test_at_most_a_thousand_faults_are_reported(in_app: World, tmp_path: Path) -> None:
    bundle = Bundle(tmp_path / "bundle")
    bundle.add("contact.csv", *(f"X{n},A,,,,,," for n in range(1_200)))
    result = bundle.load()
    assert len(result.faults.found) == faults.MOST_FAULTS
    assert result.faults.are_cut
    assert not result.kept


def test_a_file_of_more_rows_than_fit_is_refused(
    in_app: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "ROWS_MOST", 2)
    bundle = Bundle(tmp_path / "bundle")
    assert [(fault.file, fault.row) for fault in bundle.load().faults.found] == [
        ("organisation.csv", 4),
        ("placement.csv", 4),
        ("reading_score.csv", 4),
        ("reading.csv", 4),
    ]


def test_the_value_of_a_guards_fault_is_what_the_file_says(in_app: World, tmp_path: Path) -> None:
    bundle = Bundle(tmp_path / "bundle")
    bundle.add("goal.csv", "G2,PL1,B,independence,,,,,,,2024-06-01,,,,open,,")
    (fault,) = bundle.load().faults.found
    assert fault.value == "PL1"


def test_a_report_moves_no_cursor_and_stays_short() -> None:
    assert faults.shown("\x1b[2Jgone") == "\\x1b[2Jgone"
    assert len(faults.shown("x" * 5_000)) == faults.MOST_SHOWN + 1
