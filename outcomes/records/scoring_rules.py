"""What does not hold together in what an instrument says of its scoring (`scoring.py` works it out)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from outcomes.records.scoring import (
    BANDS,
    TOTAL,
    Unreadable,
    codes_of,
    is_scale_item,
    items_of,
    points_of,
    ranges_of,
)


def faults_of_scoring(values: Mapping[str, Any]) -> dict[str, str]:
    """What does not hold together in what an instrument says of its scoring, by field."""
    areas = set(values.get("areas") or ())
    faults: dict[str, str] = {}
    for area, listed in (values.get("scales") or {}).items():
        if fault := _fault(items_of, listed) or _stranger(area, areas):
            faults["scales"] = f"Scales: {area}={listed}: {fault}."
    if values.get("scales") and values.get("item_most") is None:
        faults["item_most"] = "Item most: enter the highest answer to an item, because there are scales."
    faults |= dict(_sum_faults(values, areas))
    strangers = [area for area in values.get("total_of") or () if area not in areas]
    if strangers:
        faults["total_of"] = f"Total of: {strangers[0]} is not an area of this instrument."
    for key, listed in (values.get("bands") or {}).items():
        if fault := _band_fault(key, listed, areas):
            faults["bands"] = f"Bands: {key}={listed}: {fault}."
    return faults


def _sum_faults(values: Mapping[str, Any], areas: Collection[str]) -> Iterator[tuple[str, str]]:
    sums, points = values.get("sums") or {}, values.get("sum_points") or {}
    summed = {key.partition(":")[0] for key in sums}
    for key, listed in sums.items():
        if fault := _sum_fault(key, listed, values):
            yield "sums", f"Sums: {key}={listed}: {fault}."
    for area, listed in points.items():
        if fault := _unsummed(area, summed) or _fault(points_of, listed):
            yield "sum_points", f"Sum points: {area}={listed}: {fault}."
    if missing := sorted(summed.difference(points)):
        yield "sum_points", f"Sum points: say what the answers of {missing[0]} count, such as 0 0 1 2."
    for area, code in (values.get("nought_by") or {}).items():
        items = {
            item for key, listed in sums.items() if key.startswith(f"{area}:") for item in listed.split()
        }
        if fault := _unsummed(area, summed) or _fault(codes_of, code) or _taken([code], {*areas, *items}):
            yield "nought_by", f"Nought by: {area}={code}: {fault}."


def _sum_fault(key: str, listed: str, values: Mapping[str, Any]) -> str:
    area, _, informant = key.partition(":")
    areas, views = values.get("areas") or (), values.get("informants") or (informant,)
    if not informant or informant not in views:
        return "write the area and one of the instrument's informants such as impact:teacher"
    if area in (values.get("scales") or ()):
        return f"{area} is a scale already"
    elsewhere = [item for other, items in values["sums"].items() if other.partition(":")[0] != area
                 for item in items.split()]  # fmt: skip
    return _stranger(area, areas) or _fault(codes_of, listed) or _taken(listed.split(), {*areas, *elsewhere})


def _taken(codes: Iterable[str], others: Collection[str]) -> str:
    """An answer is kept under its code beside the scores, so a code stands for one thing."""
    twice = [code for code in codes if code in others or is_scale_item(code)]
    return f"{twice[0]} has a meaning of its own already" if twice else ""


def _unsummed(area: str, summed: Collection[str]) -> str:
    return "" if area in summed else f"{area} is not added up in “sums”"


def _band_fault(key: str, listed: str, areas: Iterable[str]) -> str:
    band_set, _, rest = key.partition(":")
    informant, _, area = rest.partition(":")
    if band_set not in BANDS or not informant or area not in {*areas, TOTAL}:
        return "write the set, the informant and the area such as three:teacher:total"
    if fault := _fault(ranges_of, listed):
        return fault
    if len(ranges_of(listed)) != len(BANDS[band_set]):
        return f"the set “{band_set}” has {len(BANDS[band_set])} bands"
    return ""


def _stranger(area: str, areas: Iterable[str]) -> str:
    return "" if area in areas else f"{area} is not an area of this instrument"


def _fault(reader: Any, listed: str) -> str:
    try:
        reader(listed)
    except Unreadable as fault:
        return str(fault)
    return ""
