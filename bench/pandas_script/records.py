"""Cards that count records: key-worker sessions and missing episodes, by the place of their day."""

import pandas as pd
from sqlalchemy.engine import Connection

from bench.answering import answers
from bench.numbers import MET, MISSED, NEAR
from bench.pandas_script.loading import is_any, load, london_days, parsed
from bench.pandas_script.placing import answer, in_period, placements, under
from bench.question import Answer, Question


@answers("hackney_homes.3.1-M1")
def sessions_held(connection: Connection, question: Question) -> Answer:
    """Held, with a topic or a goal that was touched."""
    sessions = _sessions(connection, "topics")
    touched = load(connection, "goal_review", "session_id")["session_id"]
    worth = sessions["topics"].map(lambda topics: bool(parsed(topics))) | sessions["id"].isin(
        touched.dropna()
    )
    held = sessions[(sessions["status"] == "held") & worth]
    return _by_place(connection, question, in_period(held, "held_on", question))


@answers("hackney_homes.3.1-M2")
def sessions_missed(connection: Connection, question: Question) -> Answer:
    sessions = _sessions(connection)
    missed = sessions[is_any(sessions["status"], MISSED)]
    return _by_place(connection, question, in_period(missed, "planned_on", question))


@answers("hackney_homes.3.2-K2")
def episodes(connection: Connection, question: Question) -> Answer:
    found = load(connection, "missing_episode", "person_id placement_id kind", moments="started_at")
    found["day"] = london_days(found["started_at"])
    missing = found[found["kind"] == "missing"]
    return _by_place(connection, question, in_period(missing, "day", question))


def _sessions(connection: Connection, more: str = "") -> pd.DataFrame:
    found = load(
        connection, "keyworker_session", f"person_id placement_id status {more}", days="held_on planned_on"
    )
    return found.assign(day=found["held_on"].fillna(found["planned_on"]))


def _by_place(connection: Connection, question: Question, records: pd.DataFrame) -> Answer:
    placed = under(placements(connection), question)
    of_placement = placed[["placement_id", "contract_id", "place"]]
    there = records.dropna(subset=["placement_id"]).merge(of_placement, on="placement_id")
    near = (placed["started_on"] - placed["span_left"]).dt.days.between(1, NEAR)
    gaps = placed.loc[near, ["person_id", "contract_id", "place", "span_left", "started_on"]]
    loose = records[records["placement_id"].isna()].merge(gaps, on="person_id")
    loose = loose[(loose["day"] >= loose["span_left"]) & (loose["day"] < loose["started_on"])]
    return answer(pd.concat([there, loose], ignore_index=True), MET)
