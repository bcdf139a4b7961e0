"""The invented records of a spec, as rows that both engines read.

A world is written as small tables of text, one per record kind. `child`, `place` and the other
links are names (A, home 1, carers 2, goal G1); ids are given out here. Columns that a case does
not speak of take a plain default. The loader works out the placement of a record as the writer
does: the one on the day that the record is about.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Numeric, Table
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeDecorator

import outcomes.care
import outcomes.records
from outcomes.core.clock import from_london, london_date
from outcomes.core.database import db
from outcomes.frameworks.binding import registry
from outcomes.kit.declaring.record import KINDS, ChildRecord

Row = dict[str, Any]
RECORDED = datetime(2020, 1, 1, tzinfo=UTC)

INSTRUMENT: Row = {
    "instrument_code": "skills",
    "version": "1",
    "higher_is_better": True,
    "scale_min": Decimal(0),
    "scale_max": Decimal(10),
    "smallest_step": Decimal(1),
    "areas": ["cooking", "cleaning", "self_belief", "safety"],
    "area_tags": {"cooking": "independence", "cleaning": "independence", "self_belief": "independence"},
}
DEFAULTS: Mapping[str, Row] = {
    "organisation": {"kind": "provider", "name": "Marlow Care"},
    "home": {"provider": "P", "name": "Home"},
    "carer_household": {"provider": "P"},
    "contract": {"provider": "P", "commissioner": "Q", "framework": "any", "started_on": date(2015, 4, 1)},
    "contract_setting": {"contract": "C", "effective_from": date(2015, 4, 1)},
    "measure_target": {"contract": "C", "effective_from": date(2015, 4, 1), "status": "set"},
    "person": {"person_kind": "child", "date_of_birth": date(2010, 1, 1)},
    "placement": {"provider": "P", "contract": "C"},
    "staff": {"provider": "P", "role_group": "key_worker"},
    "plan": {"kind": "care_plan", "started_on": date(2020, 1, 1)},
    "plan_review": {"kind": "provider_review"},
    "health_registration": {"kind": "gp", "valid_from": date(2020, 1, 1)},
    "health_check": {"kind": "dental"},
    "education_spell": {"setting_type": "mainstream_school", "valid_from": date(2020, 1, 1)},
    "attendance": {"sessions_possible": 10, "sessions_attended": 10},
    "goal": {"area": "independence", "wording": "I can cook", "status": "open", "set_on": date(2020, 1, 1)},
    "missing_episode": {"kind": "missing"},
    "instrument": INSTRUMENT,
    "expected_level": {"instrument_code": "skills", "reason": "agreed", "valid_from": date(2020, 1, 1)},
    "activity": {"kind": "sport", "title": "Swimming"},
    "reading": {"instrument_code": "skills", "version": "1", "informant": "keyworker", "status": "complete"},
}
ORDER = tuple(
    described.__tablename__
    for kind in KINDS
    for described in (kind, kind.declaration.part)
    if described is not None
)
"""Every kind, and its parts after it: links point only to earlier ones."""
PLACES = {"home": "home", "carer_household": "carers"}
LINKS = {
    "provider": "organisation",
    "commissioner": "organisation",
    "child": "person",
    "contract": "contract",
    "goal": "goal",
    "plan": "plan",
    "staff": "staff",
    "session": "keyworker_session",
    "reading": "reading",
    "home": "home",
    "carer_household": "carer_household",
}
ABOUT = {
    kind.kind_name(): tuple(name for name in (kind.declaration.about, kind.declaration.about_else) if name)
    for kind in KINDS
    if issubclass(kind, ChildRecord) and kind.declaration.about
}
"""The days that tell a record's placement, first the usual one, as the kinds declare them."""


