"""Cards of goals for independent living: that there are clear ones, and that they are consistently worked on."""

from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from bench.answering import answers
from bench.numbers import (
    FIRST_GOAL,
    MET,
    NO_EVIDENCE,
    PRESENT,
    REVIEW_DATES,
    REVIEW_MONTHS,
    SETTLED,
    STANDING,
    YOUNGEST,
)
from bench.pandas_script.loading import is_any, load
from bench.pandas_script.placing import (
    UNIT,
    aged,
    answer,
    buckets,
    children,
    counted,
    nights,
    open_at_end,
    open_in_period,
    placements,
    since_start,
    theirs,
    theirs_here,
)
from bench.question import Answer, Question


@answers("hackney_homes.1.4-K1")
def clear(connection: Connection, question: Question) -> Answer:
    """One clear goal of the child's own on the last day."""
    units = aged(connection, children(placements(connection), question, at_end=True), YOUNGEST)
    goals = load(
        connection, "goal", "person_id area", days="set_on closed_on", flags="is_clear is_individualised"
    )
    now = open_at_end(theirs(units, goals[goals["area"] == "independence"]), "set_on", "closed_on")
    # Of three-valued flags: both yes; neither no, and not both yes.
    both = now["is_clear"] & now["is_individualised"]
    yes, blank = (counted(units, now[which]) >= 1 for which in (both.fillna(False), both.isna()))
    return answer(units, buckets((MET, yes), (NO_EVIDENCE, blank)), since_start(units) < FIRST_GOAL)


@answers("hackney_homes.1.4-K2")
def consistent(connection: Connection, question: Question) -> Answer:
    """Above the baseline, and no lower than at any earlier review of six months."""
    placed = placements(connection)
    units = children(placed, question)
    goals = load_goals(connection)
    goals = goals[goals["area"] == "independence"]
    ours = theirs(units, goals)
    agreed = ours["status"] == "withdrawn_by_agreement"
    gone = agreed & (ours["closed_on"] <= ours["count_date"])
    closed_now = (ours["closed_on"] >= ours["first"]) & (ours["closed_on"] < ours["after"])
    current = open_in_period(ours[~gone], "set_on", "closed_on")
    units["goals"] = counted(units, current)
    units["without_baseline"] = counted(units, current[current["baseline_level"].isna()])
    units["withdrawn"] = counted(units, ours[agreed & closed_now])
    reviews = load_reviews(connection).merge(goals.drop(columns="person_id"), on="goal_id")
    reviews = theirs_here(units, reviews, placed, "day", within="spell")
    units["due"] = _due(units, reviews, question)
    path = _path(reviews.merge(current[[*UNIT, "goal_id"]], on=[*UNIT, "goal_id"]))
    units = units.merge(path, on=UNIT, how="left")
    units = units[(units["goals"] >= 1) | (units["withdrawn"] >= 1)]
    rising = (units["last_one"] > 0) & (units["last_one"] >= units["highest"])
    unknown = ~(units["points"] >= REVIEW_DATES) | (units["without_baseline"] >= 1)
    reasons = (
        nights(units, placed) < PRESENT,
        since_start(units) < SETTLED,
        units["goals"] < 1,
        units["due"] < REVIEW_DATES,
    )
    return answer(units, buckets((NO_EVIDENCE, unknown), (MET, rising)), *reasons)


def load_goals(connection: Connection) -> pd.DataFrame:
    found = load(
        connection, "goal", "person_id area status", days="set_on closed_on", numbers="baseline_level"
    )
    return found.rename(columns={"id": "goal_id"})


def load_reviews(connection: Connection, more: str = "") -> pd.DataFrame:
    """The reviews of goals, each with the day that it is about."""
    found = load(
        connection, "goal_review", f"person_id placement_id goal_id {more}", days="due_on reviewed_on",
        moments="recorded_at", numbers="level",
    )  # fmt: skip
    return found.assign(day=found["reviewed_on"].fillna(found["due_on"]))


def stays_due(reviews: pd.DataFrame) -> Any:
    """Was the goal not replaced or given up before the review?"""
    closed = reviews["closed_on"]
    return is_any(reviews["status"], STANDING) | closed.isna() | (reviews["due_on"] <= closed)


def _due(units: pd.DataFrame, reviews: pd.DataFrame, question: Question) -> pd.Series:
    """On how many days reviews have fallen due, of goals that were not given up before."""
    due, closed = reviews["due_on"], reviews["closed_on"]
    fallen = (due <= reviews["count_date"]) & (due <= pd.Timestamp(question.today))
    agreed = (reviews["status"] == "withdrawn_by_agreement") & (closed <= reviews["count_date"])
    return counted(units, reviews[fallen & stays_due(reviews) & ~agreed].drop_duplicates([*UNIT, "due_on"]))


def _path(reviews: pd.DataFrame) -> pd.DataFrame:
    """The sum over a child's goals of level less baseline, after each day of reviews: how many days, last and highest."""
    known = reviews.dropna(subset=["level", "reviewed_on", "baseline_level"])
    known = known[known["reviewed_on"] <= known["count_date"]].sort_values(
        ["reviewed_on", "recorded_at", "id"]
    )
    stood = known.groupby([*UNIT, "goal_id"])["level"].shift().fillna(known["baseline_level"])
    days = (
        known.assign(step=known["level"] - stood).groupby([*UNIT, "reviewed_on", "count_date"])["step"].sum()
    )
    days = days.reset_index()
    days["stands"] = days.groupby(UNIT)["step"].cumsum().round(3)
    inside = days[days["reviewed_on"] >= days["count_date"] - pd.DateOffset(months=REVIEW_MONTHS)]
    found = inside.groupby(UNIT)["stands"].agg(["size", "last", "max"]).reset_index()
    return found.rename(columns={"size": "points", "last": "last_one", "max": "highest"})
