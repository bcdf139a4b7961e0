"""Instruments from files: one YAML file holds the fields of one instrument.

Registering a file again does nothing; a changed file under the same version is refused, because
readings were taken with the scale that stands.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from outcomes.core.actor import Actor
from outcomes.core.database import db
from outcomes.core.errors import Conflict, Invalid
from outcomes.core.settings import root
from outcomes.core.transaction import transaction
from outcomes.kit.declaring.fields import Pairs
from outcomes.kit.writing import writer
from outcomes.kit.writing.schema import Checked, check
from outcomes.kit.writing.versions import content_of
from outcomes.records.readings import Instrument

MOST_BYTES = 200_000

SEEDS = ("progress_wheel.yaml", "living_skills.yaml", "sdq.yaml")
"""Our own instruments, free for everybody, and the SDQ as numbers. Licensed ones are registered by their holders."""


@dataclass(frozen=True, slots=True)
class Registered:
    """An instrument that stands, and whether it is new."""

    instrument: Instrument
    is_new: bool


class _Strict(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice and anchors: the one loses words, the other can swell."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise Invalid.of("", "The file uses a YAML alias (*name). Write the value out.")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise Invalid.of("", f"The file has a list as a key (line {key_node.start_mark.line + 1}).")
            if key in seen:
                raise Invalid.of("", f"The file gives {key!r} twice (line {key_node.start_mark.line + 1}).")
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_instrument(path: Path) -> Checked:
    """An instrument's file as a Checked value. Raises Invalid, naming the file and each field at fault."""
    try:
        return check(Instrument, _as_asked(_load(path)), with_owner=True)
    except Invalid as fault:
        raise Invalid(
            {
                name: [f"{path.name}: {message}" for message in messages]
                for name, messages in fault.fields.items()
            }
        ) from None


def register(checked: Checked, *, by: Actor) -> Registered:
    """Register an instrument, or find the equal one that stands. Call it inside a transaction.

    Raises Conflict where the same code and version stand with other contents or were withdrawn.
    """
    code, version = checked.values["instrument_code"], checked.values["version"]
    stands = db.session().scalar(
        select(Instrument).where(Instrument.instrument_code == code, Instrument.version == version)
    )
    if stands is None:
        made = writer.record(checked, by=by)
        assert isinstance(made, Instrument)
        return Registered(made, is_new=True)
    if not stands.stands:
        raise Conflict(
            f"{code} version {version} was withdrawn. Register it under a new version, for example "
            f"{_next_version(version)}."
        )
    different = _differences(stands, checked)
    if different:
        raise Conflict(
            f"{code} version {version} stands already with another {', '.join(different)}, and readings may "
            f"have been taken with it. Give the file a new version, for example {_next_version(version)}."
        )
    return Registered(stands, is_new=False)


def load_seed_instruments(*, by: Actor) -> list[Registered]:
    """Register our own instruments, in one transaction. Nothing happens where they stand already."""
    read = [read_instrument(root() / "seeds" / "instruments" / name) for name in SEEDS]
    with transaction():
        return [register(checked, by=by) for checked in read]


def _load(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise Invalid.of("", "There is no such file. Name a YAML file that describes one instrument.")
    if path.stat().st_size > MOST_BYTES:
        raise Invalid.of("", f"The file is larger than {MOST_BYTES:,} bytes. One file holds one instrument.")
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=_Strict)  # noqa: S506 (a SafeLoader)
    except UnicodeDecodeError:
        raise Invalid.of("", "The file is not UTF-8. Save it again as UTF-8.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise Invalid.of("", f"The file is not YAML{where}. Look for a missing colon or quote.") from None
    if not isinstance(loaded, dict):
        raise Invalid.of("", "Expected the fields of one instrument, such as `instrument_code: …`.")
    return loaded


def _as_asked(loaded: Mapping[Any, Any]) -> dict[str, Any]:
    """YAML's values as the schema takes them: it reads `1` as a number where a code is meant."""
    asked = Instrument.asked_fields()
    values: dict[str, Any] = {}
    for key, value in loaded.items():
        name = str(key)
        if isinstance(asked.get(name), Pairs) and isinstance(value, dict):
            values[name] = {_text(code): _text(words) for code, words in value.items()}
        elif name in ("instrument_code", "version"):
            values[name] = _text(value)
        else:
            values[name] = value
    return values


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _differences(stands: Instrument, checked: Checked) -> list[str]:
    asked = Instrument.asked_fields()
    before = content_of(stands.asked_values(), (), Instrument)
    after = content_of(checked.values, (), Instrument)
    return [asked[name].label.lower() for name in asked if before[name] != after[name]]


def _next_version(version: str) -> str:
    return str(int(version) + 1) if version.isascii() and version.isdigit() else f"{version}-2"
