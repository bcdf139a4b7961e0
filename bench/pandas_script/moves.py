"""Cards of placements: how they end, and how long they last."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from bench.answering import answers
from bench.numbers import IN_CARE_MONTHS, LEFT_OUT_ENDINGS, MET, NO_EVIDENCE, STABLE_MONTHS
from bench.pandas_script.loading import FAR, load
from bench.pandas_script.placing import (
    answer,
    buckets,
    children,
    counted,
    in_period,
    placements,
    theirs,
    under,
)
from bench.question import Answer, Question

FLAGS = "ending_planned ending_in_care_plan ending_was_breakdown"


@answers("newham_ifa.5a_planned_endings")
def planned_endings(connection: Connection, question: Question) -> Answer:
    """Planned, and not a breakdown."""
    return _endings(connection, question, lambda ended: _planned(ended) & ~ended["ending_was_breakdown"])


@answers("hackney_homes.1.2-K2")
def planned_moves(connection: Connection, question: Question) -> Answer:
    return _endings(connection, question, _planned)


@answers("hackney_homes.1.2-K1")
def unplanned_moves(connection: Connection, question: Question) -> Answer:
    return _endings(connection, question, lambda ended: ~_planned(ended))


@answers("newham_ifa.5b_long_term_stability")
def long_term(connection: Connection, question: Question) -> Answer:
    """In care for 30 months, and in one foster home for 24."""
    units = children(placements(connection, "placement_type"), question, at_end=True)
    care = load(connection, "care_episode", "person_id", days="started_on ended_on")
    ours = theirs(units, care.rename(columns={"started_on": "came_on", "ended_on": "went_on"}))
    open_then = (ours["came_on"] <= ours["count_date"]) & (ours["went_on"].fillna(FAR) > ours["count_date"])
    long_ago = ours["came_on"] <= ours["last"] - pd.DateOffset(months=IN_CARE_MONTHS)
    units = units[counted(units, ours[open_then & long_ago]) >= 1]
    stable = units["stay_from"] <= units["last"] - pd.DateOffset(months=STABLE_MONTHS)
    met = stable & (units["placement_type"] == "ifa_foster")
    return answer(units, buckets((MET, met)))


def _endings(connection: Connection, question: Question, judge: Callable[[pd.DataFrame], Any]) -> Answer:
    """Stays that ended in a period, each by its last placement; two reasons leave one out."""
    placed = placements(connection, "end_reason", FLAGS).sort_values(["started_on", "placement_id"])
    last = placed.drop_duplicates(["person_id", "place", "stay_from"], keep="last")
    ended = in_period(under(last, question), "stay_until", question)
    well = judge(ended)
    reasons = (ended["end_reason"] == reason for reason in LEFT_OUT_ENDINGS)
    return answer(ended, buckets((MET, well), (NO_EVIDENCE, well.isna())), *reasons)


def _planned(ended: pd.DataFrame) -> Any:
    """Planned, and as the care plan says; blank where nobody said whether it was planned."""
    return ended["ending_planned"] & ended["ending_in_care_plan"].fillna(True)
