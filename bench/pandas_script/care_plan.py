"""The card of care plans, where every area with a goal must show one moved on."""

from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from bench.answering import answers
from bench.numbers import MET, NO_EVIDENCE, NOT_MET, PRESENT, SET_ASIDE, SETTLED
from bench.pandas_script.goals import load_goals, load_reviews
from bench.pandas_script.loading import FAR, is_any, latest
from bench.pandas_script.placing import (
    UNIT,
    answer,
    buckets,
    children,
    counted,
    nights,
    open_in_period,
    placements,
    since_start,
    theirs,
    theirs_here,
)
from bench.question import Answer, Question

GOAL = [*UNIT, "goal_id"]


@answers("newham_ifa.3_care_plan_progress")
def every_area(connection: Connection, question: Question) -> Answer:
    placed = placements(connection)
    units = children(placed, question)
    ours = open_in_period(theirs(units, load_goals(connection)), "set_on", "closed_on")
    in_stay = (ours["set_on"] <= ours["count_date"]) & (ours["closed_on"].fillna(FAR) > ours["stay_from"])
    ours = ours[in_stay]
    goals = _with_reviews(connection, units, ours, placed)
    current = goals[~_gone(goals)]
    up, by_judgement = _up(current), _by_judgement(current)
    unsaid = current["now_judgement"].isna() | (current["now_judgement"] == "not_assessed")
    perhaps = up | ~current["has_now"] | (by_judgement & unsaid)
    areas, areas_up, areas_perhaps = (
        counted(units, rows.dropna(subset=["area"]).drop_duplicates([*UNIT, "area"]))
        for rows in (current, current[up], current[perhaps])
    )
    down = counted(units, current[_down(current, by_judgement)])
    bucket = buckets((NOT_MET, down >= 1), (MET, areas_up >= areas), (NO_EVIDENCE, areas_perhaps >= areas))
    scope = counted(units, ours) >= 1
    reasons = (nights(units, placed) < PRESENT, since_start(units) < SETTLED, areas < 1)
    return answer(units[scope], bucket[scope], *(one[scope] for one in reasons))


def _with_reviews(
    connection: Connection, units: pd.DataFrame, goals: pd.DataFrame, placed: pd.DataFrame
) -> pd.DataFrame:
    """Each goal with its latest review of the period, and the latest before it, under the contract."""
    held = theirs_here(units, load_reviews(connection, "judgement"), placed, "day", within="spell")
    held = held[held["reviewed_on"] >= held["spell_from"]]
    now = held[(held["reviewed_on"] >= held["first"]) & (held["reviewed_on"] <= held["count_date"])]
    for name, rows in (("now", now), ("before", held[held["reviewed_on"] < held["first"]])):
        one = latest(rows, "reviewed_on", GOAL)[[*GOAL, "level", "judgement"]]
        one = one.rename(columns={"level": f"{name}_level", "judgement": f"{name}_judgement"})
        goals = goals.merge(one.assign(**{f"has_{name}": True}), on=GOAL, how="left")
        goals[f"has_{name}"] = goals[f"has_{name}"].notna()
    return goals


def _gone(goals: Any) -> Any:
    """Set aside, or achieved before the period and held since."""
    closed = goals["closed_on"] <= goals["count_date"]
    level_unknown = goals["now_level"].isna() | goals["before_level"].isna()
    held = (
        ~goals["has_now"]
        | (goals["now_level"] >= goals["before_level"])
        | (level_unknown & is_any(goals["now_judgement"], ("achieved", "improved", "no_change")))
    )
    return (is_any(goals["status"], SET_ASIDE) & closed) | ((goals["before_judgement"] == "achieved") & held)


def _by_judgement(goals: Any) -> Any:
    """A level is missing on one side: the judgement decides."""
    return goals["now_level"].isna() | _before(goals).isna()


def _up(goals: Any) -> Any:
    closed = goals["closed_on"]
    achieved = (
        (goals["status"] == "achieved") & (closed >= goals["first"]) & (closed <= goals["count_date"])
        & (closed < goals["after"])
    )  # fmt: skip
    return (
        achieved
        | (goals["now_judgement"] == "achieved")
        | (goals["now_level"] > _before(goals))
        | (_by_judgement(goals) & (goals["now_judgement"] == "improved"))
    )


def _down(goals: Any, by_judgement: Any) -> Any:
    return (goals["now_level"] < _before(goals)) | (by_judgement & (goals["now_judgement"] == "slipped_back"))


def _before(goals: Any) -> Any:
    """The level that this one is compared with: of the review before, else the baseline."""
    return goals["before_level"].where(goals["has_before"], goals["baseline_level"])
