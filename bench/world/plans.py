"""Plans with their reviews, and the goals in them with theirs."""

from datetime import date, timedelta
from random import Random

from bench.world.habits import every, of, said, withdrawn
from bench.world.rows import Rows
from bench.world.stays import Child

GOAL_DAYS = 240
PROGRAMME_DAYS = 300
GOAL_AREAS = ("independence", "education", "health", "relationships")
STATUSES = ("achieved", "replaced", "withdrawn_by_agreement")
HIGHEST = 4


def plans_and_goals(rows: Rows, rng: Random, child: Child, first: date, last: date) -> None:
    """A child's plans, and two or three areas with one goal after the other."""
    kinds = ("care_plan", "social_development_plan")
    plans = [
        rows.add("plan", first, **of(child, first), **withdrawn(rng, first), kind=kind, started_on=first)
        for kind in kinds
    ]
    for number in range(rng.choice((2, 2, 3))):
        # Most goals stand in the care plan, some in another one, and of some nobody said in which.
        plan = rng.choice((plans[0], plans[0], plans[0], plans[1], None))
        _goals(rows, rng, child, plan, GOAL_AREAS[number - 1] if number else GOAL_AREAS[0], first, last)
    if rng.random() < 0.85:
        _programmes(rows, rng, child, first, last)


def _programmes(rows: Rows, rng: Random, child: Child, first: date, last: date) -> None:
    """Programmes for independence, one after the other, reviewed about every ten weeks."""
    day = first + timedelta(days=rng.randint(0, 60))
    while day < last:
        end = day + timedelta(days=max(60, round(rng.gauss(PROGRAMME_DAYS, 90))))
        plan = rows.add(
            "plan", day, **of(child, day), **withdrawn(rng, day), kind="independence_programme",
            started_on=day, ended_on=end if end < last else None,
        )  # fmt: skip
        for due in every(70, rng, day, min(end, last)):
            held = due + timedelta(days=rng.choice((0, 0, 5))) if rng.random() < 0.8 else None
            held = None if held is not None and held > last else held
            # What is due and not done has no placement yet.
            whose = of(child, held) if held else {"person_id": child.key}
            rows.add(
                "plan_review", held or due, **whose, **withdrawn(rng, due), plan_id=plan,
                kind="provider_review", due_on=due, held_on=held, chaired_by_role="keyworker",
            )  # fmt: skip
        day = end + timedelta(days=rng.randint(0, 45))


def _goals(
    rows: Rows, rng: Random, child: Child, plan: int | None, area: str, first: date, last: date
) -> None:
    day = first
    while day < last:
        end = day + timedelta(days=max(30, round(rng.gauss(GOAL_DAYS, 70))))
        closed = end if end < last else None
        status = rng.choice(STATUSES) if closed else "open"
        baseline = None if rng.random() < 0.04 else 1
        goal = rows.add(
            "goal", day, **of(child, day), plan_id=plan, area=area, wording="Cook one meal a week", set_on=day,
            baseline_level=baseline, target_level=HIGHEST, status=status, closed_on=closed,
            is_clear=said(rng, 80, 10, 10), is_individualised=said(rng, 85, 8, 7),
        )  # fmt: skip
        _reviews(rows, rng, child, goal, day, min(end, last))
        if closed and status != "achieved" and rng.random() < 0.5:
            # One that was arranged before the goal was closed: it was never held.
            due = end + timedelta(days=rng.randint(5, 60))
            rows.add("goal_review", due, person_id=child.key, goal_id=goal, due_on=due)
        day = end + timedelta(days=1)


def _reviews(rows: Rows, rng: Random, child: Child, goal: int, first: date, last: date) -> None:
    level = 1
    for due in every(30, rng, first, last):
        held = due + timedelta(days=rng.choice((0, 0, 0, 3, 9))) if rng.random() < 0.94 else None
        held = None if held is not None and held > last else held
        before, level = level, min(HIGHEST, max(0, level + rng.choice((-1, 0, 0, 1, 1))))
        about = held or due
        rows.add(
            "goal_review", about, **of(child, about), **withdrawn(rng, about), goal_id=goal, due_on=due,
            reviewed_on=held, level=level if held and rng.random() < 0.96 else None,
            judgement=_judged(rng, before, level) if held else None,
            reviewer_role="keyworker",
        )  # fmt: skip


def _judged(rng: Random, before: int, level: int) -> str | None:
    """What the reviewer said of a step; some said nothing."""
    if rng.random() < 0.05:
        return rng.choice((None, "not_assessed"))
    if level == HIGHEST:
        return "achieved"
    return "improved" if level > before else "slipped_back" if level < before else "no_change"
