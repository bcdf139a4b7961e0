"""Measuring tools: their areas, and the level that is expected in each at an age."""

from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from bench.pandas_script.loading import load, parsed

TAG = "independence"
TOOL = ["instrument_code", "version"]
OLDEST = 25


def tools(connection: Connection) -> pd.DataFrame:
    found = load(
        connection, "instrument", "instrument_code version areas area_tags expected_level_by_age",
        flags="higher_is_better", numbers="scale_min scale_max smallest_step",
    )  # fmt: skip
    for name in ("areas", "area_tags", "expected_level_by_age"):
        found[name] = found[name].map(parsed)
    found["sign"] = found["higher_is_better"].map({True: 1, False: -1}).astype(int)
    found["top"] = found["scale_max"].where(found["sign"] > 0, found["scale_min"])
    return found


def areas(found: pd.DataFrame) -> pd.DataFrame:
    """A row for each area of independence of each tool."""
    rows = [
        (tool.instrument_code, tool.version, tool.id, area)
        for tool in found.itertuples()
        for area in tool.areas or ()
        if (tool.area_tags or {}).get(area) == TAG
    ]
    return pd.DataFrame(rows, columns=[*TOOL, "tool_id", "area"])


def expected(found: pd.DataFrame) -> pd.DataFrame:
    """For each age, tool and area the expected level; what is said of the area goes before what is said of all."""
    rows = [
        (tool.instrument_code, tool.version, age, area, float(level))
        for tool in found.itertuples()
        for age in range(OLDEST)
        for area in tool.areas or ()
        if (level := _level(tool.expected_level_by_age or {}, age, area)) is not None
    ]
    levels = pd.DataFrame(rows, columns=[*TOOL, "age", "area", "expected"])
    return levels.astype({"age": int, "expected": float})  # of no rows, pandas cannot say what they hold


def _level(levels: dict[str, Any], age: int, area: str) -> Any:
    named = {}
    for key, level in levels.items():
        band, _, which = key.partition(":")
        low, _, high = band.replace("+", "-99").partition("-")
        if int(low) <= age <= int(high or low):
            named[which] = level
    return named.get(area, named.get("*"))
