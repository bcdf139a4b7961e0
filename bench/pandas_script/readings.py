"""The cards of readings: progress between two of them, and the level that is expected at an age."""

import pandas as pd
from sqlalchemy.engine import Connection

from bench.answering import answers
from bench.numbers import APART, MET, NO_EVIDENCE, PRESENT, READING_MONTHS, SETTLED, YOUNGEST
from bench.pandas_script.loading import latest, load
from bench.pandas_script.placing import (
    UNIT,
    aged,
    answer,
    buckets,
    children,
    counted,
    nights,
    placements,
    since_start,
    theirs_here,
)
from bench.pandas_script.tools import areas, expected, tools
from bench.question import Answer, Question
from bench.world.work import TOOL

SAME = ["instrument_code", "version", "informant"]


@answers("newham_ifa.6_progress_quarter")
def progress(connection: Connection, question: Question) -> Answer:
    """More areas up than down since the reading before, or all held at the top."""
    placed = placements(connection)
    units = aged(connection, children(placed, question), YOUNGEST)
    found = theirs_here(units, _readings(connection), placed, "taken_on")
    day = found["taken_on"]
    inside = (day >= found["first"]) & (day <= found["count_date"]) & (day < found["after"])
    now = latest(found[inside & (day >= found["spell_from"])], "taken_on", UNIT)
    alike = found.merge(now[[*UNIT, *SAME]], on=[*UNIT, *SAME])
    day = alike["taken_on"]
    before = latest(alike[(day < alike["first"]) & (day >= alike["spell_from"])], "taken_on", UNIT)
    baseline = alike[(day >= alike["stay_from"]) & (day <= alike["count_date"])]
    baseline = baseline.sort_values(["taken_on", "recorded_at", "id"], ascending=[True, False, False])
    earlier = pd.concat([before, baseline.drop_duplicates(UNIT)]).drop_duplicates(UNIT)
    pairs = now.merge(earlier[[*UNIT, "id", "taken_on"]], on=UNIT, suffixes=("", "_before"))
    pairs = pairs[(pairs["taken_on"] - pairs["taken_on_before"]).dt.days >= APART]
    moved = _moved(connection, pairs)
    found = units[UNIT].merge(moved, on=UNIT, how="left")
    held = (found["below"] == 0) & (found["down"] == 0)
    bucket = buckets((NO_EVIDENCE, ~(found["compared"] >= 1)), (MET, (found["up"] > found["down"]) | held))
    return answer(units, bucket, nights(units, placed) < PRESENT, since_start(units) < SETTLED)


@answers("newham_ifa.6_skills_for_age")
def skills(connection: Connection, question: Question) -> Answer:
    """Every area with an expected level at it, by a reading of the last six months."""
    placed = placements(connection)
    units = aged(connection, children(placed, question, at_end=True), YOUNGEST)
    found = theirs_here(units, _readings(connection), placed, "taken_on")
    day, since = found["taken_on"], found["last"] - pd.DateOffset(months=READING_MONTHS)
    recent = found[(day >= since) & (day <= found["last"]) & (day >= found["spell_from"])]
    reading = latest(recent, "taken_on", UNIT)[[*UNIT, "id", "version"]]
    units = units.merge(reading.rename(columns={"id": "reading_id"}), on=UNIT, how="left")
    known = tools(connection)
    newest = known[known["instrument_code"] == TOOL].sort_values("id")["version"].iloc[-1:]
    units["instrument_code"] = TOOL
    units["version"] = units["version"].fillna(newest.iloc[0] if len(newest) else None)
    asked = units.merge(areas(known), on=["instrument_code", "version"])
    asked = asked.merge(expected(known), on=["instrument_code", "version", "age", "area"], how="left")
    asked = asked.merge(_agreed(connection, units), on=[*UNIT, "area"], how="left")
    asked["level"] = asked["agreed"].fillna(asked["expected"])
    asked = asked.dropna(subset=["level"]).merge(_scores(connection), on=["reading_id", "area"], how="left")
    signs = asked["version"].map(known[known["instrument_code"] == TOOL].set_index("version")["sign"])
    at_it = signs * (asked["score"] - asked["level"]) >= 0
    reached = counted(units, asked[~at_it]) < 1
    bucket = buckets((NO_EVIDENCE, units["reading_id"].isna()), (MET, reached))
    return answer(units, bucket, counted(units, asked) < 1)


def _readings(connection: Connection) -> pd.DataFrame:
    found = load(
        connection, "reading", "person_id placement_id instrument_code version informant status",
        days="taken_on", moments="recorded_at",
    )  # fmt: skip
    return found[(found["instrument_code"] == TOOL) & (found["status"] == "complete")]


def _scores(connection: Connection) -> pd.DataFrame:
    """Every score that was given; `too_young` where the area is not asked at the age."""
    found = pd.read_sql("SELECT reading_id, area, score, not_age_appropriate FROM reading_score", connection)
    found["too_young"] = found["not_age_appropriate"].astype("boolean").fillna(False).astype(bool)
    found["score"] = pd.to_numeric(found["score"]).mask(found["too_young"])
    return found.drop(columns="not_age_appropriate")


def _agreed(connection: Connection, units: pd.DataFrame) -> pd.DataFrame:
    """The level that was agreed for one child, the latest by the day of counting."""
    own = load(
        connection, "expected_level", "person_id instrument_code area", days="valid_from", moments="recorded_at",
        numbers="level",
    )  # fmt: skip
    ours = units[[*UNIT, "count_date"]].merge(own[own["instrument_code"] == TOOL], on="person_id")
    ours = latest(ours[ours["valid_from"] <= ours["count_date"]], "valid_from", [*UNIT, "area"])
    return ours[[*UNIT, "area", "level"]].rename(columns={"level": "agreed"})


def _moved(connection: Connection, pairs: pd.DataFrame) -> pd.DataFrame:
    """For each pair of readings, how many areas went up and down, were compared, and are not held at the top."""
    known, scores = tools(connection), _scores(connection)
    pairs = pairs.merge(
        known[["instrument_code", "version", "sign", "top", "smallest_step"]],
        on=["instrument_code", "version"],
    )
    each = pairs.merge(areas(known), on=["instrument_code", "version"])
    each = each.merge(expected(known), on=["instrument_code", "version", "age", "area"], how="left")
    now = scores.rename(columns={"reading_id": "id"})
    before = scores.rename(columns={"reading_id": "id_before"})
    each = each.merge(now, on=["id", "area"], how="left")
    each = each.merge(before, on=["id_before", "area"], how="left", suffixes=("", "_before"))
    change = (each["sign"] * (each["score"] - each["score_before"])).round(3)
    each["up"], each["down"] = change >= each["smallest_step"], change <= -each["smallest_step"]
    each["compared"] = change.notna()
    said = each["score"].notna() | each["score_before"].notna()
    held = _at_top(each, "score") & (
        each["too_young_before"].fillna(False).astype(bool) | _at_top(each, "score_before")
    )
    each["below"] = said & ~each["too_young"].fillna(False).astype(bool) & ~held
    return each.groupby(UNIT, as_index=False)[["up", "down", "compared", "below"]].sum()


def _at_top(each: pd.DataFrame, score: str) -> pd.Series:
    expected_or_more = each["sign"] * (each[score] - each["expected"]) >= 0
    return (each[score] == each["top"]) | expected_or_more
