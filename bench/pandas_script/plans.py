"""Cards of plans: a programme that is kept up, and objectives that are reviewed in time."""

import pandas as pd
from sqlalchemy.engine import Connection

from bench.answering import answers
from bench.numbers import MET, NO_EVIDENCE, OF_CARE_PLANS, PLAN_REVIEW_MONTHS, YOUNGEST
from bench.pandas_script.goals import stays_due
from bench.pandas_script.loading import is_any, load
from bench.pandas_script.placing import (
    aged,
    answer,
    buckets,
    children,
    counted,
    in_period,
    open_at_end,
    placements,
    theirs_here,
)
from bench.question import Answer, Question


@answers("newham_ifa.6_programme_in_place")
def programme(connection: Connection, question: Question) -> Answer:
    """Reviewed within three months up to the period's end."""
    placed = placements(connection)
    units = aged(connection, children(placed, question, at_end=True), YOUNGEST)
    plans = load(connection, "plan", "kind", days="started_on ended_on").rename(
        columns={"id": "plan_id", "started_on": "began_on", "ended_on": "finished_on"}
    )
    reviews = load(connection, "plan_review", "person_id placement_id plan_id", days="held_on due_on")
    reviews = reviews.merge(plans[plans["kind"] == "independence_programme"], on="plan_id")
    reviews["day"] = reviews["held_on"].fillna(reviews["due_on"])
    ours = theirs_here(units, reviews, placed, "day", within="spell")
    ours = open_at_end(ours, "began_on", "finished_on")
    since = ours["last"] - pd.DateOffset(months=PLAN_REVIEW_MONTHS)
    recent = ours[(ours["held_on"] >= since) & (ours["held_on"] <= ours["last"])]
    return answer(units, buckets((MET, counted(units, recent) >= 1)))


@answers("hackney_homes.3.2-K1")
def objectives(connection: Connection, question: Question) -> Answer:
    """The goals with a review due, and whether each was in time and showed progress."""
    units = children(placements(connection), question)
    goals = load(connection, "goal", "plan_id status", days="closed_on").rename(columns={"id": "goal_id"})
    plans = load(connection, "plan", "kind").rename(columns={"id": "plan_id"})
    goals = goals.merge(plans, on="plan_id", how="left")
    goals = goals[is_any(goals["kind"], OF_CARE_PLANS) | goals["kind"].isna()]
    due = load(connection, "goal_review", "person_id goal_id judgement", days="due_on reviewed_on")
    due = in_period(due[due["due_on"] < pd.Timestamp(question.today)], "due_on", question)
    due = units.merge(due.merge(goals, on="goal_id"), on=["n", "person_id"])
    due = due[(due["due_on"] >= due["spell_from"]) & (due["due_on"] < due["spell_until"])]
    stands = stays_due(due)
    late = due["reviewed_on"].isna() | (due["reviewed_on"] > due["due_on"])
    due["stands"] = stands
    due["both"] = stands & ~late & is_any(due["judgement"], ("achieved", "improved"))
    due["failed"] = stands & (late | is_any(due["judgement"], ("no_change", "slipped_back")))
    each = due.groupby(["n", "contract_id", "place", "goal_id"], as_index=False)[
        ["stands", "both", "failed"]
    ].sum()
    bucket = buckets((MET, each["both"] >= each["stands"]), (NO_EVIDENCE, each["failed"] < 1))
    return answer(each, bucket, each["stands"] < 1)
