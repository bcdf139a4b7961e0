"""The packs in `seeds/frameworks/`: a folder per framework, with its settings and one card per file.

Adding a measure is adding a file. A pack that cannot be read is refused whole, with every fault.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from outcomes.core.errors import Misconfigured
from outcomes.core.periods import MONTHS
from outcomes.core.settings import root
from outcomes.frameworks.binding import registry
from outcomes.frameworks.rules import unknown_rules
from outcomes.measures.language.card import Card, CardFaults, Fault, Setting, short
from outcomes.measures.language.card_reader import read_file, read_mapping, read_settings
from outcomes.measures.planning.plan import Plan
from outcomes.measures.planning.planner import plan

PACK_KEYS = ("framework", "title", "source", "parties", "periods", "settings")


@dataclass(frozen=True)
class Pack:
    """One framework: what it is called, whom it binds, and its cards in the order of their ids."""

    framework: str
    title: str
    source: str
    parties: Mapping[str, str]
    periods: tuple[str, ...]
    settings: Mapping[str, Setting]
    cards: tuple[Card, ...]


def folder() -> Path:
    return root() / "seeds" / "frameworks"


@cache
def packs() -> Mapping[str, Pack]:
    """Every pack by framework. Raises Misconfigured with every fault of every card."""
    faults: list[Fault] = []
    found: dict[str, Pack] = {}
    for path in sorted(folder().glob("*/framework.yaml")):
        try:
            found[path.parent.name] = read_pack(path.parent)
        except CardFaults as problem:
            faults += problem.faults
    if faults:
        raise Misconfigured("\n".join(str(fault) for fault in faults))
    return MappingProxyType(found)


@cache
def cards() -> Mapping[str, Card]:
    """Every card by id."""
    return MappingProxyType({card.measure: card for pack in packs().values() for card in pack.cards})


@cache
def planned(measure: str) -> Plan:
    """The plan of a card, kept: its statements are compiled once."""
    card = cards()[measure]
    return plan(card, registry(), packs()[framework_of(measure)].settings)


def listed(card: Card) -> dict[str, object]:
    """A card in a list, for programs."""
    return {
        "measure": card.measure,
        "card_version": card.version,
        "hash": card.hash,
        "framework": framework_of(card.measure),
        "title": card.title,
        "says": card.says,
        "shape": card.shape,
        "period": card.period,
        "target": str(card.target),
        "better": card.better,
    }


def framework_of(measure: str) -> str:
    """The pack that a measure belongs to: its id is framework.slug."""
    return measure.partition(".")[0]


def read_pack(path: Path) -> Pack:
    """One pack, with each card read and planned. Raises CardFaults with every fault."""
    about, faults = _about(path / "framework.yaml")
    settings = dict(read_settings(about.get("settings", {}), short(path / "framework.yaml"), faults))
    found: list[Card] = []
    for file in sorted((path / "cards").glob("*.yaml")):
        try:
            found += check_file(file, settings, path.name)
        except CardFaults as problem:
            faults += problem.faults
    if faults:
        raise CardFaults(tuple(faults))
    return Pack(
        framework=path.name,
        title=str(about["title"]),
        source=str(about.get("source", "")),
        parties=MappingProxyType(dict(about.get("parties", {}))),
        periods=tuple(about.get("periods", ())),
        settings=MappingProxyType(settings),
        cards=tuple(sorted(found, key=lambda card: card.measure)),
    )


def check_file(file: Path, settings: Mapping[str, Setting], framework: str | None = None) -> list[Card]:
    """The cards of one file, read and planned. Raises CardFaults with every fault."""
    faults: list[Fault] = []
    found = read_file(file)
    for card in found:
        if framework is not None and framework_of(card.measure) != framework:
            expected = f"an id that starts with {framework}., the pack it is in"
            faults.append(Fault(card.file, card.measure, "measure", expected, card.measure))
        faults += unknown_rules(card)
        try:
            plan(card, registry(), settings)
        except CardFaults as problem:
            faults += problem.faults
    if faults:
        raise CardFaults(tuple(faults))
    return found


def _about(path: Path) -> tuple[Mapping[str, Any], list[Fault]]:
    about = read_mapping(path)
    faults: list[Fault] = []

    def fault(key: str, expected: str, came: object) -> None:
        faults.append(Fault(short(path), "-", key, expected, str(came)))

    for key in about:
        if key not in PACK_KEYS:
            fault(str(key), f"one of the keys {', '.join(PACK_KEYS)}", key)
    if about.get("framework") != path.parent.name:
        fault("framework", f"the name of its folder, {path.parent.name}", about.get("framework"))
    for key in ("title", "source"):
        if not isinstance(about.get(key, ""), str):
            fault(key, "words", about[key])
    periods = about.get("periods", [])
    if not isinstance(periods, list) or any(one not in MONTHS for one in periods):
        fault("periods", f"a list of: {', '.join(MONTHS)}", periods)
    if faults:
        raise CardFaults(tuple(faults))
    return about, faults
