"""The cards of readings: progress between two of them, and the level that is expected at an age."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from bench.answering import answers
from bench.numbers import APART, LEFT_OUT, PRESENT, READING_MONTHS, SETTLED, YOUNGEST
from bench.orm_loop.judging import UNKNOWN, Judged, each_child, met
from bench.orm_loop.models import Instrument, standing
from bench.orm_loop.placing import Child, latest
from bench.world.work import TOOL
from outcomes.core.calendar import add_months

TAG = "independence"
Scores = dict[str, Decimal]


@answers("newham_ifa.6_progress_quarter")
@each_child()
def progress(child: Child) -> Judged:
    """More areas up than down since the reading before, or all held at the top."""
    if child.age < YOUNGEST:
        return None
    if child.nights() < PRESENT:
        return LEFT_OUT, 0
    if child.days_here < SETTLED:
        return LEFT_OUT, 1
    now, before = _pair(child)
    if now is None or before is None or (now.taken_on - before.taken_on).days < APART:
        return UNKNOWN
    return _moved(child, now, before)


@answers("newham_ifa.6_skills_for_age")
@each_child(at_end=True)
def skills(child: Child) -> Judged:
    """Every area with an expected level at it, by a reading of the last six months."""
    if child.age < YOUNGEST:
        return None
    since = max(add_months(child.period.last, -READING_MONTHS), child.spell.since)
    recent = [one for one in _readings(child) if since <= one.taken_on <= child.period.last]
    reading = latest(recent, "taken_on")
    tool = _tool(child, None if reading is None else reading.version)
    wanted = {} if tool is None else {area: _level(child, tool, area) for area in _areas(tool)}
    levels = {area: level for area, level in wanted.items() if level is not None}
    if not levels:
        return LEFT_OUT, 0
    if reading is None:
        return UNKNOWN
    scores = _scores(reading)
    at_them = all(area in scores and _reaches(tool, scores[area], level) for area, level in levels.items())
    return met(at_them)


def _readings(child: Child) -> list[Any]:
    """The child's complete readings under the contract."""
    return [
        one
        for one in standing(child.person.readings)
        if one.instrument_code == TOOL and one.status == "complete" and child.here(one, one.taken_on)
    ]


def _pair(child: Child) -> tuple[Any, Any]:
    """The last reading of the period, and the one before it (else the first of the stay) that it compares with."""
    readings, period, spell = _readings(child), child.period, child.spell
    until = min(period.last, child.count_date)
    now = latest(
        (one for one in readings if max(period.first, spell.since) <= one.taken_on <= until), "taken_on"
    )
    if now is None:
        return None, None
    alike = [one for one in readings if (one.version, one.informant) == (now.version, now.informant)]
    before = latest((one for one in alike if spell.since <= one.taken_on < period.first), "taken_on")
    if before is None:
        stayed = [one for one in alike if child.stay.since <= one.taken_on <= child.count_date]
        first = min((one.taken_on for one in stayed), default=None)
        before = latest((one for one in stayed if one.taken_on == first), "taken_on")
    return now, before


def _moved(child: Child, now: Any, before: Any) -> Judged:
    tool = _tool(child, now.version)
    later, earlier = _scores(now), _scores(before)
    sign = 1 if tool.higher_is_better else -1
    areas = _areas(tool)
    changes = [sign * (later[area] - earlier[area]) for area in areas if area in later and area in earlier]
    if not changes:
        return UNKNOWN
    up = sum(change >= tool.smallest_step for change in changes)
    down = sum(change <= -tool.smallest_step for change in changes)
    young_now, young_before = _too_young(now), _too_young(before)
    held = all(
        _at_top(child, tool, area, later) and (area in young_before or _at_top(child, tool, area, earlier))
        for area in areas
        if (area in later or area in earlier) and area not in young_now
    )
    return met(up > down or (held and not down))


def _tool(child: Child, version: str | None) -> Any:
    """The tool in the version of a reading, else its last one."""
    session: Any = object_session(child.person)
    tools = _kept(session, "tools", lambda: list(session.scalars(select(Instrument).order_by(Instrument.id))))
    mine = [one for one in tools if one.instrument_code == TOOL]
    if version is not None:
        return next((one for one in mine if one.version == version), None)
    return next((one for one in reversed(mine) if one.withdrawn_at is None), None)


def _kept(session: Session, name: str, load: Callable[[], Any]) -> Any:
    """What is loaded once for a request."""
    if name not in session.info:
        session.info[name] = load()
    return session.info[name]


def _areas(tool: Any) -> list[str]:
    return [area for area in tool.areas if (tool.area_tags or {}).get(area) == TAG]


def _scores(reading: Any) -> Scores:
    return {
        one.area: one.score for one in reading.scores if one.score is not None and not one.not_age_appropriate
    }


def _too_young(reading: Any) -> set[str]:
    return {one.area for one in reading.scores if one.not_age_appropriate}


def _reaches(tool: Any, score: Decimal, level: Decimal) -> bool:
    return score >= level if tool.higher_is_better else score <= level


def _at_top(child: Child, tool: Any, area: str, scores: Scores) -> bool:
    if area not in scores:
        return False
    top = tool.scale_max if tool.higher_is_better else tool.scale_min
    expected = _expected(tool, area, child.age)
    return scores[area] == top or (expected is not None and _reaches(tool, scores[area], expected))


def _expected(tool: Any, area: str, age: int) -> Decimal | None:
    """The level at an age; what is said of the area goes before what is said of all."""
    named = {}
    for key, level in (tool.expected_level_by_age or {}).items():
        band, _, which = key.partition(":")
        low, _, high = band.replace("+", "-99").partition("-")
        if int(low) <= age <= int(high or low):
            named[which] = Decimal(level)
    return named.get(area, named.get("*"))


def _level(child: Child, tool: Any, area: str) -> Decimal | None:
    """The level that was agreed for this child, else that of the tool."""
    agreed = [
        one
        for one in standing(child.person.expected_levels)
        if (one.instrument_code, one.area) == (TOOL, area) and one.valid_from <= child.count_date
    ]
    own = latest(agreed, "valid_from")
    return _expected(tool, area, child.age) if own is None else own.level
