"""What is recorded of a child: readings each quarter, reviews of goals each month, sessions each week."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from bench.world.rows import Row, Rows, at
from bench.world.size import Size
from bench.world.stays import Child

TOOL = "progress_wheel"
AREAS = ("cooking", "cleaning", "budget", "travel", "safety", "feelings", "friends", "school")
INDEPENDENCE = AREAS[:5]
TOP = 10
GOAL_DAYS = 240
GOAL_AREAS = ("independence", "education", "health", "relationships")
STATUSES = ("achieved", "replaced", "withdrawn_by_agreement")


def instrument(rows: Rows) -> None:
    """A measuring tool of our own, with eight areas."""
    rows.add(
        "instrument",
        instrument_code=TOOL,
        version="1",
        title="Wheel of eight",
        informants=["child", "keyworker"],
        higher_is_better=True,
        scale_min=0,
        scale_max=TOP,
        smallest_step=1,
        areas=list(AREAS),
        area_tags=dict.fromkeys(INDEPENDENCE, "independence"),
        expected_level_by_age={"11-13:*": "6", "14-17:*": "8"},
    )


def recorded(rows: Rows, size: Size, rng: Random, child: Child) -> None:
    """Everything that is written down of one child."""
    first, last = max(child.since, size.first), child.last_day(size)
    _readings(rows, rng, child, first, last)
    for number in range(rng.choice((2, 2, 3))):
        _goals(rows, rng, child, GOAL_AREAS[number - 1] if number else GOAL_AREAS[0], first, last)
    _sessions(rows, rng, child, first, last)
    _missing(rows, rng, child, first, last)


def every(days: int, rng: Random, first: date, last: date) -> Iterator[date]:
    """Days about so far apart, as people keep appointments."""
    day = first + timedelta(days=rng.randint(0, min(days, 21)))
    while day < last:
        yield day
        day += timedelta(days=max(1, round(rng.gauss(days, days / 10))))


def _of(child: Child, day: date) -> Row:
    return {"person_id": child.key, "placement_id": child.on(day)}


def _withdrawn(rng: Random, day: date) -> Row:
    """One in a hundred was entered in error."""
    return (
        {"withdrawn_at": at(day + timedelta(days=2)), "withdrawn_why": "Entered twice"}
        if rng.random() < 0.01
        else {}
    )


def _readings(rows: Rows, rng: Random, child: Child, first: date, last: date) -> None:
    levels = {area: rng.randint(2, 6) for area in AREAS}
    for day in every(90, rng, first, last):
        reading = rows.add(
            "reading", day, **_of(child, day), **_withdrawn(rng, day), instrument_code=TOOL, version="1",
            informant="keyworker" if rng.random() < 0.9 else "child", taken_on=day,
            status="complete" if rng.random() < 0.93 else "partial",
        )  # fmt: skip
        for area in AREAS:
            levels[area] = min(TOP, max(0, levels[area] + rng.choice((-1, 0, 0, 0, 1, 1))))
            blank = rng.random() < 0.02
            rows.part("reading_score", reading_id=reading, area=area, score=None if blank else levels[area],
                      not_age_appropriate=True if blank and rng.random() < 0.5 else None)  # fmt: skip


def _goals(rows: Rows, rng: Random, child: Child, area: str, first: date, last: date) -> None:
    day = first
    while day < last:
        end = day + timedelta(days=max(30, round(rng.gauss(GOAL_DAYS, 70))))
        closed = end if end < last else None
        status = rng.choice(STATUSES) if closed else "open"
        baseline = None if rng.random() < 0.04 else 1
        goal = rows.add(
            "goal", day, **_of(child, day), area=area, wording="Cook one meal a week", set_on=day,
            baseline_level=baseline, target_level=4, status=status, closed_on=closed,
        )  # fmt: skip
        _reviews(rows, rng, child, goal, day, min(end, last))
        day = end + timedelta(days=1)


def _reviews(rows: Rows, rng: Random, child: Child, goal: int, first: date, last: date) -> None:
    level = 1
    for due in every(30, rng, first, last):
        held = due + timedelta(days=rng.choice((0, 0, 0, 3, 9))) if rng.random() < 0.94 else None
        held = None if held is not None and held > last else held
        level = min(4, max(0, level + rng.choice((-1, 0, 0, 1, 1))))
        about = held or due
        rows.add(
            "goal_review", about, **_of(child, about), **_withdrawn(rng, about), goal_id=goal, due_on=due,
            reviewed_on=held, level=level if held and rng.random() < 0.96 else None,
            judgement=("improved" if level > 1 else "no_change") if held else None,
            reviewer_role="keyworker",
        )  # fmt: skip


def _sessions(rows: Rows, rng: Random, child: Child, first: date, last: date) -> None:
    for planned in every(7, rng, first, last):
        chance = rng.random()
        held = planned if chance < 0.88 else None
        status = (
            "held" if held else rng.choice(("missed_by_staff", "missed_by_child", "cancelled_not_rearranged"))
        )
        rows.add(
            "keyworker_session", planned, **_of(child, planned), **_withdrawn(rng, planned), planned_on=planned,
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
            "missing_episode", day, **_of(child, day), **_withdrawn(rng, day),
            kind="missing" if rng.random() < 0.85 else "absent_without_agreement",
            started_at=at(day, 21), ended_at=back, return_interview_due_at=due, return_interview_held_at=held,
            return_interview_declined=True if held is None and rng.random() < 0.4 else None,
            procedure_followed=rng.choice((True, True, True, True, False, None)),
        )  # fmt: skip
