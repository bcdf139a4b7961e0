"""Tables as the script reads them: only the columns it needs, of the records that stand."""

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

FAR = pd.Timestamp("2200-01-01")
"""Stands for "has not ended"."""


def load(
    connection: Connection, table: str, columns: str = "", *, days: str = "", moments: str = "", flags: str = "",
    numbers: str = "",
) -> pd.DataFrame:  # fmt: skip
    """The named columns, by what they hold: each database hands dates, flags and decimals over in its own way."""
    names = ["id", *" ".join((columns, days, moments, flags, numbers)).split()]
    standing = f"SELECT {', '.join(names)} FROM {table} WHERE withdrawn_at IS NULL"
    found = pd.read_sql(standing, connection)
    found["id"] = found["id"].astype(int)  # of an empty table, neither driver says what it holds
    for name in (name for name in names if name.endswith("_id")):
        found[name] = found[name].astype(float)
    for name in days.split():
        found[name] = pd.to_datetime(found[name])
    for name in moments.split():
        found[name] = pd.to_datetime(found[name], utc=True, format="ISO8601")
    for name in flags.split():
        found[name] = found[name].astype("boolean")
    for name in numbers.split():
        found[name] = pd.to_numeric(found[name])
    return found


def is_any(column: Any, words: Sequence[str]) -> Any:
    return column.isin(list(words))


def parsed(value: Any) -> Any:
    """What a JSON column holds: one driver hands its text over, the other the value."""
    found = json.loads(value) if isinstance(value, str) else value
    return found if isinstance(found, list | dict) else None


def london_days(moments: Any) -> Any:
    """The calendar days in London on which these instants fall."""
    return moments.dt.tz_convert("Europe/London").dt.tz_localize(None).dt.normalize()


def latest(rows: pd.DataFrame, by: str, each: list[str]) -> pd.DataFrame:
    """One row for each: the latest, and of one day the one that was written down last."""
    return rows.sort_values([by, "recorded_at", "id"]).drop_duplicates(each, keep="last")
