"""Where a child's goals stand over time, in SQL (R02): each review is a step from the one before it.

The position on a day is the sum over goals of the latest level less the baseline; as each step
starts where the last one ended, that is the running sum of steps. Nothing is looked up twice.
"""

from collections.abc import Sequence

from sqlalchemy import CTE, case, func, literal, select

from outcomes.measures.sql.dialect import Expression
from outcomes.measures.sql.joined import Joined
from outcomes.measures.sql.terms import THOUSAND, thousandths


def steps(
    units: CTE, name: str, goals: Joined, reviews: Joined, matches: Sequence[Expression], opens: Expression
) -> CTE:
    """Per unit: points in the window, the position at the last of them, the highest position at any of them."""
    goal, review, own = goals.table, reviews.table, units.c
    level = thousandths(review.c.level)
    order = [review.c.reviewed_on, review.c.recorded_at, review.c.id]
    before = func.lag(level).over(partition_by=[own.key, goal.c.id], order_by=order)
    each = (
        select(
            own.key,
            review.c.reviewed_on,
            (review.c.reviewed_on >= opens).label("in_window"),
            (level - func.coalesce(before, thousandths(goal.c.baseline_level))).label("step"),
        )
        .select_from(units)
        .join(goals.source, literal(1) == 1)
        .join(reviews.source, literal(1) == 1)
        .where(
            *matches,
            goal.c.baseline_level.is_not(None),
            review.c.level.is_not(None),
            review.c.reviewed_on <= own.count_date,
        )
        .cte(f"{name}_steps")
    )
    by_day = (
        select(each.c.key, each.c.reviewed_on, each.c.in_window, func.sum(each.c.step).label("step"))
        .group_by(each.c.key, each.c.reviewed_on, each.c.in_window)
        .cte(f"{name}_steps_by_day")
    )
    position = func.sum(by_day.c.step).over(partition_by=by_day.c.key, order_by=by_day.c.reviewed_on)
    places = select(by_day.c.key, by_day.c.in_window, by_day.c.step, position.label("position")).cte(
        f"{name}_positions"
    )
    points = func.sum(case((places.c.in_window, 1), else_=0))
    return (
        select(
            places.c.key,
            points.label("points"),
            case((points > 0, func.sum(places.c.step))).label("last"),
            func.max(case((places.c.in_window, places.c.position))).label("highest"),
            literal(THOUSAND).label("scale"),
        )
        .group_by(places.c.key)
        .cte(f"{name}_path")
    )
