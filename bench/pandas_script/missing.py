"""Cards of children who went missing."""

import pandas as pd
from sqlalchemy.engine import Connection

from bench.answering import answers
from bench.numbers import MET, NO_EVIDENCE, PRESENT
from bench.pandas_script.loading import load, london_days
from bench.pandas_script.placing import (
    answer,
    buckets,
    children,
    counted,
    in_period,
    nights,
    placements,
    theirs_here,
)
from bench.question import Answer, Question
from outcomes.core.clock import start_of


@answers("hackney_homes.3.2-K3")
def went_missing(connection: Connection, question: Question, by_place: bool = False) -> Answer:
    placed = placements(connection)
    units = children(placed, question, by_place=by_place)
    gone = _in_period(units, _episodes(connection), placed, question, by_place)
    return answer(units, buckets((MET, counted(units, gone) >= 1)))


@answers("hackney_homes.3.2-K4")
def by_procedure(connection: Connection, question: Question, by_place: bool = False) -> Answer:
    """Of the children with an episode."""
    placed = placements(connection)
    units = children(placed, question, by_place=by_place)
    gone = _in_period(units, _episodes(connection, flags="procedure_followed"), placed, question, by_place)
    followed = gone["procedure_followed"]
    units["episodes"] = counted(units, gone)
    units["well"] = counted(units, gone[followed.fillna(False)])
    units["badly"] = counted(units, gone[~followed.fillna(True)])
    units["blank"] = counted(units, gone[followed.isna()])
    units = units[units["episodes"] >= 1]
    unknown = (units["blank"] >= 1) & (units["badly"] < 1)
    return answer(units, buckets((NO_EVIDENCE, unknown), (MET, units["well"] >= units["episodes"])))


@answers("hackney_homes.3.2-K5")
def interviewed(connection: Connection, question: Question, by_place: bool = False) -> Answer:
    """Due in the period, and before today."""
    placed = placements(connection)
    units = children(placed, question, by_place=by_place)
    found = _episodes(connection, moments="return_interview_due_at return_interview_held_at")
    found["due_day"] = london_days(found["return_interview_due_at"])
    found = found[found["return_interview_due_at"] < pd.Timestamp(start_of(question.today))]
    due = _in_period(units, found, placed, question, by_place, "due_day")
    units["due"] = counted(units, due)
    in_time = due["return_interview_held_at"] <= due["return_interview_due_at"]
    units["in_time"] = counted(units, due[in_time])
    units = units[units["due"] >= 1]
    return answer(units, buckets((MET, units["in_time"] >= units["due"])))


@answers("hackney_homes.3.2-K6")
def less_often(connection: Connection, question: Question) -> Answer:
    """Episodes per night of this period, against those of the one before."""
    placed = placements(connection)
    units = children(placed, question)
    gone = theirs_here(units, _episodes(connection), placed, "day")
    units["now"] = counted(units, gone[(gone["day"] >= gone["first"]) & (gone["day"] < gone["after"])])
    units["then"] = counted(units, gone[(gone["day"] >= gone["before"]) & (gone["day"] < gone["first"])])
    units = units[units["then"] >= 1]
    here, earlier = nights(units, placed), nights(units, placed, "before", "first")
    fewer = units["now"] * earlier < units["then"] * here
    return answer(units, buckets((MET, fewer)), here < PRESENT, earlier < PRESENT)


def _episodes(connection: Connection, moments: str = "", flags: str = "") -> pd.DataFrame:
    found = load(
        connection, "missing_episode", "person_id placement_id kind", moments=f"started_at {moments}", flags=flags
    )  # fmt: skip
    found["day"] = london_days(found["started_at"])
    return found[found["kind"] == "missing"]


def _in_period(
    units: pd.DataFrame, found: pd.DataFrame, placed: pd.DataFrame, question: Question, by_place: bool, when: str = "day"
) -> pd.DataFrame:  # fmt: skip
    counts = in_period(found, when, question)
    return theirs_here(units, counts, placed, "day", on_period=True, by_place=by_place)
