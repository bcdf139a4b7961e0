"""Who was placed where: stays joined up over short gaps, the children of each period, what is theirs."""

from typing import Any

import pandas as pd
from sqlalchemy.engine import Connection

from bench.numbers import LEFT_OUT, NEAR, NOT_MET
from bench.pandas_script.loading import FAR, load
from bench.question import Answer, Question, of_rows

UNIT = ["n", "contract_id", "person_id", "place"]
"""What tells one child of a period from another: with one place each, the place goes without saying."""
CHAINS = {
    "stay": ["person_id", "place"],
    "span": ["person_id", "place", "contract_id"],
    "spell": ["person_id", "contract_id"],
}


def periods(question: Question) -> pd.DataFrame:
    rows = [
        (n, pd.Timestamp(one.first), pd.Timestamp(one.last), pd.Timestamp(one.earlier().first))
        for n, one in enumerate(question.periods)
    ]
    found = pd.DataFrame(rows, columns=["n", "first", "last", "before"])
    return found.assign(after=found["last"] + pd.Timedelta(days=1))


def placements(connection: Connection, more: str = "", flags: str = "") -> pd.DataFrame:
    """Every placement, with the bounds of its stay, of that under one contract, and of the contract anywhere."""
    found = load(
        connection, "placement", f"person_id contract_id home_id carer_household_id {more}",
        days="started_on ended_on", flags=flags,
    )  # fmt: skip
    found["place"] = found["home_id"].fillna(-found["carer_household_id"]).astype(int)
    found["until"] = found["ended_on"].fillna(FAR)
    found = found.sort_values(["started_on", "id"]).rename(columns={"id": "placement_id"})
    for chain, by in CHAINS.items():
        left = found.groupby(by, dropna=False)["until"].shift()
        begins = ~((found["started_on"] - left).dt.days <= NEAR)
        number = begins.groupby([found[name] for name in by], dropna=False).cumsum()
        whole = found.groupby([*(found[name] for name in by), number], dropna=False)
        found[f"{chain}_from"] = whole["started_on"].transform("min")
        found[f"{chain}_until"] = whole["until"].transform("max")
        found[f"{chain}_left"] = left
    return found


def under(placed: pd.DataFrame, question: Question) -> pd.DataFrame:
    return placed[placed["contract_id"].isin(list(question.contracts))].astype({"contract_id": int})


def children(
    placed: pd.DataFrame, question: Question, *, at_end: bool = False, by_place: bool = False
) -> pd.DataFrame:
    """Once each per period and contract (and place), at the last place: during the period, or on its last day."""
    rows = under(placed, question).merge(periods(question), how="cross")
    until = rows["last"] if at_end else rows["first"]
    rows = rows[(rows["started_on"] <= rows["last"]) & (rows["span_until"] > until)]
    rows = rows.assign(count_date=rows[["last", "span_until"]].min(axis=1))
    rows = rows.sort_values(["count_date", "started_on", "placement_id"])
    return rows.drop_duplicates(UNIT if by_place else UNIT[:3], keep="last").reset_index(drop=True)


def nights(
    units: pd.DataFrame, placed: pd.DataFrame, since: str = "first", until: str = "after"
) -> pd.Series:
    """For each child, the nights under the contract from one day until before another."""
    stays = placed[["person_id", "contract_id", "started_on", "until"]]
    both = units[[*UNIT, since, until]].merge(stays, on=["person_id", "contract_id"])
    ends, begins = both[["until", until]].min(axis=1), both[["started_on", since]].max(axis=1)
    return counted(units, both.assign(nights=(ends - begins).dt.days.clip(lower=0)), "nights")


def counted(units: pd.DataFrame, rows: pd.DataFrame, column: str | None = None) -> pd.Series:
    """For each child, how many rows are theirs, or the sum of one of their columns."""
    grouped = rows.groupby(UNIT)
    found = grouped.size() if column is None else grouped[column].sum()
    return found.reindex(pd.MultiIndex.from_frame(units[UNIT]), fill_value=0).set_axis(units.index)


