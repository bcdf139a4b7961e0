"""What is recorded of a child: readings each quarter, sessions each week, missing episodes, and all the rest."""

from datetime import date, timedelta
from random import Random

from bench.world.habits import every, of, withdrawn
from bench.world.life import levels_of_their_own, lived
from bench.world.plans import plans_and_goals
from bench.world.rows import Row, Rows, at
from bench.world.size import Size
from bench.world.stays import Child

TOOL = "progress_wheel"
AREAS = ("cooking", "cleaning", "budget", "travel", "safety", "feelings", "friends", "school")
INDEPENDENCE = AREAS[:5]
TOP = 10
WHEEL: Row = {
    "instrument_code": TOOL,
    "version": "1",
    "title": "Wheel of eight",
    "informants": ["child", "keyworker"],
    "higher_is_better": True,
    "scale_min": 0,
    "scale_max": TOP,
    "smallest_step": 1,
    "areas": list(AREAS),
    "area_tags": dict.fromkeys(INDEPENDENCE, "independence"),
    "expected_level_by_age": {"11-13:*": "6", "14-17:*": "8"},
}
"""A measuring tool of our own, with eight areas."""


def recorded(rows: Rows, size: Size, rng: Random, child: Child) -> None:
    """Everything that is written down of one child."""
    first, last = max(child.since, size.first), child.last_day(size)
    _readings(rows, rng, child, first, last)
    levels_of_their_own(rows, size, rng, child, INDEPENDENCE, TOOL, first, last)
    plans_and_goals(rows, rng, child, first, last)
    _sessions(rows, rng, child, first, last)
    _missing(rows, rng, child, first, last)
    lived(rows, size, rng, child, first, last)


def _readings(rows: Rows, rng: Random, child: Child, first: date, last: date) -> None:
    able = rng.randint(2, 8)
    levels = {area: able + rng.randint(0, 2) for area in AREAS}
    for day in every(90, rng, first, last):
        reading = rows.add(
            "reading", day, **of(child, day), **withdrawn(rng, day), instrument_code=TOOL, version="1",
            informant="keyworker" if rng.random() < 0.9 else "child", taken_on=day,
            status="complete" if rng.random() < 0.93 else "partial",
        )  # fmt: skip
        for area in AREAS:
            levels[area] = min(TOP, max(0, levels[area] + rng.choice((-1, 0, 0, 0, 1, 1))))
            blank = rng.random() < 0.02
            rows.part("reading_score", reading_id=reading, area=area, score=None if blank else levels[area],
                      not_age_appropriate=True if blank and rng.random() < 0.5 else None)  # fmt: skip


def _sessions(rows: Rows, rng: Random, child: Child, first: date, last: date) -> None:
    for planned in every(7, rng, first, last):
        chance = rng.random()
        held = planned if chance < 0.88 else None
        status = (
            "held" if held else rng.choice(("missed_by_staff", "missed_by_child", "cancelled_not_rearranged"))
        )
        rows.add(
            "keyworker_session", planned, **of(child, planned), **withdrawn(rng, planned), planned_on=planned,
            held_on=held, status=status, minutes=45 if held else None,
            topics=["feelings", "school"] if held and chance < 0.8 else None,
        )  # fmt: skip


def _missing(rows: Rows, rng: Random, child: Child, first: date, last: date) -> None:
    if rng.random() > 0.35:
        return
    for day in every(75, rng, first, last):
        back = at(day, 23) + timedelta(hours=rng.randint(1, 40))
        due = back + timedelta(hours=72)
        held = due - timedelta(hours=rng.randint(-20, 60)) if rng.random() < 0.8 else None
        if back > at(last) or (held is not None and held > at(last)):
            continue
        rows.add(
            "missing_episode", day, **of(child, day), **withdrawn(rng, day),
            kind="missing" if rng.random() < 0.85 else "absent_without_agreement",
            started_at=at(day, 21), ended_at=back, return_interview_due_at=due, return_interview_held_at=held,
            return_interview_declined=True if held is None and rng.random() < 0.4 else None,
            procedure_followed=rng.choice((True, True, True, True, False, None)),
        )  # fmt: skip
