"""What makes an instrument hold together, and a reading fit its instrument.

The instrument of a reading is found by its natural key, code and version.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from outcomes.kit.guards import Proposal
from outcomes.kit.rules import Problems
from outcomes.kit.schema import PARTS
from outcomes.kit.words import label_of, say_list
from outcomes.records.scoring import faults_of_scoring, is_item, item_areas, scale_scores, total_score

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
    problems = {}
    for part in proposal.parts:
        if fault := _score_fault(part, tool):
            problems[f"scores.{part.get('area')}"] = fault
    if not problems:
        problems = _disagreements(proposal, tool)
    scored = values.get("total") is not None or any(part.get("score") is not None for part in proposal.parts)
    if values.get("status") == "complete" and not scored:
        problems["scores"] = (
            "Scores: a complete reading has a score in at least one area. Enter it, or choose another status."
        )
    return problems


def _matching(proposal: Proposal) -> Iterator[Mapping[str, Any]]:
    code, version = proposal.values.get("instrument_code"), proposal.values.get("version")
    return (
        row
        for row in proposal.find_siblings("instrument", "instrument_code", code)
        if row["version"] == version
    )


def scored(proposal: Proposal) -> dict[str, Any]:
    """Work out the scales from the items, the total from the scales, and the bands that are meant."""
    tool = next(_matching(proposal), None)
    if tool is None or not (tool["scales"] or tool["total_of"] or tool["bands"]):
        return {}
    given = _scores(proposal.parts)
    known = {area for area, score in given.items() if score is not None}
    worked_out = {area: score for area, score in _from_items(tool, given).items() if area not in known}
    return {
        PARTS: [
            {"area": area, "score": score, "not_age_appropriate": None} for area, score in worked_out.items()
        ],
        "total": total_score(tool, given | worked_out),
        "band_set": USUAL_BANDS if tool["bands"] else None,
    }


def _scores(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {str(part.get("area")): part.get("score") for part in parts}


def _from_items(tool: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The scales as the items give them; none where no item was given."""
    if not any(is_item(area) and score is not None for area, score in given.items()):
        return {}
    return scale_scores(tool, given)


def _disagreements(proposal: Proposal, tool: Mapping[str, Any]) -> dict[str, str]:
    """Scores and a total that are not what the items and the scales give."""
    given = _scores(proposal.parts)
    problems = {
        f"scores.{area}": f"{area}: the items give {_say(score)}, and {given[area]:f} was entered. "
        "Mend the items, or leave the score blank to have it worked out."
        for area, score in _from_items(tool, given).items()
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


def _score_fault(part: Mapping[str, Any], tool: Mapping[str, Any]) -> str:
    area, score = part.get("area"), part.get("score")
    if area in item_areas(tool):
        return _item_fault(str(area), score, tool)
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
    return ""


def _item_fault(area: str, score: Any, tool: Mapping[str, Any]) -> str:
    if score is None or (0 <= score <= tool["item_most"] and score == score.to_integral_value()):
        return ""
    return f"{area}: must be a whole number from 0 to {tool['item_most']}. This was {score:f}."


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