class World:
    """Rows by record kind, with ids. `row["name"]` is how the case calls the record."""

    def __init__(self, tables: Mapping[str, str | list[Row]]) -> None:
        self.rows: dict[str, list[Row]] = {kind: [] for kind in ORDER}
        self._ids: dict[tuple[str, str], int] = {}
        given = {
            kind: _parsed(kind, text) if isinstance(text, str) else text for kind, text in tables.items()
        }
        for kind in ORDER:
            for row in given.get(kind, []):
                self.add(kind, **row)
        if not self.rows["instrument"]:
            self.add("instrument")

    def add(self, kind: str, /, **given: Any) -> Row:
        """Add a row, with defaults, ids for names, and the placement of the day it is about."""
        # What is given goes before the defaults, but both may name links.
        row: Row = {**DEFAULTS.get(kind, {}), **given}
        name = str(row.pop("called", f"{kind} {len(self.rows[kind]) + 1}"))
        scores = row.pop("scores", None)
        if kind == "placement":
            self._place(row)
        for word, to in LINKS.items():
            if word in row:
                named = row.pop(word)
                row[f"{'person' if word == 'child' else word}_id"] = (
                    None if named is None else self.id_of(to, str(named))
                )
        row["id"] = self._ids.setdefault((kind, name), len(self._ids) + 1)
        row["name"] = name
        row.setdefault("withdrawn_at", None)
        row.setdefault("recorded_at", RECORDED)
        if kind == "reading_score":
            row.pop("withdrawn_at"), row.pop("recorded_at")
        if kind in ABOUT:
            row.setdefault("placement_id", self._placement_on(row["person_id"], self._about(kind, row)))
        self.rows[kind].append(row)
        for area, score in (scores or {}).items():
            self._score(row, area, score)
        return row

    def _score(self, reading: Row, area: str, score: Any) -> None:
        not_for_age = score == "too young"
        value = None if not_for_age or score is None else Decimal(str(score))
        self.rows["reading_score"].append(
            {
                "id": len(self.rows["reading_score"]) + 1,
                "reading_id": reading["id"],
                "area": area,
                "score": value,
                "not_age_appropriate": not_for_age or None,
            }
        )

    def id_of(self, kind: str, name: str) -> int:
        """The id of a named record; people, places, organisations and contracts are made when first named."""
        if (kind, name) not in self._ids:
            made = kind in ("person", "home", "carer_household", "organisation", "contract", "staff")
            assert made, f"This world has no {kind} called {name}"
            self.add(kind, called=name)
        return self._ids[(kind, name)]

    def _place(self, row: Row) -> None:
        kind, _, number = str(row.pop("place")).partition(" ")
        is_home = kind == "home"
        row["home"], row["carer_household"] = (number, None) if is_home else (None, number)
        row.setdefault("placement_type", "childrens_home" if is_home else "ifa_foster")

    @staticmethod
    def _about(kind: str, row: Row) -> date | None:
        value = next((row[name] for name in ABOUT[kind] if row.get(name) is not None), None)
        return london_date(value) if isinstance(value, datetime) else value

    def _placement_on(self, person_id: int, day: date | None) -> int | None:
        if day is None:
            return None
        for row in self.rows["placement"]:
            open_on_it = row["started_on"] <= day and (row.get("ended_on") is None or row["ended_on"] > day)
            if row["person_id"] == person_id and open_on_it and row["withdrawn_at"] is None:
                return int(row["id"])
        return None

    def save(self, connection: Connection) -> None:
        """Write the rows into the real tables."""
        for kind in ORDER:
            table = registry()[kind].table
            names = {column.name for column in table.columns}
            for row in self.rows[kind]:
                named = f"{PLACES[kind]} {row['name']}" if kind in PLACES else row.get("name")
                internal = {"public_id": f"{kind[:12]}-{row['id']}", "sender_reference": named}
                values = {**internal, **row} if "public_id" in names else row
                connection.execute(
                    table.insert(), {key: value for key, value in values.items() if key in names}
                )


def metadata_tables() -> list[Table]:
    """Every table, in an order in which they can be made."""
    return list(db.metadata.sorted_tables)


def _parsed(kind: str, text: str) -> list[Row]:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    header = [cell.strip() for cell in lines[0].split("|")]
    return [dict(_cells(kind, header, line)) for line in lines[1:]]


def _cells(kind: str, header: list[str], line: str) -> Iterator[tuple[str, Any]]:
    cells = [cell.strip() for cell in line.split("|")]
    assert len(cells) == len(header), f"{kind}: {line!r} has {len(cells)} cells, the header has {len(header)}"
    for name, cell in zip(header, cells, strict=True):
        if cell:
            yield name, _value(kind, name, cell)


def _value(kind: str, name: str, cell: str) -> Any:
    if name == "scores":
        return dict(_score_cell(one) for one in cell.split(","))
    table = registry()[kind].table
    if name not in table.c:
        return cell
    kinds = table.c[name].type
    inner = kinds.impl_instance if isinstance(kinds, TypeDecorator) else kinds
    for sql_type, read in _READERS:
        if isinstance(inner, sql_type):
            return read(cell)
    return cell


def _score_cell(text: str) -> tuple[str, str | None]:
    area, _, score = text.strip().partition(" ")
    return area, score.strip() or None


def _moment(cell: str) -> datetime:
    text = cell.removesuffix(" withdrawn")
    wall = datetime.fromisoformat(text) if ":" in text else datetime.fromisoformat(f"{text} 12:00")
    return from_london(wall)[0]


_READERS: tuple[tuple[Any, Any], ...] = (
    (Boolean, lambda cell: {"yes": True, "no": False}[cell]),
    (Date, date.fromisoformat),
    (DateTime, _moment),
    (Numeric, Decimal),
    (JSON, lambda cell: json.loads(cell) if cell[0] in "[{" else cell.split(" ")),
)

__all__ = ["World", "metadata_tables", "outcomes"]
