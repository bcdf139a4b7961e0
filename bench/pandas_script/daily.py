"""Cards of daily life: activities, and who the key worker is."""

import pandas as pd
from sqlalchemy.engine import Connection

from bench.answering import answers
from bench.numbers import COVER, MET, PRESENT
from bench.pandas_script.loading import FAR, load
from bench.pandas_script.placing import (
    UNIT,
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


@answers("hackney_homes.3.1-M4")
def taking_part(connection: Connection, question: Question) -> Answer:
    placed = placements(connection)
    units = children(placed, question)
    found = load(
        connection, "activity", "person_id placement_id", days="took_part_on", flags="outside_education"
    )
    outside = in_period(found[found["outside_education"].fillna(False)], "took_part_on", question)
    ours = theirs_here(units, outside, placed, "took_part_on", on_period=True)
    met = buckets((MET, counted(units, ours) >= 1))
    return answer(units, met, nights(units, placed) < PRESENT)


@answers("hackney_homes.3.1-K2")
def other_key_worker(connection: Connection, question: Question) -> Answer:
    """Somebody else than before, not the first of a stay, and not a short cover."""
    placed = placements(connection)
    units = children(placed, question)
    changes = in_period(_changes(connection), "valid_from", question)
    there = placed[["person_id", "contract_id", "started_on", "until", "stay_from"]]
    here = changes.merge(there, on="person_id")
    here = here[(here["started_on"] <= here["valid_from"]) & (here["valid_from"] < here["until"])]
    here = here[here["before_until"] > here["stay_from"]]
    ours = units[UNIT].merge(here, on=["n", "contract_id", "person_id"])
    met = buckets((MET, counted(units, ours) >= 1))
    return answer(units, met, nights(units, placed) < PRESENT)


def _changes(connection: Connection) -> pd.DataFrame:
    """Assignments to somebody else than the one before, and the last day on which anyone before was there."""
    found = load(
        connection, "keyworker_assignment", "person_id staff_id", days="valid_from valid_to", moments="recorded_at",
        flags="is_cover",
    )  # fmt: skip
    short = found["is_cover"].fillna(False) & ((found["valid_to"] - found["valid_from"]).dt.days <= COVER)
    found = found[~short].sort_values(["valid_from", "recorded_at", "id"])
    found["until"] = found["valid_to"].fillna(FAR)
    found["longest"] = found.groupby("person_id")["until"].cummax()
    of_child = found.groupby("person_id")
    found["before_until"] = of_child["longest"].shift()
    other = of_child["staff_id"].shift().notna() & (of_child["staff_id"].shift() != found["staff_id"])
    return found.loc[other, ["person_id", "valid_from", "before_until"]]
