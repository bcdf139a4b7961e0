"""Where a child's goals stand over time, in steps from the baseline (R02)."""

from datetime import date
from fractions import Fraction
from typing import Any

from outcomes.core.calendar import add_months
from outcomes.measures.language import workings as work
from tests.measures.reference.belonging import under_contract
from tests.measures.reference.conditions import related
from tests.measures.reference.question import Unit
from tests.measures.reference.values import work_out
from tests.measures.world import Row


@work_out.register
def _steps(working: work.StepsFromBaseline, unit: Unit, name: str) -> dict[str, Any]:
    assert unit.count_date is not None
    opens = add_months(unit.count_date, -unit.question.or_setting(working.window).count)
    goals = [row for row in related(working.goals, unit) if row.get("baseline_level") is not None]
    reviews = [
        row
        for row in unit.question.standing(working.reviews)
        if row["goal_id"] in [goal["id"] for goal in goals]
        and row.get("level") is not None
        and row.get("reviewed_on") is not None
        and row["reviewed_on"] <= unit.count_date
        and under_contract(working.reviews, row, unit)
    ]
    days = sorted({row["reviewed_on"] for row in reviews if row["reviewed_on"] >= opens})
    positions = [_position(goals, reviews, day) for day in days]
    if not positions:
        return {"points": 0}
    return {"points": len(days), "last": positions[-1], "highest": max(positions)}


def _position(goals: list[Row], reviews: list[Row], day: date) -> Fraction:
    """The sum over goals of the latest level by that day less the baseline."""
    position = Fraction(0)
    for goal in goals:
        mine = [row for row in reviews if row["goal_id"] == goal["id"] and row["reviewed_on"] <= day]
        if mine:
            latest = max(mine, key=lambda row: (row["reviewed_on"], row["recorded_at"], row["id"]))
            position += Fraction(latest["level"]) - Fraction(goal["baseline_level"])
    return position
