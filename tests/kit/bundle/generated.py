"""A bundle of any size, invented by counting: for the tests of time and memory."""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

START = date(2023, 4, 1)
AREAS = ("cooking", "cleaning", "relationships", "communication")


def write_bundle(folder: Path, children: int) -> int:
    """Write a bundle of `children` children, some 125 rows each. Gives the number of rows."""
    folder.mkdir(parents=True, exist_ok=True)
    some = range(children)
    tables: dict[str, tuple[str, Iterable[tuple[object, ...]]]] = {
        "organisation": (
            "organisation_id,name,kind",
            [("P", "Alder Care", "provider"), ("L", "Mereshire", "council")],
        ),
        "home": ("home_id,provider_id,name", [(f"H{n}", "P", f"House {n}") for n in range(20)]),
        "instrument": (
            "instrument_code,version,higher_is_better,scale_min,scale_max,smallest_step,areas",
            [("scale", "1", "yes", 0, 4, 1, "|".join(AREAS))],
        ),
        "person": (
            "person_id,person_kind,given_name,date_of_birth,responsible_authority_id",
            ((f"C{n}", "child", f"Child {n}", "2011-03-14", "L") for n in some),
        ),
        "placement": (
            "placement_id,person_id,provider_id,home_id,placement_type,started_on,ended_on",
            (
                (f"C{n}-{i}", f"C{n}", "P", f"H{(n + i) % 20}", "childrens_home", _day(i * 300), ended)
                for n in some
                for i, ended in ((0, _day(300)), (1, ""))
            ),
        ),
        "goal": (
            "goal_id,person_id,area,wording,set_on,baseline_level,target_level,status",
            (
                (f"G{n}-{i}", f"C{n}", "independence", "Cook a meal", _day(20 * i), 1, 4, "open")
                for n in some
                for i in range(3)
            ),
        ),
        "keyworker_session": (
            "session_id,person_id,planned_on,status,held_on,minutes,topics,child_words",
            (
                (f"S{n}-{i}", f"C{n}", _day(7 * i), "held", _day(7 * i), 40, "goals|school", "It was fine")
                for n in some
                for i in range(30)
            ),
        ),
        "goal_review": (
            "goal_review_id,goal_id,reviewed_on,level,judgement",
            (
                (f"V{n}-{i}", f"G{n}-{i % 3}", _day(90 + 30 * i), 2, "improved")
                for n in some
                for i in range(12)
            ),
        ),
        "reading": (
            "reading_id,person_id,instrument_code,version,informant,taken_on,status",
            (
                (f"R{n}-{i}", f"C{n}", "scale", "1", "keyworker", _day(60 * i), "complete")
                for n in some
                for i in range(12)
            ),
        ),
        "reading_score": (
            "reading_id,area,score",
            ((f"R{n}-{i}", area, i % 5) for n in some for i in range(12) for area in AREAS),
        ),
        "health_check": (
            "health_check_id,person_id,kind,due_on,attended_on",
            (
                (f"K{n}-{i}", f"C{n}", "dental", _day(60 * i), _day(60 * i + 3))
                for n in some
                for i in range(10)
            ),
        ),
        "missing_episode": (
            "episode_id,person_id,kind,started_at,ended_at",
            (
                (f"M{n}-{i}", f"C{n}", "missing", f"{_day(40 * i)}T21:00", f"{_day(40 * i)}T23:30")
                for n in some
                for i in range(7)
            ),
        ),
    }
    return sum(_write(folder / f"{name}.csv", header, rows) for name, (header, rows) in tables.items())


def _day(after: int) -> str:
    return (START + timedelta(days=after)).isoformat()


def _write(path: Path, header: str, rows: Iterable[tuple[object, ...]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header.split(","))
        for count, row in enumerate(rows, start=1):  # noqa: B007 - the last count is the answer
            writer.writerow(row)
    return count
