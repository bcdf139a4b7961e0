"""Readings judged area by area: one against an earlier one, and one against the levels expected (R01, R32)."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from outcomes.core.calendar import age_on
from outcomes.measures.language import phrases as say
from outcomes.measures.language import workings as work
from tests.measures.reference.question import Question, Unit
from tests.measures.reference.values import work_out, worked_out
from tests.measures.world import Row

# -- against an earlier reading -----------------------------------------------------------------


@work_out.register
def _compare(working: work.Compare, unit: Unit, name: str) -> dict[str, Any] | None:
    question = unit.question
    now, before = worked_out(working.now, unit), worked_out(working.before, unit)
    apart = question.or_setting(working.apart)
    if now is None or before is None or (now["taken_on"] - before["taken_on"]).days < apart.count:
        return None
    tool = _tool_of(question, now)
    meant = _areas(tool, working.areas)
    then, later = (
        {area: score for area, score in _scores(question, reading).items() if area in meant}
        for reading in (before, now)
    )
    changes = [
        score - then[area] if _higher(tool, area) else then[area] - score
        for area, score in later.items()
        if area in then
    ]
    if not changes:
        return None
    step = tool["smallest_step"]
    up, down = sum(one >= step for one in changes), sum(one <= -step for one in changes)
    total = sum(changes, Decimal(0))
    age = age_on(unit.person["date_of_birth"], unit.count_date)
    young_then, young_now = _too_young(question, before), _too_young(question, now)
    at_top = all(
        area in later
        and _at_top(tool, area, later[area], age)
        and (area in young_then or (area in then and _at_top(tool, area, then[area], age)))
        for area in {*then, *later} - young_now
    )
    late = before.get("from_baseline") and (before["taken_on"] - unit.stay.starts).days > 28
    progress = {"net": up > down, "any": up > 0, "all": up == len(changes), "mean": total > 0}
    return {
        "up": up,
        "down": down,
        "same": len(changes) - up - down,
        "net": up - down,
        "compared": len(changes),
        "mean_change": Fraction(total) / len(changes),
        "all_at_top_and_held": at_top and not down,
        "progress": progress[question.or_setting(working.rule)],
        "late_baseline": bool(late),
    }


def _at_top(tool: Row, area: str, score: Decimal, age: int) -> bool:
    higher = _higher(tool, area)
    if score == (tool["scale_max"] if higher else tool["scale_min"]):
        return True
    expected = _expected(tool, area, age)
    return expected is not None and _reaches(score, expected, higher)


# -- against the levels expected ----------------------------------------------------------------


@work_out.register
def _against(working: work.AgainstExpected, unit: Unit, name: str) -> dict[str, Any]:
    """Each area of the tool that has an expected level for this child, one by one."""
    question = unit.question
    reading = worked_out(working.reading, unit)
    found: dict[str, Any] = {"expected": 0, "": None}
    if reading is not None:
        found |= {"": reading, "below": 0, "individual": 0}
    tool = _newest_tool(question, working.reading) if reading is None else _tool_of(question, reading)
    if tool is not None:
        for area in _areas(tool, working.areas):
            _against_area(tool, area, reading, unit, found)
    found |= {area: found.pop(f"area {area}", None) for area in working.one_by_one}
    if not found["expected"] and reading is not None:
        found |= {"below": None, "individual": None}
    if reading is not None and found["expected"]:
        found["all_at"] = found["below"] == 0
    return found


def _against_area(tool: Row, area: str, reading: Row | None, unit: Unit, found: dict[str, Any]) -> None:
    agreed = [
        row
        for row in unit.question.standing("expected_level")
        if row["person_id"] == unit.person["id"]
        and (row["instrument_code"], row["area"]) == (tool["instrument_code"], area)
        and row["valid_from"] <= unit.count_date
    ]
    level = _expected(tool, area, age_on(unit.person["date_of_birth"], unit.count_date))
    if agreed:
        level = max(agreed, key=lambda row: (row["valid_from"], row["recorded_at"], row["id"]))["level"]
    if level is None:
        return
    found["expected"] += 1
    found[f"area {area}"] = False
    if reading is not None:
        score = _scores(unit.question, reading).get(area)
        at_it = score is not None and _reaches(score, level, _higher(tool, area))
        found[f"area {area}"] = at_it
        found["below"] += not at_it
        found["individual"] += bool(agreed)


def _expected(tool: Row, area: str, age: int) -> Decimal | None:
    """What the tool expects at the age."""
    named: dict[str, Decimal] = {}
    for key, level in (tool.get("expected_level_by_age") or {}).items():
        band, _, which = key.partition(":")
        low, _, high = band.replace("+", "-99").partition("-")
        if int(low) <= age <= int(high or low):
            named[which] = Decimal(level)
    return named.get(area, named.get("*"))


# -- tools and scores ---------------------------------------------------------------------------


def _tool_of(question: Question, reading: Row) -> Row:
    """The tool in the version that the reading was taken with."""
    wanted = (reading["instrument_code"], reading["version"])
    return next(
        one for one in question.world.rows["instrument"] if (one["instrument_code"], one["version"]) == wanted
    )


def _newest_tool(question: Question, reading: str) -> Row | None:
    """The tool that the working asks for, in its newest version."""
    latest = question.card.work_out[reading]
    assert isinstance(latest, work.Latest)
    asked = next(
        one.phrase
        for one in latest.of.where
        if isinstance(one, work.Is) and one.left.text == "instrument_code"
    )
    code = question.setting(asked.name) if isinstance(asked, say.SettingIs) else asked.words[0]
    tools = [one for one in question.standing("instrument") if one["instrument_code"] == code]
    return tools[-1] if tools else None


def _areas(tool: Row, which: str) -> list[str]:
    tags = tool["area_tags"] or {}
    return [area for area in tool["areas"] if which in ("all", tags.get(area))]


def _higher(tool: Row, area: str) -> bool:
    """A strength among difficulties goes the other way."""
    return bool(tool["higher_is_better"]) or (tool["area_tags"] or {}).get(area) == "strength"


def _reaches(score: Decimal, level: Decimal, higher: bool) -> bool:
    return score >= level if higher else score <= level


def _scores(question: Question, reading: Row) -> dict[str, Decimal]:
    return {
        row["area"]: row["score"]
        for row in question.world.rows["reading_score"]
        if row["reading_id"] == reading["id"] and row["score"] is not None and not row["not_age_appropriate"]
    }


def _too_young(question: Question, reading: Row) -> set[str]:
    rows = question.world.rows["reading_score"]
    return {row["area"] for row in rows if row["reading_id"] == reading["id"] and row["not_age_appropriate"]}
