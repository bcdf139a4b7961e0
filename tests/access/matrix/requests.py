"""The true request of a cell: its address, and the words that somebody who may would send."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from outcomes.core.database import db
from outcomes.core.token_scopes import TokenScope
from outcomes.kit.declaring.fields import Day, Instant, Many, Pairs, Text, YesNo
from outcomes.kit.declaring.record import KINDS, Record
from outcomes.kit.reading.view import raw_of
from outcomes.kit.writing.states import parts_of
from tests.access.attacked.town import Town, day
from tests.access.matrix.cells import CHANGES, IN_FULL, Cell
from tests.access.matrix.names import NAMES, owner_name, record_name
from tests.builders import PASSWORD


def address_of(town: Town, cell: Cell) -> str:
    """The address of a cell, with the identifiers of what it is about."""
    rule = cell.row["rule"].replace("<measure_id:measure>", "hackney_homes.3.1-M1")
    rule = rule.replace("<link_token:token>", "A" * 43).replace("<path:filename>", "app.css")
    if not cell.group.kinds:
        return re.sub(r"<public_id:[a-z]+>", "A" * 22, rule) + query_of(town, cell)
    owner = town.ids.get(owner_name(cell.kind, cell.whose), "")
    rule = rule.replace("<public_id:owner>", owner)
    if rule.count("<") == 2 or not re.search(r"/children/<public_id:child>\Z", rule):
        rule = re.sub(r"/children/<public_id:child>(?=/)", f"/children/{owner}", rule)
    return re.sub(r"<public_id:[a-z]+>", town.ids.get(record_name(cell.kind, cell.whose), "A" * 22), rule)


def query_of(town: Town, cell: Cell) -> str:
    """Figures are asked for by contract; in full is with places and children."""
    if cell.whose not in ("own contract", "other contract"):
        return ""
    asked = f"?contract={town.ids[NAMES[cell.whose][1]]}"
    if cell.to_do != IN_FULL:
        return asked
    return asked + ("&members=1&split=place" if "/api/" in cell.row["rule"] else "&split=place")


def body_of(town: Town, cell: Cell) -> Any:
    """What a true request of this sort carries: the record's own values, with a word changed for a correction."""
    if not cell.group.kinds or cell.to_do not in CHANGES:
        return OTHER_BODIES.get(cell.row["rule"], {})
    kind, name = KINDS[cell.kind], record_name(cell.kind, cell.whose)
    as_json = "/api/" in cell.row["rule"]
    if cell.to_do == "withdraw":
        revision = {} if as_json else {"revision": town.revisions.get(name, 1)}
        return {"correction_reason" if as_json else "reason": "wrong"} | revision
    values = dict(town.bodies.get(name) or town.bodies.get(f"{cell.kind} own") or {})
    values = changed(kind, values) if cell.to_do == "correct" else beside(cell.kind, values)
    if as_json:
        return values
    return posted(kind, values) | {"revision": town.revisions.get(name, 1), "correction_reason": "wrong"}


OTHER_BODIES: Mapping[str, Mapping[str, Any]] = {
    "/account/tokens/new": {
        "name": "Attendance import",
        "scopes": [TokenScope.RECORDS_READ.value],
        "days": "7",
        "password": PASSWORD,
    }
}
"""What the other addresses need to be sent, so that whoever may is not stopped by their own words."""

BESIDE = {
    "home_capacity": {"valid_from": "2030-04-01", "valid_to": None},
    "contract_setting": {"setting": "missing_report_hours", "value": "24"},
    "measure_target": {"effective_from": "2023-04-01", "effective_to": "2024-04-01"},
    "instrument": {"version": "2"},
    # Before those that stand since day 300, and the stay since day 400.
    "allocation": {"valid_from": day(310), "valid_to": day(300)},
    "keyworker_assignment": {"valid_from": day(310), "valid_to": day(300)},
    # Without the contract: a social worker sees none, and so may name none.
    "placement": {"started_on": day(410), "ended_on": day(400), "contract_id": None},
}
"""What a second record needs, to stand beside the first."""


def beside(kind: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a second record of a kind beside one with `values`."""
    if kind == "attendance":
        week = date.fromisoformat(values["week_starting"]) - timedelta(weeks=1)
        return {**values, "week_starting": week.isoformat()}
    return {**values, **BESIDE.get(kind, {})}


def changed(kind: type[Record], values: dict[str, Any]) -> dict[str, Any]:
    """The values with something else in one field that no rule looks at."""
    fields = kind.asked_fields()
    for sort in (Text, YesNo):
        for name, value in values.items():
            one = fields.get(name)
            if isinstance(one, sort) and value not in (None, "") and name not in kind.declaration.natural_key:
                if name in ("setting", "measure_id", "framework", "instrument_code", "version"):
                    continue
                return values | {name: f"{value}2" if sort is Text else not value}
    return values


def posted(kind: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a form posts them."""
    fields, form = kind.asked_fields(), {}
    for name, value in values.items():
        one = fields.get(name)
        if value is None or one is None:
            continue
        if isinstance(one, Day | Instant):
            day, _, time = str(value).partition("T")
            form |= dict(
                zip((f"{name}-{part}" for part in ("year", "month", "day")), day.split("-"), strict=True)
            )
            form |= {f"{name}-time": time[:5]} if time else {}
        elif isinstance(one, YesNo):
            form[name] = "yes" if value else "no"
        elif isinstance(one, Pairs) or (isinstance(one, Many) and one.typed):
            pairs = [f"{key}={word}" for key, word in value.items()] if isinstance(value, dict) else value
            form[name] = "\n".join(pairs)
        else:
            form[name] = value if isinstance(value, list) else str(value)
    return form


def prepare(town: Town) -> None:
    """Keep, for every record of the town, its values as a program sends them, and its revision."""
    with town.inside():
        for name, public_id in town.ids.items():
            model = KINDS[name.split()[0]]
            record = db.session.scalars(select(model).where(model.public_id == public_id)).one()
            town.revisions[name] = record.revision
            town.bodies[name] = raw_of(record)
            if model.declaration.part is not None:
                part = model.declaration.part
                town.bodies[name]["scores"] = [
                    {
                        key: part.asked_fields()[key].to_json(value)
                        for key, value in one.items()
                        if key != part.part_of
                    }
                    for one in parts_of(db.session(), record)
                ]
