"""An analyst's script in pandas for the cards that count records: it loads the tables, joins, and groups.

Timed with its load, as the script of somebody who asks for a figure is.
"""

from collections import Counter
from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from bench.figures import Answer, Question
from bench.gaps import gaps
from outcomes.core.clock import start_of

CARDS = ("hackney_homes.3.1-M1", "hackney_homes.3.1-M2", "hackney_homes.3.2-K2")
MISSED = ("missed_by_staff", "missed_by_child", "cancelled_not_rearranged")
SESSIONS = "SELECT id, person_id, placement_id, status, held_on, planned_on, topics FROM keyworker_session WHERE withdrawn_at IS NULL"
TOUCHED = "SELECT DISTINCT session_id FROM goal_review WHERE session_id IS NOT NULL AND withdrawn_at IS NULL"
EPISODES = (
    "SELECT id, person_id, placement_id, kind, started_at FROM missing_episode WHERE withdrawn_at IS NULL"
)
PLACEMENTS = (
    "SELECT id AS placement_id, person_id, contract_id, coalesce(home_id, -carer_household_id) AS place, started_on, "
    "ended_on FROM placement WHERE withdrawn_at IS NULL"
)


def answers(connection: Connection, question: Question) -> dict[str, Answer]:
    """The figures of the three cards."""
    placements = pd.read_sql(PLACEMENTS, connection, parse_dates=["started_on", "ended_on"])
    sessions = pd.read_sql(SESSIONS, connection, parse_dates=["held_on", "planned_on"])
    touched = set(pd.read_sql(TOUCHED, connection)["session_id"])
    episodes = pd.read_sql(EPISODES, connection)
    episodes["started_at"] = pd.to_datetime(episodes["started_at"], utc=True)
    episodes["day"] = (
        episodes["started_at"].dt.tz_convert("Europe/London").dt.tz_localize(None).dt.normalize()
    )
    sessions["day"] = sessions["held_on"].fillna(sessions["planned_on"])
    with_topic = sessions["topics"].map(lambda one: one not in (None, "null", "[]", [], "{}") and one == one)
    held = sessions[(sessions["status"] == "held") & (with_topic | sessions["id"].isin(touched))]
    missed = sessions[sessions["status"].isin(MISSED)]
    missing = episodes[episodes["kind"] == "missing"]
    days = [pd.Timestamp(one.first) for one in question.periods]
    moments = [pd.Timestamp(start_of(one.first)) for one in question.periods]
    after = question.periods[-1].earlier(-1).first
    days.append(pd.Timestamp(after))
    moments.append(pd.Timestamp(start_of(after)))
    return {
        CARDS[0]: _counted(held, "held_on", days, placements, question),
        CARDS[1]: _counted(missed, "planned_on", days, placements, question),
        CARDS[2]: _counted(missing, "started_at", moments, placements, question),
    }


def _counted(records: Any, dated: str, edges: list[Any], placements: Any, question: Question) -> Answer:
    n = pd.cut(records[dated], edges, right=False, labels=False)
    inside = records.assign(n=n).dropna(subset=["n"])
    placed = inside.dropna(subset=["placement_id"]).merge(placements, on="placement_id")
    placed = placed[placed["contract_id"].isin(list(question.contracts))]
    found: Answer = Counter()
    for (period, contract, place), units in placed.groupby(["n", "contract_id", "place"]).size().items():
        found[(int(period), int(contract), int(place), 0, -1)] += int(units)
    between = gaps(
        (
            row.person_id,
            row.contract_id,
            row.place,
            row.started_on.date(),
            None if pd.isna(row.ended_on) else row.ended_on.date(),
        )
        for row in placements[placements["contract_id"].isin(list(question.contracts))].itertuples()
    )
    for row in inside[inside["placement_id"].isna()].itertuples():
        for since, until, contract, place in between.get(row.person_id, ()):
            if since <= row.day.date() < until:
                found[(int(row.n), int(contract), int(place), 0, -1)] += 1
    return found
