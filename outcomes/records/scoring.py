"""Instruments that are scored from items: scale scores, the total and its band, from data alone.

The instrument says which items make a scale and which of them count backwards; nothing here knows a
questionnaire. A scale is worked out from the items that were answered, as their mean times the
number of items, half up, and only where enough were answered. A sum is added up from answers of its
own, which differ by whose view it is: each answer counts the points that the instrument gives it.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from outcomes.measures.instruments import STRENGTH

TOTAL = "total"
"""The area under which the bands of the total stand."""

BANDS: Mapping[str, tuple[str, ...]] = {
    "three": ("normal", "borderline", "abnormal"),
    "four": ("close_to_average", "slightly_raised", "high", "very_high"),
}
"""The band sets, best first."""

BANDS_OF_STRENGTH: Mapping[str, tuple[str, ...]] = {
    "three": BANDS["three"],
    "four": ("close_to_average", "slightly_lowered", "low", "very_low"),
}

_ITEM = re.compile(r"item_\d{2}\Z", re.ASCII)
_LISTED = re.compile(r"(\d{1,2})(r?)\Z", re.ASCII)
_RANGE = re.compile(r"(\d{1,3})(?:-(\d{1,3}))?\Z", re.ASCII)
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}\Z", re.ASCII)


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


def is_scale_item(area: str) -> bool:
    """True for a code such as item_07: those are the answers to the numbered items of scales."""
    return bool(_ITEM.match(area))


@dataclass(frozen=True, slots=True)
class Sum:
    """A score that is added up from answers of its own: those that one informant is asked.

    `points[n]` is what the answer n counts. An answer of 0 to `nought_by`, where there is one, makes
    the score 0 whatever the others say.
    """

    area: str
    items: tuple[str, ...]
    points: tuple[int, ...]
    nought_by: str | None

    @property
    def asked(self) -> tuple[str, ...]:
        """The areas under which its answers are kept, in the order in which they are asked."""
        return (self.nought_by, *self.items) if self.nought_by else self.items

    @property
    def most(self) -> int:
        """The highest score that the answers can give."""
        return max(self.points) * len(self.items)

    def score(self, answers: Mapping[str, Decimal | None]) -> Decimal | None:
        """The sum of what was answered; None where no item was. Answers by area."""
        if self.nought_by and answers.get(self.nought_by) == 0:
            return Decimal(0)
        given = [answer for answer in map(answers.get, self.items) if answer is not None]
        return Decimal(sum(self.points[int(answer)] for answer in given)) if given else None


def sums_of(tool: Mapping[str, Any], informant: str) -> tuple[Sum, ...]:
    """The sums of an instrument in this informant's view. Raises Unreadable."""
    named = {area: listed for (area, whose), listed in by_view(tool["sums"]).items() if whose == informant}
    points, nought_by = tool["sum_points"] or {}, tool["nought_by"] or {}
    return tuple(
        Sum(area, codes_of(listed), points_of(points.get(area, "")), nought_by.get(area))
        for area, listed in named.items()
    )


def by_view(sums: Mapping[str, str] | None) -> dict[tuple[str, str], str]:
    """What is added up, by area and informant, from keys such as impact:teacher."""
    found = {}
    for key, listed in (sums or {}).items():
        area, _, informant = key.partition(":")
        found[area, informant] = listed
    return found


def codes_of(listed: str) -> tuple[str, ...]:
    """The codes of a sum's items from "impact_home impact_friends". Raises Unreadable."""
    codes = tuple(listed.split())
    if not codes or len(set(codes)) < len(codes) or not all(map(_CODE.match, codes)):
        raise Unreadable("write the codes of the answers, each once, such as impact_home impact_friends")
    return codes


def points_of(listed: str) -> tuple[int, ...]:
    """What the answers 0, 1, 2 … count, from "0 0 1 2". Raises Unreadable."""
    words = listed.split()
    if len(words) < 2 or not all(word.isascii() and word.isdigit() and len(word) < 4 for word in words):
        raise Unreadable("write what the answers 0, 1, 2 … count, in this order, such as 0 0 1 2")
    return tuple(map(int, words))


def highest_answers(tool: Mapping[str, Any], informant: str) -> dict[str, int]:
    """The highest answer to each item that this informant is asked, by area, in the order of the form.

    Empty for an instrument that is not scored from items. The lowest answer is always 0. Raises Unreadable.
    """
    answers = dict.fromkeys(sorted(_scale_items(tool)), tool["item_most"] or 0)
    for one in sums_of(tool, informant):
        answers |= dict.fromkeys(one.asked, len(one.points) - 1)
    return answers


def items_of_anybody(tool: Mapping[str, Any]) -> set[str]:
    """The areas of the items that any informant is asked."""
    views = {informant for _, informant in by_view(tool["sums"])}
    return _scale_items(tool).union(*(highest_answers(tool, informant) for informant in views))


def _scale_items(tool: Mapping[str, Any]) -> set[str]:
    return {item.area for listed in (tool["scales"] or {}).values() for item in items_of(listed)}


def areas_led_to(tool: Mapping[str, Any], informant: str, answered: Collection[str]) -> set[str]:
    """The areas whose scores follow from the items that were answered."""
    scales = set(tool["scales"] or ()) if _scale_items(tool).intersection(answered) else set()
    return scales | {one.area for one in sums_of(tool, informant) if set(one.asked).intersection(answered)}


def item_scores(
    tool: Mapping[str, Any], informant: str, answers: Mapping[str, Decimal | None]
) -> dict[str, Decimal | None]:
    """The scores that follow from the answers, by area; nothing of a scale or a sum that has no answer at all."""
    scores = scale_scores(tool, answers) | {one.area: one.score(answers) for one in sums_of(tool, informant)}
    answered = [area for area, answer in answers.items() if answer is not None]
    led_to = areas_led_to(tool, informant, answered)
    return {area: score for area, score in scores.items() if area in led_to}


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
