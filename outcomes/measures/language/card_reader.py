"""Reads cards from YAML. Every fault is reported, with file, card, key, what was expected, what came.

Nothing is guessed: an unknown key, a key given twice, a phrase not on the list are faults. YAML 1.1
turns a bare `on:` or `yes:` key into true, which is named as such.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from outcomes.core.periods import MONTHS
from outcomes.measures.language import card_keys as keys
from outcomes.measures.language.card import (
    Card,
    CardFaults,
    Fault,
    Setting,
    hash_of,
    short,
)
from outcomes.measures.language.phrases import InPeriod
from outcomes.measures.language.targets import wrong_way_round
from outcomes.measures.language.working_reader import (
    Place,
    conditions,
    group,
    read_also,
    read_working,
)
from outcomes.measures.language.workings import Is

REQUIRED = ("measure", "title", "says", "shape", "period", "each", "where", "target")
OPTIONAL = (
    "version",
    "from",
    "leave_out",
    "per",
    "work_out",
    "met_when",
    "no_evidence",
    "if_nobody",
    "tolerance",
    "better",
    "also_show",
    "over_a_year",
    "split_by",
    "settings",
    "rules",
    "notes",
)
LATER = ("over", "under", "times", "value", "keep", "show", "rating", "needs", "items", "passes_when")
"""Keys of the language for shapes that are not computed yet: named, so that the fault can say so."""

SHAPES = ("share", "count")
SPLITS = ("place", "each place")


class _Strict(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice: the second would silently win."""


def _no_twins(loader: yaml.SafeLoader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int | float | bool) or key in seen:
            line = key_node.start_mark.line + 1
            raise yaml.YAMLError(f"line {line}: the key {key!r} is given twice, or is not a word")
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _no_twins)


def read_file(path: Path) -> list[Card]:
    """The cards of one file (a mapping, or a list of them). Raises CardFaults with every fault."""
    name = short(path)
    try:
        return read_text(path.read_text(encoding="utf-8"), name)
    except (OSError, UnicodeDecodeError) as error:
        raise CardFaults((Fault(name, "-", "-", "a readable YAML file in UTF-8", str(error)),)) from error


def read_mapping(path: Path) -> Mapping[str, Any]:
    """A file that holds one mapping, such as a pack's framework.yaml. Raises CardFaults."""
    name = short(path)
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=_Strict)  # noqa: S506
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise CardFaults(
            (Fault(name, "-", "-", "a readable YAML file in UTF-8", " ".join(str(error).split())),)
        ) from error
    if not isinstance(loaded, dict):
        raise CardFaults((Fault(name, "-", "-", "a mapping", str(loaded)),))
    return loaded


def read_settings(raw: Any, file: str, faults: list[Fault]) -> Iterator[tuple[str, Setting]]:
    """The settings of a pack, as a card writes its own."""
    return keys.settings(raw, Place(file, "-", "settings", faults))


def read_text(text: str, file: str) -> list[Card]:
    """The cards of a YAML text. Raises CardFaults with every fault."""
    try:
        loaded = yaml.load(text, Loader=_Strict)  # noqa: S506 (a SafeLoader, made stricter)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise CardFaults(
            (Fault(file, "-", "-", "well-formed YAML", " ".join(str(error).split())),)
        ) from error
    entries = loaded if isinstance(loaded, list) else [loaded]
    faults: list[Fault] = []
    cards = [card for entry in entries if (card := _read(entry, file, faults)) is not None]
    if faults:
        raise CardFaults(tuple(faults))
    return cards


def _read(entry: Any, file: str, faults: list[Fault]) -> Card | None:
    place = Place(file, "-", "", faults)
    if not isinstance(entry, dict):
        place.fault("a mapping with the keys of a card", entry)
        return None
    if isinstance(entry.get("measure"), str):
        place = Place(file, entry["measure"], "", faults)
    before = len(faults)
    _check_keys(entry, place)
    if len(faults) > before:
        return None
    card = _card(entry, place)
    _check_together(card, place)
    return card if len(faults) == before else None


