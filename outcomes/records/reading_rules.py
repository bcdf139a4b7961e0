"""What makes an instrument hold together, and a reading fit its instrument.

The instrument of a reading is found by its natural key, code and version.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from outcomes.kit.declaring.guards import Proposal
from outcomes.kit.declaring.rules import Problems
from outcomes.kit.words import label_of, say_list
from outcomes.kit.writing.schema import PARTS
from outcomes.records.scoring import (
    Unreadable,
    highest_answers,
    item_scores,
    items_of_anybody,
    sums_of,
    total_score,
)
from outcomes.records.scoring_rules import faults_of_scoring

USUAL_BANDS = "three"
"""The set that the published figures for children in care use."""

_AGES = re.compile(r"(?P<from>\d{1,2})(?:-(?P<to>\d{1,2})|\+)?:(?P<area>[a-z0-9_*-]+)\Z", re.ASCII)


def instrument_holds_together(proposal: Proposal) -> Problems:
    """Tags and expected levels name the instrument's own areas, and lie on its scale."""
    values = proposal.values
    areas = set(values.get("areas") or ())
    if not areas:
        return {"areas": "Areas: enter at least one area."}
    strangers = sorted(set(values.get("area_tags") or ()) - areas)
    if strangers:
        return {"area_tags": f"Area tags: {say_list(strangers)} is not an area of this instrument."}
    for key, level in (values.get("expected_level_by_age") or {}).items():
        if fault := _expected_fault(key, level, areas, values):
            return {"expected_level_by_age": f"Expected level by age: {key}={level}: {fault}."}
    return faults_of_scoring(values)


MEASURED_BY = (
    "instrument_code",
    "version",
    "higher_is_better",
    "scale_min",
    "scale_max",
    "smallest_step",
    "areas",
    "scales",
    "item_most",
    "fewest_items",
    "sums",
    "sum_points",
    "nought_by",
    "total_of",
)
"""What a reading means rests on these."""


def instrument_stays_as_it_was_used(proposal: Proposal) -> Problems:
    """Once readings were taken with it, its scale, direction and areas stay: a correction would change
    what those readings say."""
    before = proposal.before()
    changed = [name for name in MEASURED_BY if before and before[name] != proposal.values.get(name)]
    if not before or not changed:
        return {}
    if not proposal.is_used_by("reading", {name: before[name] for name in ("instrument_code", "version")}):
        return {}
    return {
        name: f"{label_of(name)}: readings have been taken with this instrument, so it stays as it was. "
        "Register a new version for what has changed."
        for name in changed
    }


def _expected_fault(key: str, level: str, areas: set[str], values: Mapping[str, Any]) -> str:
    found = _AGES.match(key)
    if not found:
        return "write ages and area such as 11-12:cooking or 16+:*"
    if found["to"] and int(found["to"]) < int(found["from"]):
        return "the ages run backwards"
    if found["area"] != "*" and found["area"] not in areas:
        return f"{found['area']} is not an area of this instrument"
    try:
        on_scale = values["scale_min"] <= Decimal(level) <= values["scale_max"]
    except InvalidOperation:
        on_scale = False
    return "" if on_scale else "the level is not on the scale"


def reading_fits_instrument(proposal: Proposal) -> Problems:
    """The instrument exists, knows this informant and these areas, and the scores are on its scale."""
    values = proposal.values
    tool = next(_matching(proposal), None)
    if tool is None:
        return {
            "instrument_code": f"Instrument code: there is no instrument {values.get('instrument_code')!r} "
            f"in version {values.get('version')!r}. Register it first, or mend the code or the version."
        }
    known = tool["informants"] or ()
    if known and values.get("informant") not in known:
        return {"informant": f"Informant: this instrument is rated by {say_list(list(known))}."}
    try:
        problems = _score_faults(proposal, tool) or _disagreements(proposal, tool)
    except Unreadable:
        # Such an instrument never stands: it is in the same bundle, and refused there.
        return {}
    scored = values.get("total") is not None or any(part.get("score") is not None for part in proposal.parts)
    if values.get("status") == "complete" and not scored:
        problems["scores"] = (
            "Scores: a complete reading has a score in at least one area. Enter it, or choose another status."
        )
    return problems


def _score_faults(proposal: Proposal, tool: Mapping[str, Any]) -> dict[str, str]:
    """The scores that are not on the scale, or not asked of this informant."""
    informant = str(proposal.values.get("informant"))
    highest = highest_answers(tool, informant)
    faults = {str(part.get("area")): _score_fault(part, tool, informant, highest) for part in proposal.parts}
    return {f"scores.{area}": fault for area, fault in faults.items() if fault}


