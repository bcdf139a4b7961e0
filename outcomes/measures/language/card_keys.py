"""Reads what stands under one key of a card. A fault is noted at its place, and a harmless value given back."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from outcomes.measures.language import phrase_reader
from outcomes.measures.language.card import LeaveOut, NoEvidence, Setting, SettingValue
from outcomes.measures.language.phrases import NotAPhrase
from outcomes.measures.language.targets import parse_target
from outcomes.measures.language.working_reader import Place, condition, read_working
from outcomes.measures.language.workings import Latest, Working

PER = ("goal",)
THEN = ("not met", "met", "left out")


def text(entry: Mapping[str, Any], key: str, place: Place) -> str:
    """Words, with single spaces between them."""
    value = entry[key]
    if isinstance(value, str) and value.strip():
        return " ".join(value.split())
    place.at(key).fault("words", value)
    return ""


def one_of(entry: Mapping[str, Any], key: str, allowed: tuple[str, ...], place: Place) -> Any:
    """One of the words of a closed list."""
    if entry[key] not in allowed:
        place.at(key).fault(f"one of: {', '.join(allowed)}", entry[key])
        return allowed[0]
    return entry[key]


def yes(entry: Mapping[str, Any], key: str, place: Place) -> bool:
    """True where the key is there."""
    if entry.get(key, True) is not True:
        place.at(key).fault("yes, or no such key", entry[key])
    return key in entry


def list_of(raw: Any, allowed: tuple[str, ...], place: Place) -> tuple[Any, ...]:
    """Some words of a closed list."""
    if not isinstance(raw, list) or any(one not in allowed for one in raw):
        place.fault(f"a list of: {', '.join(allowed)}", raw)
        return ()
    return tuple(raw)


def version(raw: Any, place: Place) -> int:
    """A card's version: a whole number from 1."""
    if not isinstance(raw, int) or isinstance(raw, bool) or raw < 1:
        place.fault("a whole number from 1", raw)
        return 1
    return raw


def leave_out(raw: Any, place: Place) -> Iterator[LeaveOut]:
    """When a unit is left out, each with its reason."""
    if not isinstance(raw, list):
        place.fault("a list of {when, because}", raw)
        return
    for number, one in enumerate(raw, start=1):
        here = place.at(f"leave_out.{number}")
        if (
            not isinstance(one, dict)
            or set(one) != {"when", "because"}
            or not isinstance(one["because"], str)
        ):
            here.fault("{when: a condition, because: the reason in words}", one)
        else:
            yield LeaveOut(condition(one["when"], here), one["because"])


def per(raw: Any, place: Place) -> Iterator[tuple[str, Mapping[str, Working]]]:
    """What is worked out for each record of a sort (a goal) of a unit."""
    if not isinstance(raw, dict) or any(name not in PER or not isinstance(raw[name], dict) for name in raw):
        place.fault(f"{', '.join(PER)}: names with what they are", raw)
        return
    for record, named in raw.items():
        read = {}
        for name, one in named.items():
            here = place.at(f"per.{record}.{name}")
            working = read_working(one, here)
            if isinstance(working, Latest) and not working.or_else_baseline:
                read[str(name)] = working
            elif working is not None:
                here.fault("the latest of its records, without a baseline", one)
        yield record, MappingProxyType(read)


def no_evidence(raw: Any, place: Place) -> NoEvidence | None:
    """When it is not known whether a unit meets the measure, and what then."""
    if (
        not isinstance(raw, dict)
        or not {"when", "then"} <= set(raw) <= {"when", "unless", "then"}
        or raw["then"] not in THEN
    ):
        place.fault(
            f"{{when: a condition, then: {' or '.join(THEN)}}}, with unless: if something else decides", raw
        )
        return None
    unless = condition(raw["unless"], place.at("no_evidence.unless")) if "unless" in raw else None
    return NoEvidence(condition(raw["when"], place.at("no_evidence.when")), unless, raw["then"])


def target(entry: Mapping[str, Any], place: Place) -> Any:
    """The target with its tolerance."""
    if entry.get("if_nobody", "no data") != "no data":
        place.at("if_nobody").fault("no data (0 of 0 is neither 0% nor 100%: R10)", entry["if_nobody"])
    try:
        return parse_target(entry["target"], entry.get("tolerance"))
    except NotAPhrase as error:
        place.fault(
            str(error),
            entry["target"] if entry.get("tolerance") is None else (entry["target"], entry["tolerance"]),
        )
        return parse_target("none stated")


def settings(raw: Any, place: Place) -> Iterator[tuple[str, Setting]]:
    """What a contract may change, by name."""
    if not isinstance(raw, dict):
        place.fault("names with {value, because}", raw)
        return
    for name, one in raw.items():
        here = place.at(f"settings.{name}")
        if (
            not isinstance(one, dict)
            or set(one) != {"value", "because"}
            or not isinstance(one["because"], str)
        ):
            here.fault("{value: a number, a length or a word, because: the reason}", one)
            continue
        try:
            yield str(name), Setting(setting_value(one["value"]), one["because"])
        except NotAPhrase as error:
            here.fault(str(error), one["value"])


def setting_value(raw: Any) -> SettingValue:
    """A setting's value as a card or a contract writes it. Raises NotAPhrase."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return Fraction(raw)
    if isinstance(raw, str):
        exact = phrase_reader.number(raw)
        if exact is not None:
            return exact
        try:
            return phrase_reader.parse_length(raw)
        except NotAPhrase:
            pass
        if raw.replace("_", "").isalnum():
            return raw
    raise NotAPhrase("a number, a length such as 28 days, or one word (a code)")
