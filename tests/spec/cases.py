"""Reads the spec tables (`*.yaml` beside this file): records in rows, a card, the expected buckets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.engine import Connection

from outcomes.core.periods import Period, parse_period
from outcomes.frameworks.binding import registry
from outcomes.frameworks.packs import cards, framework_of, packs
from outcomes.measures.engine import Run, facts
from outcomes.measures.language.card import Card, SettingValue
from outcomes.measures.language.card_keys import setting_value
from outcomes.measures.language.card_reader import read_text
from outcomes.measures.planning.plan import Plan
from outcomes.measures.planning.planner import plan
from tests.measures.world import World

FOLDER = Path(__file__).parent
BUCKET_WORDS = ("met", "not met", "no evidence", "left out")
BUCKETS = ("met", "not met", "no evidence")
KEYS = {
    "rule", "title", "card", "card text", "period", "contract", "today", "settings",
    "records", "met", "not met", "no evidence", "left out", "figure", "also", "places",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One spec: what is on record, and which children (or sessions, episodes, endings) stand where."""

    file: str
    rule: str
    title: str
    card: Card
    period: Period
    contract: str
    today: date
    settings: Mapping[str, SettingValue]
    records: Mapping[str, str]
    expected: Mapping[str, tuple[str, str]]
    figure: str | None = None
    also: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.rule}-{self.title}".replace(" ", "_")[:90]

    @property
    def all_settings(self) -> dict[str, SettingValue]:
        """The settings in force: the pack's, the card's, then what the contract of this case agreed."""
        shared = (
            packs()[framework_of(self.card.measure)].settings
            if framework_of(self.card.measure) in packs()
            else {}
        )
        chosen = {name: setting.value for name, setting in {**shared, **self.card.settings}.items()}
        return {**chosen, **self.settings}


def all_cases() -> list[Case]:
    return [
        _case(path.name, entry)
        for path in sorted(FOLDER.rglob("*.yaml"), key=lambda path: (len(path.parts), path))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def _case(file: str, entry: Mapping[str, Any]) -> Case:
    unknown = set(entry) - KEYS
    assert not unknown, f"{file}: {entry.get('title')}: unknown {unknown}"
    card = read_text(entry["card text"], file)[0] if "card text" in entry else cards()[entry["card"]]
    expected = {name: (bucket, "") for bucket in BUCKETS for name in str(entry.get(bucket) or "").split()}
    for name, because in (entry.get("left out") or {}).items():
        expected[str(name)] = ("left out", because)
    return Case(
        file=file,
        rule=str(entry["rule"]),
        title=entry["title"],
        card=card,
        period=parse_period(entry["period"]),
        contract=entry.get("contract", "C"),
        today=entry.get("today", date(2026, 6, 1)),
        settings={name: setting_value(value) for name, value in entry.get("settings", {}).items()},
        records=entry["records"],
        expected=expected,
        figure=entry.get("figure"),
        also=entry.get("also", {}),
        places=entry.get("places", {}),
    )


def planned(case: Case) -> Plan:
    """The plan of a case's card, with the settings of its pack where it is of one."""
    pack = packs().get(framework_of(case.card.measure))
    return plan(case.card, registry(), pack.settings if pack else {})


def found_by_the_engine(
    connection: Connection, made: Plan, case: Case, world: World
) -> dict[str, tuple[str, str]]:
    """Each unit's bucket in words and the reason, as the engine finds them."""
    reasons = made.under(
        {name: case.settings[name] for name in made.settings if name in case.settings}
    ).reasons
    run = Run([world.id_of("contract", case.contract)], [case.period], case.today, [case.settings])
    return {
        fact.reference: (
            BUCKET_WORDS[fact.group.bucket],
            reasons[fact.group.reason] if fact.group.reason >= 0 else "",
        )
        for fact in facts(connection, registry(), made, run)
    }
