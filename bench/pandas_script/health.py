"""Cards of health: doctors, dentists and vaccinations."""

import pandas as pd
from sqlalchemy.engine import Connection

from bench.answering import answers
from bench.numbers import CHECK_UP_MONTHS, MET, NO_EVIDENCE
from bench.pandas_script.loading import latest, load
from bench.pandas_script.placing import (
    UNIT,
    answer,
    buckets,
    children,
    counted,
    open_at_end,
    placements,
    theirs,
)
from bench.question import Answer, Question


@answers("hackney_homes.2.1-K1")
def with_a_doctor(connection: Connection, question: Question) -> Answer:
    units = children(placements(connection), question, at_end=True)
    return answer(units, buckets((MET, _registered(connection, units, "gp"))))


@answers("hackney_homes.2.1-K2")
def with_a_dentist(connection: Connection, question: Question) -> Answer:
    """Registered, and seen within the year."""
    units = children(placements(connection), question, at_end=True)
    checks = load(connection, "health_check", "person_id kind", days="attended_on")
    ours = theirs(units, checks[checks["kind"] == "dental"])
    since = ours["last"] - pd.DateOffset(months=CHECK_UP_MONTHS)
    seen = counted(units, ours[(ours["attended_on"] >= since) & (ours["attended_on"] <= ours["last"])]) >= 1
    return answer(units, buckets((MET, _registered(connection, units, "dentist") & seen)))


@answers("hackney_homes.2.1-K3")
def vaccinated(connection: Connection, question: Question) -> Answer:
    """By the latest word at the period's end."""
    units = children(placements(connection), question, at_end=True)
    said = load(
        connection, "immunisation_status", "person_id", days="assessed_on", moments="recorded_at",
        flags="up_to_date declined",
    )  # fmt: skip
    ours = theirs(units, said)
    last = latest(ours[ours["assessed_on"] <= ours["last"]], "assessed_on", UNIT)
    found = units[UNIT].merge(last[[*UNIT, "up_to_date", "declined"]], how="left", on=UNIT)
    unknown = found["up_to_date"].isna() & ~found["declined"].fillna(False)
    return answer(found, buckets((MET, found["up_to_date"]), (NO_EVIDENCE, unknown)))


def _registered(connection: Connection, units: pd.DataFrame, kind: str) -> pd.Series:
    found = load(connection, "health_registration", "person_id kind", days="valid_from valid_to")
    ours = theirs(units, found[found["kind"] == kind])
    return counted(units, open_at_end(ours, "valid_from", "valid_to")) >= 1
