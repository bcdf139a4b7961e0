"""Cards of children who went missing: one pass over the episodes, then one row per child."""

from bench.answering import answers
from bench.by_hand.narrowed import counted, times
from bench.by_hand.words import Words
from outcomes.core.clock import start_of


@answers("hackney_homes.3.2-K3")
def went_missing(words: Words) -> str:
    return f"""WITH {_counted(words, "count(*) AS episodes", "started_at")}
SELECT n, contract_id, place, CASE WHEN key IN (SELECT key FROM k) THEN 0 ELSE 1 END AS bucket, -1, count(*)
FROM u GROUP BY n, contract_id, place, bucket"""


@answers("hackney_homes.3.2-K4")
def by_procedure(words: Words) -> str:
    sums = f"""count(*) AS episodes, {times("m.procedure_followed IS TRUE")} AS well,
    {times("m.procedure_followed IS FALSE")} AS badly, {times("m.procedure_followed IS NULL")} AS blank"""
    return f"""WITH {_counted(words, sums, "started_at")}
SELECT n, contract_id, place, CASE WHEN blank >= 1 AND badly < 1 THEN 2 WHEN well >= episodes THEN 0 ELSE 1 END AS bucket,
  -1, count(*) FROM k GROUP BY n, contract_id, place, bucket"""


@answers("hackney_homes.3.2-K5")
def interviewed(words: Words) -> str:
    """Due in the period and before today."""
    from_today = f"m.return_interview_due_at < {words.moment(start_of(words.today))}"
    in_time = times("m.return_interview_held_at <= m.return_interview_due_at")
    sums = f"count(*) AS due, {in_time} AS in_time"
    return f"""WITH {_counted(words, sums, "return_interview_due_at", from_today)}
SELECT n, contract_id, place, CASE WHEN in_time >= due THEN 0 ELSE 1 END AS bucket, -1, count(*)
FROM k GROUP BY n, contract_id, place, bucket"""


@answers("hackney_homes.3.2-K6")
def less_often(words: Words) -> str:
    """The rate per night of this period against that of the one before."""
    sums = f"{times('m.started_at >= p.first_at')} AS now, {times('m.started_at < p.first_at')} AS before"
    before = words.days(words.least("pl.until", "p.first"), words.greatest("pl.started_on", "p.before"))
    this = words.days(words.least("pl.until", "p.after"), words.greatest("pl.started_on", "p.first"))
    return f"""WITH {_counted(words, sums, "started_at", opens="before_at")},
one AS (
  SELECT k.n, k.contract_id, k.place, k.person_id, k.now, k.before,
    sum({words.greatest("0", this)}) AS here, sum({words.greatest("0", before)}) AS earlier
  FROM k JOIN p ON p.n = k.n JOIN pl ON pl.person_id = k.person_id AND pl.contract_id = k.contract_id
  WHERE k.before >= 1 GROUP BY k.n, k.contract_id, k.place, k.person_id, k.now, k.before),
two AS (SELECT n, contract_id, place,
    CASE WHEN here < 28 OR earlier < 28 THEN 3 WHEN now * earlier < before * here THEN 0 ELSE 1 END AS bucket,
    CASE WHEN here < 28 THEN 0 WHEN earlier < 28 THEN 1 ELSE -1 END AS reason FROM one)
SELECT n, contract_id, place, bucket, reason, count(*) FROM two GROUP BY n, contract_id, place, bucket, reason"""


def _counted(words: Words, sums: str, dated: str, more: str = "", opens: str = "first_at") -> str:
    """The children of each period, and for those with episodes in it the sums, under the contract."""
    within = f"m.{dated} >= p.{opens} AND m.{dated} < p.after_at"
    which = f"m.kind = 'missing'{' AND ' + more if more else ''}"
    day = words.london("m.started_at")
    return f"{words.children()},\n{counted(words, 'missing_episode', sums, within, which, day)}"
