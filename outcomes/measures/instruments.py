"""What instruments say of their areas: which way each goes, and the levels expected at an age.

For a statement to look into they are one JSON list and one JSON object. An instrument writes
`11-12:cooking=1`, `13-15:*=2` (`*` = every area) and `16+:*=3`; the object has a key for each code, version,
area and year of age: `independence_scale/1/cooking/11`. Values are thousandths.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

_BAND = re.compile(r"(\d{1,2})(?:-(\d{1,2})|(\+))?:(\S+)\Z", re.ASCII)
OLDEST = 99
"""To which age a band such as `17+` goes."""
THOUSAND = 1000
STRENGTH = "strength"
"""The tag of an area in which higher is better although the instrument's other areas are the other way."""


def better_when_higher(tool: Mapping[str, Any], area: str) -> bool:
    """True where a higher score of the area is better, from a row with higher_is_better and area_tags."""
    return bool(tool["higher_is_better"]) or (tool["area_tags"] or {}).get(area) == STRENGTH


def expected_levels(instruments: Iterable[Mapping[str, Any]]) -> str:
    """The object, from rows with instrument_code, version, areas and expected_level_by_age."""
    levels: dict[str, int] = {}
    for tool in instruments:
        for area, age, level in _levels(tool["areas"] or [], tool["expected_level_by_age"] or {}):
            levels[f"{tool['instrument_code']}/{tool['version']}/{area}/{age}"] = level
    return json.dumps(levels, sort_keys=True)


def tool_areas(instruments: Iterable[Mapping[str, Any]]) -> str:
    """The areas of every instrument as a JSON list. The newest version of a tool is the one recorded last
    of those that stand."""
    tools = list(instruments)
    newest = {tool["instrument_code"]: tool["id"] for tool in sorted(tools, key=lambda one: one["id"])
              if tool["withdrawn_at"] is None}  # fmt: skip
    rows = [
        {
            "code": tool["instrument_code"],
            "version": tool["version"],
            "area": area,
            "tag": (tool["area_tags"] or {}).get(area),
            "higher": "1" if better_when_higher(tool, area) else "0",
            "newest": "1" if newest.get(tool["instrument_code"]) == tool["id"] else "0",
        }
        for tool in tools
        for area in tool["areas"] or []
    ]
    return json.dumps(rows)


def _levels(areas: Iterable[str], bands: Mapping[str, Any]) -> Iterator[tuple[str, int, int]]:
    # An area named by itself goes before the star, wherever it stands in the list.
    for key, value in sorted(bands.items(), key=lambda band: not band[0].endswith(":*")):
        band, level = _BAND.match(key), _number(value)
        if band is None or level is None:
            continue
        youngest, oldest = int(band[1]), OLDEST if band[3] else int(band[2] or band[1])
        for area in areas if band[4] == "*" else [band[4]]:
            for age in range(youngest, oldest + 1):
                yield area, age, level


def _number(value: Any) -> int | None:
    try:
        return int(Decimal(str(value)) * THOUSAND)
    except InvalidOperation:
        return None