def since_start(units: pd.DataFrame) -> pd.Series:
    """Days from the beginning of the stay to the day on which the child is counted."""
    return (units["count_date"] - units["stay_from"]).dt.days


def aged(connection: Connection, units: pd.DataFrame, youngest: int = 0) -> pd.DataFrame:
    """The children with their age in years on the day of counting, from the youngest asked for."""
    people = load(connection, "person", days="date_of_birth").rename(columns={"id": "person_id"})
    found = units.merge(people, on="person_id")
    born, day = (found[name].dt for name in ("date_of_birth", "count_date"))
    early = (day.month < born.month) | ((day.month == born.month) & (day.day < born.day))
    found["age"] = day.year - born.year - early
    return found[found["age"] >= youngest].reset_index(drop=True)


def open_at_end(rows: pd.DataFrame, begins: str, ends: str) -> pd.DataFrame:
    """What lasts over the last day of the period."""
    return rows[(rows[begins] <= rows["last"]) & (rows[ends].fillna(FAR) > rows["last"])]


def open_in_period(rows: pd.DataFrame, begins: str, ends: str) -> pd.DataFrame:
    """What was begun by the end of the period, and lasted into it."""
    return rows[(rows[begins] <= rows["last"]) & (rows[ends].fillna(FAR) > rows["first"])]


def theirs(units: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Records that are a child's wherever it lives, beside each child of a period."""
    return units.merge(records, on="person_id", suffixes=("_of_placement", ""))


def theirs_here(
    units: pd.DataFrame, records: pd.DataFrame, placed: pd.DataFrame, day: str, *, within: str = "span",
    on_period: bool = False, by_place: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """Records made under the contract (in the place): by their placement, or in a gap of the child's stay by day."""
    of = placed[["placement_id", "contract_id", "place"]].add_prefix("of_")
    records = records.rename(columns={"placement_id": "of_placement_id"}).merge(
        of, on="of_placement_id", how="left"
    )
    keys = ["n", "person_id"] if on_period else ["person_id"]
    both = units.merge(records, on=keys, suffixes=("_of_placement", ""))
    here = both["of_contract_id"] == both["contract_id"]
    if by_place:
        here &= both["of_place"] == both["place"]
    loose = both["of_placement_id"].isna()
    loose &= (both[day] >= both[f"{within}_from"]) & (both[day] < both[f"{within}_until"])
    return both[here | loose]


def in_period(records: pd.DataFrame, day: str, question: Question) -> pd.DataFrame:
    """The records of which a day falls in one of the periods, which is `n`."""
    edges = [pd.Timestamp(one.first) for one in question.periods]
    edges.append(pd.Timestamp(question.periods[-1].earlier(-1).first))
    n = pd.cut(records[day], edges, right=False, labels=False)
    return records.assign(n=n).dropna(subset=["n"]).astype({"n": int})


def buckets(*cases: tuple[int, Any]) -> pd.Series:
    """Each in the bucket of the first case that fits, and not met where none does. A blank does not fit."""
    _bucket, first = cases[0]
    found = pd.Series(NOT_MET, first.index)
    for bucket, fits in reversed(cases):
        found[fits.fillna(False).astype(bool)] = bucket
    return found


def answer(units: pd.DataFrame, bucket: Any, *reasons: Any) -> Answer:
    """The children (or other units) by bucket; the first reason that fits leaves one out."""
    judged = units[["n", "contract_id", "place"]].assign(bucket=bucket, reason=-1)
    for number, fits in reversed(list(enumerate(reasons))):
        judged.loc[fits, ["bucket", "reason"]] = LEFT_OUT, number
    sizes = judged.groupby(["n", "contract_id", "place", "bucket", "reason"]).size()
    return of_rows((*key, count) for key, count in sizes.items())
