"""Instruments that are scored from items: scale scores, the total and its band, from data alone.

The instrument says which items make a scale and which of them count backwards; nothing here knows a
questionnaire. A scale is worked out from the items that were answered, as their mean times the
number of items, half up, and only where enough were answered.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

TOTAL = "total"
"""The area under which the bands of the total stand."""

STRENGTH = "strength"
"""The tag of an area in which higher is better although the instrument's other areas are the other way."""

BANDS: Mapping[str, tuple[str, ...]] = {
    "three": ("normal", "borderline", "abnormal"),
    "four": ("close_to_average", "slightly_raised", "high", "very_high"),
}
"""The band sets, best first."""

BANDS_OF_STRENGTH: Mapping[str, tuple[str, ...]] = {
    "three": BANDS["three"],
    "four": ("close_to_average", "slightly_lowered", "low", "very_low"),
}

_ITEM = re.compile(r"item_(\d{2})\Z", re.ASCII)
_LISTED = re.compile(r"(\d{1,2})(r?)\Z", re.ASCII)
_RANGE = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?\Z", re.ASCII)


class Unreadable(ValueError):
    """What an instrument says of its scoring cannot be read; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a scale; `backwards` where a high answer counts low."""

    number: int
    backwards: bool

    @property
    def area(self) -> str:
        """The area under which its answer is kept."""
        return f"item_{self.number:02}"


def items_of(listed: str) -> tuple[Item, ...]:
    """The items of a scale from "5 7r 12 18 22". Raises Unreadable."""
    found = [_LISTED.match(word) for word in listed.split()]
    if not found or not all(found):
        raise Unreadable("write the numbers of the items such as 5 7r 12, with r where one counts backwards")
    return tuple(Item(int(one[1]), bool(one[2])) for one in found if one)


def is_item(area: str) -> bool:
    return bool(_ITEM.match(area))


def item_areas(tool: Mapping[str, Any]) -> list[str]:
    """The areas of every item of an instrument, by number; none for one that is not scored from items."""
    items = {item.area for listed in (tool["scales"] or {}).values() for item in items_of(listed)}
    return sorted(items)


def scale_scores(tool: Mapping[str, Any], answers: Mapping[str, Decimal | None]) -> dict[str, Decimal | None]:
    """The score of each scale from the answers by area; None where too few items were answered."""
    return {area: _scale(tool, items_of(listed), answers) for area, listed in (tool["scales"] or {}).items()}


def _scale(
    tool: Mapping[str, Any], items: tuple[Item, ...], answers: Mapping[str, Decimal | None]
) -> Decimal | None:
    given = [(item, answers.get(item.area)) for item in items]
    points = [
        tool["item_most"] - value if item.backwards else value for item, value in given if value is not None
    ]
    if not points or len(points) < (tool["fewest_items"] or 1):
        return None
    return _half_up(sum(points, Decimal(0)) * len(items) / len(points))


def _half_up(value: Decimal) -> Decimal:
    # Half up, as the score sheets do; round() goes to the even number and gives 2 for 2.5.
    return (value + Decimal("0.5")).to_integral_value(rounding=ROUND_FLOOR)


def total_score(tool: Mapping[str, Any], scores: Mapping[str, Decimal | None]) -> Decimal | None:
    """The sum of the scales that make the total; None where one of them has no score."""
    parts = [scores.get(area) for area in tool["total_of"] or ()]
    if not parts or any(part is None for part in parts):
        return None
    return sum((part for part in parts if part is not None), Decimal(0))


def band_of(
    tool: Mapping[str, Any], band_set: str | None, informant: str, area: str, score: Decimal | None
) -> str | None:
    """The band of a score, by whose view it is; None where the instrument has none for it."""
    listed = (tool["bands"] or {}).get(f"{band_set}:{informant}:{area}")
    if listed is None or band_set is None or score is None:
        return None
    strength = (tool["area_tags"] or {}).get(area) == STRENGTH
    names = (BANDS_OF_STRENGTH if strength else BANDS)[band_set]
    within = [low <= score <= high for low, high in ranges_of(listed)]
    return next((name for name, fits in zip(names, within, strict=True) if fits), None)


def ranges_of(listed: str) -> tuple[tuple[int, int], ...]:
    """The ranges of "0-13 14-16 17-40", best band first. Raises Unreadable."""
    found = [_RANGE.match(word) for word in listed.split()]
    if not found or not all(found):
        raise Unreadable("write one range for each band, best first, such as 0-13 14-16 17-40")
    return tuple((int(one[1]), int(one[2] or one[1])) for one in found if one)


def faults_of_scoring(values: Mapping[str, Any]) -> dict[str, str]:
    """What does not hold together in what an instrument says of its scoring, by field."""
    areas = set(values.get("areas") or ())
    faults: dict[str, str] = {}
    for area, listed in (values.get("scales") or {}).items():
        if fault := _fault(items_of, listed) or _stranger(area, areas):
            faults["scales"] = f"Scales: {area}={listed}: {fault}."
    if values.get("scales") and values.get("item_most") is None:
        faults["item_most"] = "Item most: enter the highest answer to an item, because there are scales."
    strangers = [area for area in values.get("total_of") or () if area not in areas]
    if strangers:
        faults["total_of"] = f"Total of: {strangers[0]} is not an area of this instrument."
    for key, listed in (values.get("bands") or {}).items():
        if fault := _band_fault(key, listed, areas):
            faults["bands"] = f"Bands: {key}={listed}: {fault}."
    return faults


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
