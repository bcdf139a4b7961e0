"""Cards of placements: how they end, and how long they last."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from bench.answering import answers
from bench.numbers import (
    IN_CARE_MONTHS,
    LEFT_OUT_ENDINGS,
    MET,
    NO_EVIDENCE,
    NOT_MET,
    STABLE_MONTHS,
)
from bench.pandas_script.loading import FAR, load
from bench.pandas_script.placing import answer, children, counted, in_period, placements, theirs, under
from bench.question import Answer, Question

FLAGS = "ending_planned ending_in_care_plan ending_was_breakdown"


@answers("newham_ifa.5a_planned_endings")
def planned_endings(connection: Connection, question: Question) -> Answer:
    """Planned, and not a breakdown."""

    def judge(ended: pd.DataFrame, planned: Any, in_plan: Any, broke: Any) -> Any:
        bucket = pd.Series(NOT_MET, ended.index)
        bucket[_yes(planned) & ~_no(in_plan) & _no(broke)] = MET
        no = _no(planned) | _no(in_plan) | _yes(broke)
        bucket[(planned.isna() | broke.isna()) & ~no] = NO_EVIDENCE
        return bucket

    return _endings(connection, question, judge)


@answers("hackney_homes.1.2-K2")
def planned_moves(connection: Connection, question: Question) -> Answer:

    def judge(ended: pd.DataFrame, planned: Any, in_plan: Any, broke: Any) -> Any:
        bucket = pd.Series(NOT_MET, ended.index)
        bucket[_yes(planned) & ~_no(in_plan)] = MET
        bucket[planned.isna() & ~_no(in_plan)] = NO_EVIDENCE
        return bucket

    return _endings(connection, question, judge)


@answers("hackney_homes.1.2-K1")
def unplanned_moves(connection: Connection, question: Question) -> Answer:

    def judge(ended: pd.DataFrame, planned: Any, in_plan: Any, broke: Any) -> Any:
        bucket = pd.Series(NOT_MET, ended.index)
        bucket[_no(planned) | _no(in_plan)] = MET
        bucket[planned.isna() & ~_no(in_plan)] = NO_EVIDENCE
        return bucket

    return _endings(connection, question, judge)


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
    return answer(units, met.map({True: MET, False: NOT_MET}))


def _endings(connection: Connection, question: Question, judge: Callable[..., Any]) -> Answer:
    """Stays that ended in a period, each by its last placement; two reasons leave one out."""
    placed = placements(connection, "end_reason", FLAGS).sort_values(["started_on", "placement_id"])
    last = placed.drop_duplicates(["person_id", "place", "stay_from"], keep="last")
    ended = in_period(under(last, question), "stay_until", question)
    bucket = judge(ended, *(ended[flag] for flag in FLAGS.split()))
    return answer(ended, bucket, *(ended["end_reason"] == reason for reason in LEFT_OUT_ENDINGS))


def _yes(flag: Any) -> Any:
    return flag.fillna(False).astype(bool)


def _no(flag: Any) -> Any:
    return ~flag.fillna(True).astype(bool)