def _check_keys(entry: Mapping[Any, Any], place: Place) -> None:
    for key in entry:
        if isinstance(key, bool):
            place.at("true" if key else "false").fault(
                "a key in words (YAML reads a bare on:, yes:, no: as true or false)", key
            )
        elif key in LATER:
            place.at(str(key)).fault(
                "a key for the shapes share and count (this one is not computed yet)", key
            )
        elif key not in REQUIRED and key not in OPTIONAL:
            place.at(str(key)).fault(f"one of the keys {', '.join(REQUIRED + OPTIONAL)}", key)
    for key in REQUIRED:
        if key not in entry:
            place.at(key).fault("this key", "nothing")


def _card(entry: Mapping[str, Any], place: Place) -> Card:
    each = keys.text(entry, "each", place)
    work_out = entry.get("work_out", {})
    if not isinstance(work_out, dict):
        place.at("work_out").fault("names with what they are", work_out)
        work_out = {}
    return Card(
        measure=keys.text(entry, "measure", place),
        title=keys.text(entry, "title", place),
        says=keys.text(entry, "says", place),
        shape=keys.one_of(entry, "shape", SHAPES, place),
        period=keys.one_of(entry, "period", tuple(MONTHS), place),
        each=each,
        found_through=keys.text(entry, "from", place) if "from" in entry else each,
        version=keys.version(entry.get("version", 1), place.at("version")),
        where=conditions(entry["where"], place.at("where")),
        leave_out=tuple(keys.leave_out(entry.get("leave_out", []), place.at("leave_out"))),
        work_out=MappingProxyType(
            {
                str(name): working
                for name, raw in work_out.items()
                if (working := read_working(raw, place.at(f"work_out.{name}"))) is not None
            }
        ),
        per=MappingProxyType(dict(keys.per(entry.get("per", {}), place.at("per")))),
        met_when=group(entry["met_when"], place.at("met_when")) if "met_when" in entry else None,
        no_evidence=keys.no_evidence(entry["no_evidence"], place.at("no_evidence"))
        if "no_evidence" in entry
        else None,
        target=keys.target(entry, place.at("target")),
        better=keys.one_of(entry, "better", ("bigger", "smaller"), place) if "better" in entry else "bigger",
        also_show=read_also(entry.get("also_show", []), place.at("also_show")),
        over_a_year=keys.yes(entry, "over_a_year", place),
        split_by=keys.list_of(entry.get("split_by", []), SPLITS, place.at("split_by")),
        settings=MappingProxyType(dict(keys.settings(entry.get("settings", {}), place.at("settings")))),
        rules=tuple(str(rule) for rule in entry.get("rules", [])),
        notes=keys.text(entry, "notes", place) if "notes" in entry else "",
        file=place.file,
        hash=hash_of(json.dumps(entry, sort_keys=True, default=str)),
    )


def _check_together(card: Card, place: Place) -> None:
    """What no single key can say: that the keys fit the shape and each other."""
    if card.shape == "share" and card.met_when is None:
        place.at("met_when").fault("when a unit counts as met, because this is a share", "nothing")
    if card.shape == "count" and (card.met_when or card.no_evidence):
        place.at("met_when").fault("no met_when and no no_evidence, because this is a count", "one of them")
    if len(card.split_by) > 1:
        place.at("split_by").fault("place or each place, not both", ", ".join(card.split_by))
    # What happens on a day is in one period only: these can be added up, and children would count again.
    events = card.shape == "share" and any(
        isinstance(one, Is) and one.phrase == InPeriod() for one in card.where
    )
    if card.over_a_year and not events:
        place.at("over_a_year").fault(
            "this only on a share whose units fall in one period each (a date that is in the period)",
            card.each,
        )
    wrong = wrong_way_round(card.target, card.better)
    if wrong:
        place.at("target").fault(wrong, card.target)
    # Unknown never counts in the provider's favour (D18).
    favour = "not met" if card.better == "smaller" else "met"
    if card.no_evidence and card.no_evidence.then == favour:
        place.at("no_evidence.then").fault(
            f"left out, or {'met' if card.better == 'smaller' else 'not met'}: what is not known "
            "never counts in the provider's favour",
            card.no_evidence.then,
        )