def _matching(proposal: Proposal) -> Iterator[Mapping[str, Any]]:
    code, version = proposal.values.get("instrument_code"), proposal.values.get("version")
    return (
        row
        for row in proposal.find_siblings("instrument", "instrument_code", code)
        if row["version"] == version
    )


def scored(proposal: Proposal) -> dict[str, Any]:
    """Work out the scores from the items, the total from the scales, and the bands that are meant."""
    tool = next(_matching(proposal), None)
    if tool is None or not any(tool[name] for name in ("scales", "sums", "total_of", "bands")):
        return {}
    given = _scores(proposal.parts)
    known = {area for area, score in given.items() if score is not None}
    try:
        by_items = _from_items(proposal, tool, given)
    except Unreadable:
        return {}
    worked_out = {area: score for area, score in by_items.items() if area not in known}
    return {
        PARTS: [
            {"area": area, "score": score, "not_age_appropriate": None} for area, score in worked_out.items()
        ],
        "total": total_score(tool, given | worked_out),
        "band_set": USUAL_BANDS if tool["bands"] else None,
    }


def _scores(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {str(part.get("area")): part.get("score") for part in parts}


def _from_items(proposal: Proposal, tool: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The scores that follow from items; none where an answer is not one, which the guard will say."""
    informant = str(proposal.values.get("informant"))
    highest = highest_answers(tool, informant)
    if any(_item_fault(area, given[area], highest[area]) for area in highest if area in given):
        return {}
    return item_scores(tool, informant, given)


def _disagreements(proposal: Proposal, tool: Mapping[str, Any]) -> dict[str, str]:
    """Scores and a total that are not what the items and the scales give."""
    given = _scores(proposal.parts)
    problems = {
        f"scores.{area}": f"{area}: the items give {_say(score)}, and {given[area]:f} was entered. "
        "Mend the items, or leave the score blank to have it worked out."
        for area, score in _from_items(proposal, tool, given).items()
        if given.get(area) is not None and given[area] != score
    }
    total, sent = total_score(tool, given), proposal.values.get("total")
    if tool["total_of"] and sent is not None and sent != total:
        problems["total"] = (
            f"Total: the scores give {_say(total)}, and {sent:f} was entered. "
            "Mend the scores, or leave the total blank to have it worked out."
        )
    return problems


def _say(score: Any) -> str:
    return "none" if score is None else f"{score:f}"


def _score_fault(
    part: Mapping[str, Any], tool: Mapping[str, Any], informant: str, highest: Mapping[str, int]
) -> str:
    area, score = str(part.get("area")), part.get("score")
    if area in highest:
        return _item_fault(area, score, highest[area])
    if area in items_of_anybody(tool):
        asked = [item for one in sums_of(tool, informant) for item in one.asked]
        return f"{area}: is not asked in this view ({informant}). It has {say_list(asked)}."
    if area not in tool["areas"]:
        return f"{area}: is not an area of this instrument. It has {say_list(list(tool['areas']))}."
    if score is None:
        return ""
    if part.get("not_age_appropriate"):
        return f"{area}: leave the score blank, because the area is marked as not for this age."
    low, high, step = tool["scale_min"], tool["scale_max"], tool["smallest_step"]
    if not low <= score <= high:
        return f"{area}: must be from {low:f} to {high:f}. This was {score:f}."
    if (score - low) % step:
        return f"{area}: must go up in steps of {step:f} from {low:f}. This was {score:f}."
    return _beyond_sum(area, score, tool, informant)


def _beyond_sum(area: str, score: Any, tool: Mapping[str, Any], informant: str) -> str:
    """A sum has a highest score of its own in each view: fewer answers are added up in some."""
    most = next((one.most for one in sums_of(tool, informant) if one.area == area), score)
    return "" if score <= most else f"{area}: must be at most {most} in this view. This was {score:f}."


def _item_fault(area: str, score: Any, highest: int) -> str:
    if score is None or (0 <= score <= highest and score == score.to_integral_value()):
        return ""
    return f"{area}: must be a whole number from 0 to {highest}. This was {score:f}."


def level_fits_instrument(proposal: Proposal) -> Problems:
    """Some version of the instrument has this area, and the level lies on its scale."""
    values = proposal.values
    versions = list(proposal.find_siblings("instrument", "instrument_code", values["instrument_code"]))
    if not versions:
        return {"instrument_code": f"Instrument code: there is no instrument {values['instrument_code']!r}."}
    with_area = [tool for tool in versions if values["area"] in tool["areas"]]
    if not with_area:
        return {"area": f"Area: {values['area']} is not an area of this instrument."}
    if not any(tool["scale_min"] <= values["level"] <= tool["scale_max"] for tool in with_area):
        low, high = with_area[-1]["scale_min"], with_area[-1]["scale_max"]
        return {"level": f"Level: must be from {low:f} to {high:f}. This was {values['level']:f}."}
    return {}
