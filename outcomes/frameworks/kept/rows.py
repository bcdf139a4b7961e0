"""Facts as rows and back, and tallies as JSON: exact, so that a kept figure is the figure."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy.engine import RowMapping

from outcomes.measures.buckets import Bucket
from outcomes.measures.figures.facts import Amount, Fact, Group

_PLAIN = (str, int, bool, type(None))
_TAGGED: dict[str, tuple[type, Callable[[Any], str], Callable[[str], Any]]] = {
    "instant": (datetime, datetime.isoformat, datetime.fromisoformat),
    "day": (date, date.isoformat, date.fromisoformat),
    "fraction": (Fraction, str, Fraction),
    "decimal": (Decimal, str, Decimal),
    "real": (float, float.hex, float.fromhex),
    "list": (list, json.dumps, json.loads),
}
"""Values that JSON does not know, or not exactly. An instant is a day as well, so it comes first."""


def row_of(fact: Fact) -> dict[str, Any]:
    """A fact's columns, without its set."""
    group = fact.group
    return {
        "person_id": fact.person_id,
        "unit_id": fact.unit_id,
        "reference": fact.reference,
        "place": group.place,
        "bucket": int(group.bucket),
        "reason": group.reason,
        "sums": _sums_out(group.sums),
        "worked": [[of, part, _value_out(value)] for (of, part), value in fact.worked.items()],
    }


def fact_of(row: RowMapping, period: int, contract_id: int) -> Fact:
    """The fact of a row; `period` counts as its run counts."""
    group = Group(
        period, contract_id, row["place"], Bucket(row["bucket"]), row["reason"], 1, _sums_in(row["sums"])
    )
    worked = {(of, part): _value_in(value) for of, part, value in row["worked"]}
    return Fact(row["unit_id"], row["person_id"], row["reference"], group, worked)


def groups_of(tallies: Iterable[Sequence[Any]], period: int, contract_id: int) -> list[Group]:
    """The groups of a set's tallies."""
    return [
        Group(period, contract_id, place, Bucket(bucket), reason, units, _sums_in(sums))
        for place, bucket, reason, units, sums in tallies
    ]


def added_up(
    before: Iterable[Group], gone: Iterable[Group], come: Iterable[Group]
) -> list[tuple[int, int, int, int, dict[str, str]]]:
    """The tallies of a set from those that it had, without some groups and with others."""
    units: Counter[tuple[int, int, int]] = Counter()
    sums: dict[tuple[int, int, int], dict[str, Amount]] = defaultdict(lambda: defaultdict(int))
    for groups, sign in ((before, 1), (gone, -1), (come, 1)):
        for group in groups:
            key = (group.place, int(group.bucket), group.reason)
            units[key] += sign * group.units
            for name, value in group.sums.items():
                sums[key][name] += sign * value
    return [(*key, count, _sums_out(sums[key])) for key, count in sorted(units.items()) if count]


def _sums_out(sums: Mapping[str, Amount]) -> dict[str, str]:
    return {name: str(value) for name, value in sums.items()}


def _sums_in(sums: Mapping[str, str]) -> dict[str, Amount]:
    return {name: Fraction(value) if "/" in value else int(value) for name, value in sums.items()}


def _value_out(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    for tag, (kind, out, _in) in _TAGGED.items():
        if isinstance(value, kind):
            return {tag: out(value)}
    raise TypeError(f"A fact rests on a {type(value).__name__}: teach {__name__} to keep one.")


def _value_in(value: Any) -> Any:
    if isinstance(value, dict):
        ((tag, text),) = value.items()
        return _TAGGED[tag][2](text)
    return value
